"""Animated GIF: one palette from frames of the whole animation, and ordered dithering."""

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from typing import BinaryIO, final

import av
from av.filter import Graph
from av.filter.context import FilterContext

from gui.export.formats.format import MAX_RECIPE, read_exactly
from gui.export.formats.writer import Pixels, Writer, open_container, open_stream, picture, starts

_CENTISECOND = Fraction(1, 100)
_TRAILER = b"\x3b"
_COMMENT = b"\x21\xfe"


@final
class GifWriter(Writer):
    """256 colours, times in hundredths of a second, repeats forever.

    The palette is made first, from `samples` frames, so that frames are encoded immediately and
    not stored. The pattern of the dithering is fixed, so that what does not move does not flicker.
    """

    suffix = ".gif"
    title = "GIF"
    encoder = "gif"
    default_fps = Fraction(25)
    fastest = Fraction(50)
    samples = 24

    signature = rb"GIF8[79]a"

    @staticmethod
    def texts(file: BinaryIO) -> list[str]:
        return [comment.decode() for comment in _comments(file)]

    def _sample(self, pixels: Pixels) -> None:
        frame = self._reformatter.reformat(picture(pixels), format="bgr0")
        frame.pts, frame.time_base = self._sampled, _CENTISECOND
        self._sampled += 1
        self._palette_in.push(frame)

    def _open(self, resources: ExitStack) -> None:
        self._starts = starts(self.frames, self.fps, 100)
        self._sampled = 0
        self._encoded = 0
        size = f"{self.width}x{self.height}"
        graph = Graph()
        self._palette_in = graph.add("buffer", f"video_size={size}:pix_fmt=bgr0:time_base=1/100")
        self._palette_out = graph.add("buffersink")
        graph.link_nodes(self._palette_in, graph.add("palettegen"), self._palette_out).configure()
        self._palette_graph = graph
        self._mapping: tuple[Graph, FilterContext, FilterContext] | None = None

        self._container = open_container(self, resources, "gif", {"loop": "0"})
        self._codec = open_stream(self._container, self, 1 / _CENTISECOND, "pal8", {})

    def _add(self, pixels: Pixels, number: int) -> None:
        if self._mapping is None:
            if not self._sampled:
                self._sample(pixels)
            self._mapping = self._make_mapping()
        _, frames_in, mapped_out = self._mapping
        frame = picture(pixels)
        frame.pts, frame.time_base = number, _CENTISECOND
        frames_in.push(frame)
        self._encode_mapped(mapped_out)

    def _make_mapping(self) -> tuple[Graph, FilterContext, FilterContext]:
        """Make the filter that maps frames to the palette of the samples."""
        self._palette_in.push(None)
        palette = self._palette_out.pull()
        assert isinstance(palette, av.VideoFrame)
        graph = Graph()
        size = f"{self.width}x{self.height}"
        frames_in = graph.add("buffer", f"video_size={size}:pix_fmt=bgra:time_base=1/100")
        palette_in = graph.add(
            "buffer",
            f"video_size={palette.width}x{palette.height}:pix_fmt={palette.format.name}"
            ":time_base=1/100",
        )
        paletteuse = graph.add("paletteuse", "dither=bayer:bayer_scale=4")
        mapped_out = graph.add("buffersink")
        frames_in.link_to(paletteuse, 0, 0)
        palette_in.link_to(paletteuse, 0, 1)
        paletteuse.link_to(mapped_out)
        graph.configure()
        palette.pts, palette.time_base = 0, _CENTISECOND
        palette_in.push(palette)
        palette_in.push(None)
        return graph, frames_in, mapped_out

    def _encode_mapped(self, mapped_out: FilterContext) -> None:
        """Encode the frames that the filter has mapped so far; it may lag behind."""
        while True:
            try:
                frame = mapped_out.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            assert isinstance(frame, av.VideoFrame)
            frame.pts, frame.time_base = self._starts[self._encoded], _CENTISECOND
            self._encoded += 1
            self._encode(frame)

    def _write(self, packet: "av.Packet[av.VideoStream]") -> None:
        if packet.pts is not None:
            number = self._starts.index(packet.pts, max(0, self._encoded - 2))
            packet.duration = self._starts[number + 1] - self._starts[number]
        self._container.mux(packet)

    def _close(self) -> None:
        if self._mapping is not None:
            _, frames_in, mapped_out = self._mapping
            frames_in.push(None)
            self._encode_mapped(mapped_out)
        super()._close()

    def _complete(self) -> None:
        with self.path.open("rb+") as file:
            file.seek(-1, 2)
            if file.read(1) != _TRAILER:
                raise OSError("FFmpeg left the file incomplete")
            file.seek(-1, 2)
            # A comment extension: blocks of at most 255 bytes, each preceded by its length.
            text = self.recipe.encode()
            blocks = (text[start : start + 255] for start in range(0, len(text), 255))
            parts = (bytes([len(block)]) + block for block in blocks)
            file.write(b"".join([_COMMENT, *parts, b"\0", _TRAILER]))


def _comments(file: BinaryIO) -> list[bytearray]:
    """Return the comments of a GIF; raise `EOFError` or `ValueError` if it is damaged."""
    header = read_exactly(file, 13)
    _skip_table(file, header[10])
    comments: list[bytearray] = []
    most = MAX_RECIPE
    while True:
        kind = read_exactly(file, 1)
        if kind == _TRAILER:
            return comments
        if kind == b"\x2c":
            _skip_table(file, read_exactly(file, 9)[8])
            read_exactly(file, 1)
        elif kind != b"\x21":
            raise ValueError("a block is missing")
        is_comment = kind == b"\x21" and read_exactly(file, 1) == _COMMENT[1:]
        if is_comment:
            comments.append(bytearray())
        for block in _blocks(file):
            if is_comment:
                most -= len(block)
                if most < 0:
                    raise ValueError("its comments are too long")
                comments[-1] += block


def _skip_table(file: BinaryIO, flags: int) -> None:
    """Skip the colour table, if the flags declare one."""
    if flags & 0x80:
        read_exactly(file, 3 << (1 + (flags & 7)))


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while length := read_exactly(file, 1)[0]:
        yield read_exactly(file, length)
