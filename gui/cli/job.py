"""The command `--job`: writes what the window describes as JSON on standard input."""

import argparse
import sys
from typing import TYPE_CHECKING

from gui.cli.export import export
from gui.cli.run import compute
from gui.export.order import TableOrder, decode_job

if TYPE_CHECKING:
    from engine.experiment.experiment import Experiment
    from gui.export.plan import ExportPlan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `--job`."""
    parser.add_argument("kind", choices=["export", "table"])


def run(arguments: argparse.Namespace) -> int:
    """Write an export or a table, and report the progress as JSON."""
    content = sys.stdin.buffer.read()
    if arguments.kind == "table":
        experiment, order = decode_job(content, TableOrder)
        compute(experiment, order.path, as_json=True)
    else:

        def load() -> "tuple[Experiment, ExportPlan]":
            from gui.export.plan import ExportPlan  # loads Qt

            return decode_job(content, ExportPlan)

        export(load, as_json=True)
    return 0
