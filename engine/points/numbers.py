"""Reads numbers as programs and locales write them: decimal commas and marks between thousands."""

import re
from collections.abc import Iterable
from typing import NamedTuple, final

from engine.errors import UsageError

MISSING = frozenset(
    ("", "?", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "#null!", "#num!", "#div/0!")
)
"""What programs write in place of a value, in lower case."""

_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_SPACED = re.compile(r"([+-]?[0-9]{1,3})((?:['’\u00a0\u2009\u202f ][0-9]{3})+)(?![0-9])(.*)")

_DECIMAL = {
    mark: re.compile(
        rf"[+-]?(?:(?![1-9][0-9]{{0,2}}{mark}[0-9]{{3}}(?![0-9]))[0-9]*{mark}[0-9]+"
        rf"|[0-9]{{1,3}}(?:{other}[0-9]{{3}})+{mark}[0-9]*)(?:[eE][+-]?[0-9]+)?"
    )
    for mark, other in ((r"\.", ","), (",", r"\."))
}
"""Numbers in which the mark can only be a decimal mark."""
_GROUPED = {
    mark: re.compile(rf"[+-]?[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+(?P<rest>[^{mark}]*)")
    for mark in (r"\.", ",")
}
"""Numbers with the mark between thousands."""


@final
class NumberFormat(NamedTuple):
    """The decimal mark of a file, and the mark between its thousands."""

    decimal: str = "."

    @property
    def thousands(self) -> str:
        """The other mark, which separates thousands if it occurs in groups of three digits."""
        return "," if self.decimal == "." else "."

    def parse(self, cell: str) -> float | None:
        """Return the number in a cell, infinite if it is written so, or None for a word.

        >>> NumberFormat(",").parse("1.234,5"), NumberFormat().parse("−3e2")
        (1234.5, -300.0)
        """
        if self.decimal == "." and _PLAIN.fullmatch(cell):
            return float(cell)
        text = _normalised(cell)
        if self.thousands in text and _GROUPED[re.escape(self.thousands)].fullmatch(text):
            text = text.replace(self.thousands, "")
        if self.decimal == "," and "." not in text and not text.endswith(","):
            text = text.replace(",", ".")
        if _PLAIN.fullmatch(text) or _INFINITE.fullmatch(text):
            return float(text)
        return None


def detect_format(cells: Iterable[str]) -> NumberFormat:
    """Return the format in which the cells of a file write numbers.

    Raises
    ------
    UsageError
        If a comma could be a decimal mark as well as a mark between thousands.
    """
    found = dict.fromkeys(_DECIMAL, False)
    ambiguous = ""
    for cell in cells:
        if "," not in cell and "." not in cell:
            continue
        text = _normalised(cell)
        for mark, pattern in _DECIMAL.items():
            found[mark] = found[mark] or pattern.fullmatch(text) is not None
        grouped = _GROUPED[","].fullmatch(text)
        if grouped and text.count(",") > 1:
            found[r"\."] = True
        elif grouped and not grouped["rest"]:
            ambiguous = ambiguous or cell
        elif text.count(".") > 1 and _GROUPED[r"\."].fullmatch(text):
            found[","] = True
    if found[","] and not found[r"\."]:
        return NumberFormat(",")
    if ambiguous and not found[r"\."]:
        raise UsageError(
            f"{ambiguous!r} can be read in two ways, with a decimal comma or a mark between "
            "thousands; write the numbers with decimal points and without such marks"
        )
    return NumberFormat()


def is_missing(cell: str) -> bool:
    """Whether a cell has no value: it is empty, or says so, as in NA, NaN, null or ?."""
    return cell.lower() in MISSING


def looks_numeric(cell: str) -> bool:
    """Whether a cell is a number in any format."""
    return any(NumberFormat(mark).parse(cell) is not None for mark in ".,")


def _normalised(cell: str) -> str:
    text = cell.replace("−", "-")
    spaced = _SPACED.fullmatch(text)
    return spaced[1] + re.sub(r"[^0-9]", "", spaced[2]) + spaced[3] if spaced else text
