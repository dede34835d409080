"""Formulas as LaTeX in parts, so that the parts that all frames share are typeset once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import Array

DIGITS = 4
"""Significant digits of intermediate numbers; results have all digits."""
MOST_SHOWN = 4
"""The most rows and columns of a matrix, and terms of a sum, that are written out."""
_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"})
COUNTING = "[ ] counts from 0, as NumPy does; formulas and units count from 1"
"""The relation of a number's name to its symbol, shown wherever both occur."""


class Matrix(NamedTuple):
    """A matrix in square brackets; an entry is a formula."""

    rows: tuple[tuple[tuple[str, ...], ...], ...]

    @property
    def latex(self) -> str:
        rows = r" \\ ".join(" & ".join(" ".join(entry) for entry in row) for row in self.rows)
        return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


Formula = tuple[str | Matrix, ...]
"""The parts of one line: each is complete LaTeX, or a matrix."""


class Line(NamedTuple):
    """A line of an explanation: a few words above a formula; either may be empty.

    The tone is "" or one of "result", "agrees", "same", "different" and "doubt". Where there is
    no room for all lines, those of the highest rank are left out first; those of rank 0 never.
    """

    words: str
    formula: Formula = ()
    tone: str = ""
    rank: int = 0


class Explanation(NamedTuple):
    """The computation of a number, line by line; the subject is the name of the number."""

    subject: str
    lines: tuple[Line, ...]

    @property
    def counting(self) -> str:
        """How the indices in the names are counted; empty where there are none."""
        return COUNTING if "[" in self.subject else ""

    @property
    def latex(self) -> str:
        """All lines as LaTeX, for a document."""
        rows = []
        for line in self.lines:
            if line.words:
                rows.append(rf"& \text{{{line.words.translate(_ESCAPES)}}}")
            if line.formula:
                rows.append(rf"& {latex_of(line.formula)}")
        body = " \\\\\n".join(rows)
        heads = [f"% {text}\n" for text in (self.subject, self.counting) if text]
        return f"{''.join(heads)}\\begin{{align*}}\n{body}\n\\end{{align*}}\n"


def latex_of(formula: Formula) -> str:
    """Return a formula as LaTeX."""
    return " ".join(part.latex if isinstance(part, Matrix) else part for part in formula)


def number(value: float, digits: int | None = DIGITS) -> tuple[str, ...]:
    r"""Return the parts of a number with this many significant digits, or with all.

    >>> number(-0.123456), number(0.1 + 0.2, None), number(2e-9)
    (('-', '0.1235'), ('0.30000000000000004',), ('2', '\\cdot', '10^{-9}'))
    """
    if value != value:
        return (r"\mathrm{NaN}",)
    sign = ("-",) if value < 0.0 else ()
    size = abs(value)
    if size == float("inf"):
        return (*sign, r"\infty")
    text = repr(size) if digits is None else f"{size:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    return (*sign, mantissa, r"\cdot", f"10^{{{int(exponent)}}}") if exponent else (*sign, mantissa)


def factor(value: float) -> tuple[str, ...]:
    """Return the parts of a factor: in parentheses if it is negative or has an exponent."""
    parts = number(value)
    return ("(", *parts, ")") if parts[0] == "-" or len(parts) > 1 else parts


def sum_of_products(left: Array, right: Array) -> tuple[str, ...]:
    """Return the parts of left · right with the first few terms."""
    pairs = zip(left[: MOST_SHOWN + 1].tolist(), right[: MOST_SHOWN + 1].tolist(), strict=True)
    return _sum([(*factor(one), r"\cdot", *factor(other)) for one, other in pairs], len(left))


def sum_of_terms(terms: Array) -> tuple[str, ...]:
    """Return the parts of a sum with the first few terms."""
    return _sum([factor(each) for each in terms[: MOST_SHOWN + 1].tolist()], len(terms))


def _sum(terms: Sequence[tuple[str, ...]], count: int) -> tuple[str, ...]:
    """Return the parts of a sum of `count` terms; one term alone is never left out."""
    shown = terms if count <= MOST_SHOWN + 1 else terms[:MOST_SHOWN]
    parts: tuple[str, ...] = ()
    for each in shown:
        parts += (*(("+",) if parts else ()), *each)
    rest = count - len(shown)
    return (*parts, "+", r"\ldots", rf"\text{{({rest:,} more)}}") if rest else parts


def matrix(values: Array, marked: NDArray[np.bool_] | None = None) -> Matrix:
    """Return a matrix of numbers: its first rows and columns; those `marked` get an asterisk."""
    height, width = (min(size, MOST_SHOWN) for size in values.shape)
    marks = np.zeros(values.shape, dtype=bool) if marked is None else marked
    rows = [
        tuple(
            (*number(value), r"^{*}") if mark else number(value)
            for value, mark in zip(row[:width], row_marks, strict=False)
        )
        + ((r"\cdots",),) * (width < values.shape[1])
        for row, row_marks in zip(values[:height].tolist(), marks, strict=False)
    ]
    if height < values.shape[0]:
        rows.append(((r"\vdots",),) * len(rows[0]))
    return Matrix(tuple(rows))


def weight(layer: int, row: int, column: int, d: str = "") -> str:
    """Return the symbol of an entry of W[l], or with `d` of dW[l]; counted from 1."""
    return f"{d}W^{{[{layer}]}}_{{{row + 1},{column + 1}}}"


def bias(layer: int, row: int) -> str:
    """Return the symbol of an entry of b[l]; counted from 1."""
    return f"b^{{[{layer}]}}_{{{row + 1}}}"


def of_unit(letter: str, layer: int, unit: int, example: str = "i") -> str:
    """Return the symbol of z, a or dz of a unit and an example; counted from 1."""
    return f"{letter}^{{[{layer}]({example})}}_{{{unit + 1}}}"


def activation_of(layer: int, unit: int, depth: int, example: str = "i") -> str:
    """Return the symbol of an activation, which is x at the input and ŷ at the output."""
    if 0 < layer < depth:
        return of_unit("a", layer, unit, example)
    letter = r"\hat{y}" if layer else "x"
    return f"{letter}^{{({example})}}_{{{unit + 1}}}"
