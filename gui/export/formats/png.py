"""PNG: a file for one frame, a folder of numbered files for several."""

import struct
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from fractions import Fraction
from typing import final

import av

from gui.export.formats import png_chunks
from gui.export.formats.format import SCREEN_DPI
from gui.export.formats.staged_folder import FRAME_NAME, CompletedFrames
from gui.export.formats.writer import Pixels, Writer, image_encoder, picture

PNG_ENCODER = "png"
THREADS = 2


@final
class PngWriter(Writer):
    """Lossless frames, each with the recipe. The frame rate is not stored."""

    suffix = ".png"
    title = "PNG frames"
    holds_single_frame = True
    encoder = PNG_ENCODER
    fastest = Fraction(240)

    signature = png_chunks.SIGNATURE
    texts = staticmethod(png_chunks.texts)
    _stored: CompletedFrames | None = None

    @classmethod
    def makes_folder(cls, frames: int) -> bool:
        return frames != 1

    def _open(self, resources: ExitStack) -> None:
        self._more = png_chunks.text_chunk(self.recipe)
        if self.dpi != SCREEN_DPI:
            density = [round(self.dpi / 0.0254)] * 2  # pixels per metre, across and down
            self._more += png_chunks.chunk(b"pHYs", struct.pack(">IIB", *density, 1))
        self._codec = png_encoder(self, "rgb24")

    @property
    def stored(self) -> int:
        return 0 if self._stored is None else len(self._stored)

    def resume(self, pictures: Sequence[str], interrupt: Callable[[], None]) -> None:
        if not self.makes_folder(self.frames):
            return
        self._stored = CompletedFrames(self.path, pictures)
        missing = []
        for number in range(self.frames):
            interrupt()
            if not self._stored.has(number):
                missing.append(number)
        self.missing = missing

    def _add(self, pixels: Pixels, number: int) -> None:
        frame = self._reformatter.reformat(picture(pixels), format="rgb24")
        frame.pts = self.missing[number]
        self._encode(frame)

    def _write(self, packet: "av.Packet[av.VideoStream]") -> None:
        content, end, number = bytes(packet), png_chunks.HEADER_END, packet.pts
        assert number is not None
        png = content[:end] + self._more + content[end:]
        if self._stored is not None:
            self._stored.write(number, png)
        elif self.makes_folder(self.frames):
            (self.path / FRAME_NAME.format(number)).write_bytes(png)
        else:
            self.path.write_bytes(png)

    def _release(self) -> None:
        if self._stored is not None:  # the encoder still has rendered frames
            self._encode(None)


def png_encoder(writer: Writer, pixel_format: str) -> av.VideoCodecContext:
    """Return the PNG encoder of FFmpeg: each of its packets is a PNG file."""
    context = image_encoder(writer, pixel_format, {"pred": "up", "compression_level": "3"})
    context.thread_count = THREADS
    context.thread_type = "FRAME"
    return context
