"""Memory: what a long export needs at its peak, beside a short one."""

import subprocess
import sys
import tempfile
from pathlib import Path

from engine.experiment.toml_writer import format_experiment
from tests.benchmarks.default_stage import default_experiment
from tests.benchmarks.side_by_side import Figure, Measurement, Row, Target, side_by_side

ROOT = Path(__file__).parents[2]
LONG, SHORT = 3_000, 300

# A process inherits the peak of its parent, which may be large, so a small one starts it.
PEAK_OF_COMMAND = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak if sys.platform == "darwin" else 1024 * peak)
"""


def long_beside_short_export() -> Measurement:
    """Measure the greatest resident size of two export commands, in MB of 10⁶ bytes."""
    with tempfile.TemporaryDirectory(prefix="initscope-bench-") as folder:
        pairs = side_by_side(
            lambda: _peak_of_export(Path(folder), LONG),
            lambda: _peak_of_export(Path(folder), SHORT),
            rounds=1,  # it hardly varies
            unmeasured=0,
        )
    return Measurement(pairs, "MB")


def _peak_of_export(folder: Path, frames: int) -> float:
    experiment, target = folder / "experiment.toml", folder / f"{frames}.gif"
    experiment.write_text(format_experiment(default_experiment(frames - 1)), encoding="utf-8")
    command = [sys.executable, str(ROOT / "main.py"), "export", str(experiment)]
    command += ["-o", str(target), "--size", "960x540", "--overwrite"]
    done = subprocess.run(
        [sys.executable, "-c", PEAK_OF_COMMAND, *command],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return int(done.stdout) / 1e6


ROWS = (
    Row(
        "memory",
        "peak memory of a 3,000-frame GIF export",
        "of a 300-frame one",
        Target(Figure.MORE, 150.0),
        long_beside_short_export,
    ),
)
