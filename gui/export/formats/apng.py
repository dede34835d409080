"""Animated PNG: lossless frames with exact times."""

import struct
from contextlib import ExitStack
from fractions import Fraction
from itertools import count
from typing import final

import av

from gui.export.formats import png_chunks
from gui.export.formats.png import PNG_ENCODER, png_encoder
from gui.export.formats.png_chunks import chunk
from gui.export.formats.writer import Pixels, Writer

_KEEP, _OVER = 0, 1
"""The disposal (none) and the blending (over) of a frame."""


@final
class ApngWriter(Writer):
    """Repeats forever. Each frame is stored as its changes, so that none is merged or lost."""

    suffix = ".apng"
    title = "Animated PNG"
    encoder = PNG_ENCODER
    fastest = Fraction(60)

    signature = png_chunks.SIGNATURE
    texts = staticmethod(png_chunks.texts)

    def _open(self, resources: ExitStack) -> None:
        self._file = resources.enter_context(self.path.open("wb"))
        self._numbers = count()  # of the chunks of the animation
        self._codec = png_encoder(self, "rgba")

    def _add(self, pixels: Pixels, number: int) -> None:
        self._encode_changes(pixels, number, "rgba")

    def _write(self, packet: "av.Packet[av.VideoStream]") -> None:
        """Append a frame, whose packet is a PNG file."""
        png = bytes(packet)
        if packet.pts == 0:
            self._file.write(png[: png_chunks.HEADER_END])
            self._file.write(png_chunks.text_chunk(self.recipe))
            self._file.write(chunk(b"acTL", struct.pack(">II", self.frames, 0)))
        delay = (self.fps.denominator, self.fps.numerator)
        control = (next(self._numbers), self.width, self.height, 0, 0, *delay, _KEEP, _OVER)
        self._file.write(chunk(b"fcTL", struct.pack(">IIIIIHHBB", *control)))
        for kind, data in png_chunks.chunks(png):
            if kind == b"IDAT" and packet.pts == 0:
                self._file.write(chunk(kind, data))
            elif kind == b"IDAT":
                self._file.write(chunk(b"fdAT", struct.pack(">I", next(self._numbers)) + data))

    def _close(self) -> None:
        super()._close()
        self._file.write(chunk(b"IEND", b""))
