"""The digests of the experiments that claims show, to detect later edits.

A claim may be measured on networks other than those it shows, so its numbers alone do not reveal
that an experiment was edited. After an intended change, `python -m engine.claims` writes the table.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256

from msgspec.structs import replace

from engine.io.resources import asset
from engine.io.text_file import read_text
from engine.library.built_ins import built_in
from engine.library.experiment_file import format_experiment

TABLE = asset("experiments", "digests.json")
DIGITS = 12


def digest(name: str) -> str:
    """Return the digest of everything that the frames of a built-in experiment depend on.

    Title, notes, panels and the chosen example are excluded; points from a file are included.

    Raises
    ------
    UsageError
        If there is no such experiment, or it cannot be read.
    """
    bare = replace(built_in(name), title="", notes="", panels=(), example=0)
    return sha256(format_experiment(bare).encode()).hexdigest()[:DIGITS]


@cache
def stored_digests() -> Mapping[str, str]:
    """Return the stored digests by the names of the experiments."""
    table: dict[str, str] = json.loads(read_text(TABLE))
    return table


def is_edited(name: str) -> bool:
    """Return whether the digest of a built-in experiment differs from the stored one."""
    return stored_digests().get(name) != digest(name)


def table_of(names: Iterable[str]) -> str:
    """Return the text of the table for these experiments."""
    return json.dumps({name: digest(name) for name in sorted(set(names))}, indent=2) + "\n"
