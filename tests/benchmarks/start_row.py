"""Starting: from the call to the first painted window, beside a bare window of six plots."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.benchmarks.first_paint import NETWORKS_PAINTED
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    milliseconds,
    side_by_side,
)

ROOT = Path(__file__).parents[2]
SCREEN = {"name": "screen", "x": 0, "y": 0, "width": 1920, "height": 1080}


def program_beside_plain_plots() -> Measurement:
    """Measure processes from their start to the line they say when they have painted."""
    until_networks: list[float] = []
    sizes: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="initscope-bench-") as folder:
        # Qt's own off-screen screen is smaller than a window that is left to itself.
        screens = Path(folder, "screens.json")
        screens.write_text(json.dumps({"screens": [SCREEN]}), encoding="utf-8")
        environment = dict(os.environ, QT_QPA_PLATFORM=f"offscreen:configfile={screens}")
        environment |= {"HOME": folder, "XDG_CONFIG_HOME": folder}

        def program() -> float:
            lines = _lines(environment, "program")
            (painted, first), (later, second) = lines
            assert second == NETWORKS_PAINTED, lines
            sizes.append(first.split()[1:])
            until_networks.append(later)
            return painted

        def plots() -> float:
            return _lines(environment, "plots", *sizes[-1])[0][0]

        pairs = side_by_side(program, plots, 7)
    until_networks = until_networks[-len(pairs) :]
    again = [(ours, theirs) for ours, (_, theirs) in zip(until_networks, pairs, strict=True)]
    note = f"{Figure.TIME.of(again):.2f} × its time until both networks are painted"
    return Measurement(milliseconds(pairs), "ms", (f"windows of {'x'.join(sizes[-1])}; {note}",))


def _lines(environment: dict[str, str], *arguments: str) -> list[tuple[float, str]]:
    """Run `first_paint` and return what it said, each line with the seconds from the start."""
    command = [sys.executable, "-m", "tests.benchmarks.first_paint", *arguments]
    said = []
    start = perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append((perf_counter() - start, line.strip()))
    if process.returncode or not said:
        raise RuntimeError(f"{' '.join(command)} said {said}, and ended with {process.returncode}")
    return said


ROWS = (
    Row(
        "start",
        "start to first painted window",
        "a bare window with six pyqtgraph plots",
        Target(Figure.TIME, 2.0),
        program_beside_plain_plots,
    ),
)
