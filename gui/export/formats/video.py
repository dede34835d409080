"""MP4 (H.264) and WebM (VP9): yuv420p, tagged as BT.709."""

from contextlib import ExitStack
from fractions import Fraction
from typing import BinaryIO, ClassVar, final

import av
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    ColorTrc,
    Interpolation,
)

from gui.export.formats.format import MAX_RECIPE
from gui.export.formats.writer import Pixels, Writer, open_container, open_stream, picture

THREADS = 4
"""Not the number of processors, because the bytes of x264 depend on it."""


class VideoWriter(Writer):
    """The base of MP4 and WebM: one stream in a container of FFmpeg."""

    fastest = Fraction(240)
    container: ClassVar[str]
    container_options: ClassVar[dict[str, str]]
    codec_options: ClassVar[dict[str, str]]

    @classmethod
    @final
    def texts(cls, file: BinaryIO) -> list[str]:
        # With a named format, FFmpeg does not guess formats that refer to other files.
        with av.open(file, "r", format=cls.container) as opened:
            return [
                text
                for key, text in opened.metadata.items()
                if key.lower() == "comment" and len(text) <= MAX_RECIPE
            ]

    def _open(self, resources: ExitStack) -> None:
        options = self.container_options
        self._container = open_container(self, resources, self.container, options)
        self._container.metadata["comment"] = self.recipe
        self._codec = open_stream(self._container, self, self.fps, "yuv420p", self.codec_options)
        context = self._codec.codec_context
        context.thread_count = THREADS
        context.thread_type = "AUTO"
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709

    def _add(self, pixels: Pixels, number: int) -> None:
        frame = self._reformatter.reformat(
            picture(pixels),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
            threads=2,
        )
        frame.color_primaries = ColorPrimaries.BT709
        frame.color_trc = ColorTrc.BT709
        frame.pts, frame.duration, frame.time_base = number, 1, 1 / self.fps
        self._encode(frame)

    def _write(self, packet: "av.Packet[av.VideoStream]") -> None:
        packet.duration = 1  # so that the last frame has the same duration
        self._container.mux(packet)


@final
class Mp4Writer(VideoWriter):
    """H.264, which plays everywhere, with its index at the front."""

    suffix = ".mp4"
    title = "MP4"
    even_sizes = True
    signature = rb".{4}ftyp"
    container = "mp4"
    container_options: ClassVar = {"movflags": "+faststart"}
    encoder = "libx264"
    codec_options: ClassVar = {"preset": "veryfast", "crf": "18"}


@final
class WebmWriter(VideoWriter):
    """VP9; times are whole milliseconds."""

    suffix = ".webm"
    title = "WebM"
    signature = rb"\x1a\x45\xdf\xa3"
    container = "webm"
    container_options: ClassVar[dict[str, str]] = {}
    encoder = "libvpx-vp9"
    codec_options: ClassVar = {
        "deadline": "realtime",
        "cpu-used": "6",
        "crf": "20",
        "b": "0",
        "row-mt": "1",
        "tile-columns": "2",
    }
