"""Prints the table of how fast things are beside other things: `make bench`.

Names of rows as arguments measure only these. Nothing here fails because of a time.
"""

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.side_by_side import Measurement, Row


def rows() -> dict[str, Row]:
    """Return every row by its name; loads Qt, NumPy and matplotlib."""
    from tests.benchmarks import (
        edit_rows,
        ensemble_rows,
        export_rows,
        memory_row,
        picture_rows,
        start_row,
        training_rows,
        window_row,
    )

    rooms = (
        training_rows,
        ensemble_rows,
        picture_rows,
        window_row,
        edit_rows,
        export_rows,
        start_row,
        memory_row,
    )
    return {row.name: row for room in rooms for row in room.ROWS}


def describe_machine() -> str:
    """Return what the figures depend on, in a line."""
    import numpy
    from PySide6.QtCore import qVersion

    usable = getattr(os, "sched_getaffinity", None)
    processors = len(usable(0)) if usable else os.cpu_count()
    return (
        f"{processors} CPUs ({_processor()}), {platform.system()}, Python "
        f"{platform.python_version()}, NumPy {numpy.__version__}, Qt {qVersion()}, pyqtgraph "
        f"{version('pyqtgraph')}, matplotlib {version('matplotlib')}, PyAV {version('av')}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(measured: list[tuple[Row, Measurement]]) -> str:
    """Return the table, and below it the notes of its rows."""
    head = ("row", "what", "against", "measured", "target", "met", "ours", "theirs", "unit")
    cells = [head]
    for row, measurement in measured:
        pairs, figure = measurement.pairs, row.target.figure
        cells.append(
            (
                row.name,
                row.what,
                row.against,
                f"{figure.of(pairs):.3g} {figure.value}",
                str(row.target),
                "yes" if row.target.is_met(pairs) else "NO",
                f"{median(ours for ours, _ in pairs):.4g}",
                f"{median(theirs for _, theirs in pairs):.4g}",
                measurement.unit,
            )
        )
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(f"{cell:{w}}" for cell, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    notes = [f"{row.name}: {note}" for row, each in measured for note in each.notes]
    return "\n".join([*lines, "", *notes])


def main(names: list[str]) -> int:
    """Measure the rows named, or all, and print the table; return the exit code."""
    known = rows()
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"bench: no row {unknown[0]}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    start = perf_counter()
    measured = []
    for name in names or known:
        print(f"measuring {name} ({perf_counter() - start:.0f} s)", file=sys.stderr, flush=True)
        measured.append((known[name], known[name].measure()))
    print(describe_machine())
    print("Medians of the ratios of pairs that were measured in turns.\n")
    print(table(measured))
    print(f"\n{perf_counter() - start:.0f} s in all")
    return 0


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is loaded
    with tempfile.TemporaryDirectory(prefix="initscope-bench-") as home:
        # What is remembered of the user's own window changes nothing, and is not changed.
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_RUNTIME_DIR"] = home
        os.environ["MPLCONFIGDIR"] = home
        sys.exit(main(sys.argv[1:]))
