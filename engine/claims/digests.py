"""What the shown experiments were when the claims were written: a digest of each, in one table.

A claim may be measured on other networks than those it shows, so its numbers alone would not tell
that an experiment was edited and shows something else now. After an intended change, write the
table anew with `python -m engine.claims`.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256

from msgspec.structs import replace

from engine.io.resources import asset
from engine.io.staged_output import write_text
from engine.io.text_file import read_text
from engine.library.built_ins import built_in
from engine.library.experiment_file import format_experiment

TABLE = asset("experiments", "digests.json")
DIGITS = 12


def digest(name: str) -> str:
    """Return the digest of all that the frames of a built-in experiment depend on.

    Titles, notes and what is chosen to be shown are left out; points from a file are part of it.

    Raises
    ------
    UsageError
        If there is no such experiment, or it cannot be read.
    """
    bare = replace(built_in(name), title="", notes="", panels=(), example=0)
    return sha256(format_experiment(bare).encode()).hexdigest()[:DIGITS]


@cache
def kept() -> Mapping[str, str]:
    """Return the table, digest by name."""
    table: dict[str, str] = json.loads(read_text(TABLE))
    return table


def is_edited(name: str) -> bool:
    """Return whether a built-in experiment is not what the table says it was."""
    return kept().get(name) != digest(name)


def table_of(names: Iterable[str]) -> str:
    """Return the text of the table for these experiments."""
    return json.dumps({name: digest(name) for name in sorted(set(names))}, indent=2) + "\n"


def write_table(names: Iterable[str]) -> None:
    """Write the table for these experiments, whole or not at all; raises `InitscopeError`."""
    write_text(TABLE, table_of(names))
