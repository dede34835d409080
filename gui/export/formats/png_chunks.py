"""The chunks of a PNG file: written, read and searched for a recipe."""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from gui.export.formats.format import MAX_RECIPE, read_exactly

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"Initscope experiment"
HEADER_END = 33
"""Bytes of the signature and the first chunk."""


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk: its length, kind, data and checksum."""
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def text_chunk(recipe: str) -> bytes:
    """Return the iTXt chunk of a recipe, compressed because every frame of a folder has it."""
    return chunk(b"iTXt", KEYWORD + b"\0\1\0\0\0" + zlib.compress(recipe.encode(), 9))


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the data of every chunk of an intact PNG file."""
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def texts(file: BinaryIO) -> list[str]:
    """Return the recipe in a PNG file; raise `ValueError` or `EOFError` if it is damaged."""
    file.read(len(SIGNATURE))
    while True:
        length, kind = struct.unpack(">I4s", read_exactly(file, 8))
        if kind == b"IEND":
            return []
        if kind != b"iTXt" or length > 2 * MAX_RECIPE:
            if length >= 2**31:
                raise ValueError("a chunk is too long")
            file.seek(length + 4, 1)
            continue
        data, checksum = file.read(length), file.read(4)
        if checksum != struct.pack(">I", zlib.crc32(kind + data)):
            raise ValueError("a checksum is wrong")
        keyword, _, rest = data.partition(b"\0")
        if keyword == KEYWORD:
            return [_text(rest)]


def _text(data: bytes) -> str:
    """Return the text of an iTXt chunk, given what follows the keyword."""
    compressed, body = data[:1] == b"\1", data[2:].split(b"\0", 2)[-1]
    if compressed:
        inflate = zlib.decompressobj()
        try:
            body = inflate.decompress(body, MAX_RECIPE + 1)
        except zlib.error as error:
            raise ValueError(f"its text cannot be read: {error}") from None
    if len(body) > MAX_RECIPE:
        raise ValueError("its text is too long")
    return body.decode()
