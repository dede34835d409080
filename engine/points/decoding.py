"""Decodes the bytes of a file of points, and names what is no text."""

import codecs
from typing import NamedTuple

from engine.errors import UsageError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_SIGNATURES = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a workbook or another ZIP archive; save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save the sheet as CSV UTF-8"),
    (b"\x1f\x8b", "compressed with gzip; decompress it first"),
    (b"\x93NUMPY", "an array of NumPy; save it with numpy.savetxt"),
    (b"SQLite format 3", "a database; export the table as CSV"),
)

_POINTER = "version https://git-lfs.github.com/spec/"


class Decoded(NamedTuple):
    """Text, and the standard name of the codec that its bytes are in."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded:
    """Return the text in the bytes of a file: UTF-8, or UTF-16 with or without its mark.

    UTF-16 without a byte order mark is recognised by the zero bytes of its ASCII characters.

    Raises
    ------
    UsageError
        If the bytes are neither, or are known to be no table.
    """
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            raise UsageError(f"is not a table of points but {what}")
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"is neither UTF-8 nor UTF-16 text (byte {error.start:,}); save it as UTF-8, "
            "which Excel calls CSV UTF-8"
        ) from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise UsageError("is not text: it contains zero bytes; save it as UTF-8")
    start = text.lstrip()[:60].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<head", "<body")):
        raise UsageError("is a web page or XML, not a table; download the file itself")
    if start.startswith(_POINTER):
        raise UsageError("is a pointer to a file in Git LFS; fetch the file with git lfs pull")
    if start.startswith(("{", "[{", "[[")):
        raise UsageError("is JSON, not a table; write one point in each line, with commas")
    return Decoded(text, encoding)


def _encoding(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    start = content[:4096]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    # The zero bytes of ASCII characters are on one side; a binary file has them on both.
    if min(even, odd) == 0 and max(even, odd) * 4 > len(start):
        return "utf-16-le" if odd else "utf-16-be"
    return "utf-8"
