"""TOML text laid out for people: short tables and arrays on one line, long ones row by row."""

from collections.abc import Mapping, Sequence

import tomli_w

Value = str | bool | int | float | Sequence["Value"] | Mapping[str, "Value"]

_LINE = 100
"""The longest line of an array or a table, unless its items are longer."""


def layout(document: Mapping[str, Value]) -> str:
    """Return the TOML text of a document whose keys are bare words.

    Tables become sections, and lists of tables `[[sections]]`; in a section, a table is written on
    one line if it fits.

    >>> print(layout({"format": 1, "run": [{"init": {"scheme": "zeros"}}]}))
    format = 1
    <BLANKLINE>
    [[run]]
    init = { scheme = "zeros" }
    <BLANKLINE>
    """
    lines: list[str] = []
    sections: list[str] = []
    for key, value in document.items():
        if isinstance(value, Mapping):
            sections += _section(f"[{key}]", key, value)
        elif tables := _tables(value):
            for table in tables:
                sections += _section(f"[[{key}]]", key, table)
        else:
            lines += _entry(key, value)
    return "\n".join([*lines, *sections]).lstrip("\n") + "\n"


def _section(header: str, path: str, table: Mapping[str, Value]) -> list[str]:
    lines = ["", header]
    longer: list[str] = []
    for key, value in table.items():
        if isinstance(value, Mapping) and len(f"{key} = {_inline(value)}") > _LINE:
            longer += _section(f"[{path}.{key}]", f"{path}.{key}", value)
        else:
            lines += _entry(key, value)
    return lines + longer


def _entry(key: str, value: Value) -> list[str]:
    """Return the lines of `key = value` in a section."""
    if isinstance(value, str):
        # In TOML's long strings a carriage return may get lost.
        text = tomli_w.dumps({key: value}, multiline_strings="\r" not in value)
        return text.removesuffix("\n").split("\n")
    if not isinstance(value, Sequence):
        return [f"{key} = {_inline(value)}"]
    items = [_inline(item) for item in value]
    line = f"{key} = [{', '.join(items)}]"
    if len(line) <= _LINE:
        return [line]
    return [f"{key} = [", *(f"    {item}," for item in items), "]"]


def _inline(value: Value) -> str:
    # The format of tomli_w, but faster for many points.
    if type(value) is float:
        return str(value)
    if isinstance(value, list | tuple) and set(map(type, value)) <= {float}:
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, Mapping):
        entries = ", ".join(f"{key} = {_inline(item)}" for key, item in value.items())
        return f"{{ {entries} }}" if entries else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_inline, value))}]"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").removesuffix("\n")


def _tables(value: Value) -> list[Mapping[str, Value]]:
    """Return the tables that make up an array, or none if there is anything else in it."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    tables = [item for item in value if isinstance(item, Mapping)]
    return tables if len(tables) == len(value) else []
