"""Animated PNG: lossless frames with exact times."""

import struct
from contextlib import ExitStack
from fractions import Fraction
from typing import final

import av
from av.video.reformatter import VideoReformatter

from gui.export.formats import png_chunks
from gui.export.formats.frame_difference import Changes
from gui.export.formats.png import PNG_ENCODER, png_encoder
from gui.export.formats.png_chunks import chunk
from gui.export.formats.writer import Pixels, Writer, picture

_KEEP, _OVER = 0, 1
"""The disposal (none) and the blending (over) of a frame."""


@final
class ApngWriter(Writer):
    """Repeats forever. Each frame is stored as its changes, so that none is merged or lost."""

    suffix = ".apng"
    title = "Animated PNG"
    encoder = PNG_ENCODER
    fastest = Fraction(60)

    recognises = staticmethod(png_chunks.recognises)
    texts = staticmethod(png_chunks.texts)

    def _open(self, resources: ExitStack) -> None:
        self._file = resources.enter_context(self.path.open("wb"))
        self._reformatter = VideoReformatter()
        self._changes = Changes()
        self._written = 0
        self._sequence = 0
        self._context = png_encoder(self.width, self.height, "rgba")

    def _add(self, pixels: Pixels, number: int) -> None:
        frame = self._reformatter.reformat(picture(self._changes.layer(pixels)), format="rgba")
        frame.pts = number
        self._encode(frame)

    def _encode(self, frame: av.VideoFrame | None) -> None:
        for packet in self._context.encode(frame):
            self._write(bytes(packet))

    def _write(self, png: bytes) -> None:
        """Append a frame, given as a PNG file."""
        if self._written == 0:
            self._file.write(png[: png_chunks.HEADER_END])
            self._file.write(png_chunks.text_chunk(self.recipe))
            self._file.write(chunk(b"acTL", struct.pack(">II", self.frames, 0)))
        delay = (self.fps.denominator, self.fps.numerator)
        control = (self._next_number(), self.width, self.height, 0, 0, *delay, _KEEP, _OVER)
        self._file.write(chunk(b"fcTL", struct.pack(">IIIIIHHBB", *control)))
        for kind, data in png_chunks.chunks(png):
            if kind == b"IDAT" and self._written == 0:
                self._file.write(chunk(kind, data))
            elif kind == b"IDAT":
                self._file.write(chunk(b"fdAT", struct.pack(">I", self._next_number()) + data))
        self._written += 1

    def _next_number(self) -> int:
        """Return the number of the next chunk of the animation."""
        self._sequence += 1
        return self._sequence - 1

    def _close(self) -> None:
        self._encode(None)
        self._file.write(chunk(b"IEND", b""))
