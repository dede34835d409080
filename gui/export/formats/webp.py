"""Animated WebP: lossless frames."""

import struct
from contextlib import ExitStack
from fractions import Fraction
from typing import BinaryIO, final

import av

from gui.export.formats.format import MAX_RECIPE, read_exactly
from gui.export.formats.writer import Pixels, Writer, image_encoder, starts

RECIPE_CHUNK = b"TOML"
"""A chunk with an unknown name, which readers of WebP skip."""
_ANIMATION = 0x02
_ALPHA = 0x10


@final
class WebpWriter(Writer):
    """Repeats forever; times are whole milliseconds.

    The container is written here, because the encoder of FFmpeg merges equal frames and stores all
    of them in memory.
    """

    suffix = ".webp"
    title = "WebP"
    encoder = "libwebp"
    fastest = Fraction(60)

    signature = rb"RIFF.{4}WEBP"

    @staticmethod
    def texts(file: BinaryIO) -> list[str]:
        end = struct.unpack("<I", file.read(12)[4:8])[0] + 8
        at = 12
        while at < end:
            kind, length = struct.unpack("<4sI", read_exactly(file, 8))
            if kind == RECIPE_CHUNK:
                data = file.read(min(length, MAX_RECIPE + 1))
                if length > MAX_RECIPE or len(data) < length:
                    raise ValueError("its text is too long, or cut off")
                return [data.decode()]
            padded = length + length % 2
            file.seek(padded, 1)
            at += 8 + padded
        return []

    def _open(self, resources: ExitStack) -> None:
        self._file = resources.enter_context(self.path.open("wb"))
        self._starts = starts(self.frames, self.fps, 1000)
        # Level 0 is ten times faster, and its files are ten times larger.
        options = {"lossless": "1", "compression_level": "1", "quality": "20"}
        self._codec = image_encoder(self, "bgra", options)
        canvas = _three_bytes(self.width - 1) + _three_bytes(self.height - 1)
        self._file.write(b"RIFF\0\0\0\0WEBP")
        self._file.write(_chunk(b"VP8X", bytes([_ANIMATION | _ALPHA, 0, 0, 0]) + canvas))
        self._file.write(_chunk(b"ANIM", bytes(6)))  # no background, no end

    def _add(self, pixels: Pixels, number: int) -> None:
        self._encode_changes(pixels, number, "bgra")

    def _write(self, packet: "av.Packet[av.VideoStream]") -> None:
        """Append a frame, whose packet is a WebP file."""
        duration = self._starts[self.added + 1] - self._starts[self.added]
        head = [0, 0, self.width - 1, self.height - 1, duration]
        # Flags 0: blended over the last frame, not disposed.
        frame = b"".join(map(_three_bytes, head)) + b"\0" + bytes(packet)[12:]
        self._file.write(_chunk(b"ANMF", frame))

    def _close(self) -> None:
        self._file.write(_chunk(RECIPE_CHUNK, self.recipe.encode()))
        length = self._file.tell() - 8
        if length >= 2**32:
            raise OSError("WebP supports at most 4 GiB; choose fewer or smaller frames")
        self._file.seek(4)
        self._file.write(struct.pack("<I", length))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _three_bytes(value: int) -> bytes:
    return struct.pack("<I", value)[:3]
