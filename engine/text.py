"""Numbers as text in messages and on the stage, as JSON, and read from text."""

import re
from math import isfinite

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def counted(number: int, noun: str) -> str:
    """Return a number with the noun it counts.

    >>> print(counted(1, "edit"), counted(1200, "point"), sep=", ")
    1 edit, 1,200 points
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def superscript(number: int) -> str:
    """Return a whole number as an exponent, such as ⁻¹²."""
    return str(number).translate(SUPERSCRIPTS)


def typeset(text: str) -> str:
    """Return a number formatted by Python with a true minus sign and a power of ten.

    >>> typeset("-1.5e+12"), typeset("-5"), typeset("0.25")
    ('−1.5·10¹²', '−5', '0.25')
    """
    mantissa, _, exponent = text.partition("e")
    power = f"·10{superscript(int(exponent))}" if exponent else ""
    return mantissa.replace("-", "−") + power


def plain_text(value: float, digits: int = 4) -> str:
    """Return a number with significant `digits`, without a sign unless it is negative.

    >>> plain_text(0.00239812), plain_text(-21671.2), plain_text(3.0)
    ('0.002398', '−2.167·10⁴', '3')
    """
    return typeset(f"{value:.{digits}g}")


def parse_number(text: str) -> float | None:
    """Return the number in a text that a user wrote, or None; it may be infinite or NaN.

    Unlike `float`, it reads neither 1_000 nor the digits of other scripts, which no other part of
    the program would read.

    >>> parse_number(" 1e-3 "), parse_number("1_000"), parse_number("٣")
    (0.001, None, None)
    """
    try:
        return float(text) if text.isascii() and "_" not in text else None
    except ValueError:
        return None


def parse_whole(text: str) -> int | None:
    """Return the whole number in a text that a user wrote, or None.

    >>> parse_whole("-12 "), parse_whole("1_000"), parse_whole("٣"), parse_whole("1.0")
    (-12, None, None, None)
    """
    found = re.fullmatch(r"\s*([+-]?[0-9]{1,100})\s*", text)
    return int(found[1]) if found else None


def finite_or_none(value: float) -> float | None:
    """Return a number as JSON can hold it: None unless it is finite."""
    return float(value) if isfinite(value) else None
