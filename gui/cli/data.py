"""The command `data`: what is read from a file of points, and why. It needs no Qt."""

import argparse
import json
from pathlib import Path

from engine import counted
from engine.points import PointsFile, read_points_file
from gui.cli.arguments import add_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `data`."""
    add = parser.add_argument
    add(
        "file",
        metavar="FILE",
        type=Path,
        help="a table as text: CSV, TSV, ARFF, or numbers separated by blanks",
    )
    add("--inputs", metavar="A,B", type=_names, help="the input columns (default: found by name)")
    add("--targets", metavar="A,B", type=_names, help="the target columns (default: found by name)")
    add("--skip-incomplete", action="store_true", help="skip rows with empty cells")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read a file of points, and print every decision."""
    read = read_points_file(
        arguments.file,
        arguments.inputs,
        arguments.targets,
        skip_incomplete=arguments.skip_incomplete,
    )
    if arguments.json:
        print(json.dumps(read.as_dict(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(read)))
    return 0


def _names(text: str) -> list[str]:
    return text.split(",")


def _lines(read: PointsFile) -> list[str]:
    separator = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}
    lines = [
        f"examples   {len(read.points):,} ({read.task})",
        f"inputs     {', '.join(read.inputs)}",
        f"targets    {', '.join(read.targets)}",
    ]
    if read.classes:
        lines.append(f"classes    {', '.join(f'{k} → {v}' for k, v in read.classes.items())}")
    lines += [
        f"file       {read.encoding}, separator {separator.get(read.separator, read.separator)}, "
        f"decimal mark {read.decimal}, header: {read.header}"
    ]
    lines += [f"dropped    {each.column or '(no name)'}: {each.why}" for each in read.dropped]
    if read.skipped:
        first = read.skipped[0]
        lines.append(
            f"skipped    {counted(len(read.skipped), 'line')}; line {first.line} has {first.why}"
        )
    return lines + [f"note       {note}" for note in read.notes]
