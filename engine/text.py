"""Numbers as text, as JSON, and read from text; and text that files cannot hold."""

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


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything outside the production Char of XML 1.0, even as a character reference."""
_NOT_IN_CODE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, such as U+0000, which Python refuses in a source file; and surrogates."""


def xml_characters(text: str) -> str:
    r"""Return text with U+FFFD for each character that XML cannot hold; nothing is escaped.

    >>> xml_characters("a\x07b <i>") == "a\ufffdb <i>"
    True
    """
    return _NOT_IN_XML.sub("\ufffd", text)


def code_characters(text: str) -> str:
    r"""Return text with U+FFFD for each character that source code cannot hold.

    >>> code_characters("a\x00b") == "a\ufffdb"
    True
    """
    return _NOT_IN_CODE.sub("\ufffd", text)
