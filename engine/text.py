"""Numbers as text in messages and on the stage, and as JSON."""

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


def finite_or_none(value: float) -> float | None:
    """Return a number as JSON can hold it: None unless it is finite."""
    return float(value) if isfinite(value) else None
