"""The base class of every part of an experiment: frozen, and checked on construction."""

import re
from functools import cache
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

from engine.errors import UsageError

Real = Annotated[float, Meta(ge=-1e12, le=1e12)]
"""A finite number; the bounds also exclude NaN, which compares false with everything."""
Positive = Annotated[float, Meta(gt=0.0, le=1e12)]
Steepness = Annotated[float, Meta(ge=1e-9, le=1e9)]
"""The steepness of activations, bounded so that 1/beta can be computed and drawn."""
NotNegative = Annotated[float, Meta(ge=0.0, le=1e12)]
Seed = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A frozen value whose fields are checked against their types and bounds.

    Compatible values of another type, such as a list for a tuple, are converted, so that equal
    specs compare equal and can be hashed.

    Raises
    ------
    UsageError
        If a field has the wrong type or is out of range; the message begins with its name.
    """

    def __post_init__(self) -> None:
        for field in _fields(type(self)):
            try:
                value = msgspec.convert(getattr(self, field.name), field.type)
            except msgspec.ValidationError as error:
                path, reason = split_path(str(error))
                raise UsageError(f"{field.encode_name}{path}: {reason}") from None
            msgspec.structs.force_setattr(self, field.name, value)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with other values for some fields; raise `UsageError` as the class does."""
        return msgspec.structs.replace(self, **changes)


@cache
def _fields(kind: type[Spec]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def default_of(field: msgspec.structs.FieldInfo) -> Any:
    """Return the default value of a field; `msgspec.NODEFAULT` if it has none."""
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def split_path(message: str) -> tuple[str, str]:
    """Split msgspec's `reason - at `$.a.b`` into the path below `$` and the reason."""
    reason, _, path = message.partition(" - at `$")
    return path.rstrip("`"), _in_words(reason[:1].lower() + reason[1:].replace("`", ""))


_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
    "_AnyScene": "a table",
}
_BOUNDS = {">=": "at least", ">": "above", "<=": "at most", "<": "below"}
_KIND = re.compile(rf"\b({'|'.join(_KINDS)})\b(?!:)")
_BOUND = re.compile(r"( of length)? (>=|<=|>|<) (-?[0-9.e+-]+)")


def _in_words(reason: str) -> str:
    """Return a message of msgspec with words for Python's types and comparison signs.

    >>> _in_words("expected int >= 1")
    'expected a whole number, at least 1'
    """
    if not reason.startswith(("expected", "object")):
        return reason  # the message of a spec
    worded = _KIND.sub(lambda m: _KINDS[m[1]], reason).replace(" | ", " or ")
    return _BOUND.sub(lambda m: f",{m[1] or ''} {_BOUNDS[m[2]]} {_number(m[3])}", worded)


def _number(text: str) -> str:
    value = float(text)
    return f"{value:,.0f}" if abs(value) < 1e12 and value.is_integer() else f"{value:g}"
