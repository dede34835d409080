"""Values at paths inside an experiment: read, or replaced together."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from engine import default_of

Path = tuple[str | int, ...]
"""The position of a value in an experiment, such as ("runs", 0, "init", "scale")."""
T = TypeVar("T")


def edited(value: T, edits: Mapping[Path, object]) -> T:
    """Return a copy of `value` with new values at some paths, which are checked together.

    Raises
    ------
    UsageError
        If the result is not valid; the message begins with the name of the field.

    >>> from engine.experiment.experiment import Experiment
    >>> edited(Experiment(), {("training", "steps"): 7}).training.steps
    7
    """
    below: dict[str | int, dict[Path, object]] = {}
    for path, new in edits.items():
        if path:
            below.setdefault(path[0], {})[path[1:]] = new
        else:
            value = new  # type: ignore[assignment]
    if not below:
        return value
    if isinstance(value, tuple):
        items = list(value)
        for key, each in below.items():
            items[int(key)] = edited(items[int(key)], each)
        return tuple(items)  # type: ignore[return-value]
    changes = {str(key): edited(getattr(value, str(key)), each) for key, each in below.items()}
    return value.replace(**changes)  # type: ignore[attr-defined,no-any-return]


def at(value: object, path: Path) -> object:
    """Return the value at a path."""
    for key in path:
        value = value[key] if isinstance(value, tuple) else getattr(value, str(key))  # type: ignore[index]
    return value


def recast(old: msgspec.Struct, kind: type[msgspec.Struct]) -> msgspec.Struct:
    """Return a `kind` with what `old` sets and has too; what is a default takes the new one."""
    known = set(kind.__struct_fields__)
    shared = {}
    for field in msgspec.structs.fields(old):
        value = getattr(old, field.name)
        if field.name in known and repr(value) != repr(default_of(field)):
            shared[field.name] = value
    return kind(**shared)
