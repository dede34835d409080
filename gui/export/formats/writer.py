"""The base of formats that hold many frames: one class of writers for each."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, final

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from av.container import OutputContainer
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from engine import InitscopeError, UsageError
from gui.export.formats.format import SCREEN_DPI, Format, check_recipe

Pixels = NDArray[np.uint8]
"""A frame: (height, width, 4), contiguous, of blue, green, red and 255, as QImage's RGB32."""

SLOWEST = Fraction(1, 10)
"""The lowest frame rate, per second."""
FINEST = 65535
"""The largest numerator and denominator of a frame rate: some formats store 16 bits."""


class Writer(Format):
    """Writes frames one by one; `finish` moves the output to the target, `abort` removes it.

    Parameters
    ----------
    target : Path
        The output, which appears with `finish`.
    size : (int, int)
        Width and height in pixels.
    fps : Fraction
        Frames per second.
    frames : int
        The number of frames that will be added.
    recipe : str
        The TOML text of the experiment, which the file contains.
    overwrite : bool
        Whether an existing target may be replaced.
    dpi : int
        Pixels per inch on paper, for formats that store it.
    resume : bool
        Whether `resume` will be called, for formats that make a folder.

    Attributes
    ----------
    missing : sequence of int
        The numbers of the frames that will be added: all except the stored ones.

    Raises
    ------
    UsageError
        If the format does not support the size, the frame rate or the recipe.
    InitscopeError
        If the target cannot be written; also raised by every method.
    """

    encoder: ClassVar[str]
    """The name of the encoder in FFmpeg."""
    default_fps: ClassVar[Fraction] = Fraction(30)
    fastest: ClassVar[Fraction]
    """The highest frame rate, per second."""
    even_sizes: ClassVar[bool] = False
    """Whether width and height must be even."""
    samples: ClassVar[int] = 0
    """The number of frames, evenly spread, that the writer takes by `sample` before the first."""
    _last: Pixels | None = None
    """The frame that was added last, of formats that use `_encode_changes`."""
    _codec: av.VideoStream | av.VideoCodecContext
    """The encoder, of formats that use `_encode`."""

    def __init__(
        self,
        target: Path,
        size: tuple[int, int],
        fps: Fraction,
        frames: int,
        recipe: str,
        *,
        overwrite: bool = False,
        dpi: int = SCREEN_DPI,
        resume: bool = False,
    ) -> None:
        self.check(size, fps)
        check_recipe(recipe)
        self.width, self.height = size
        self.fps = fps
        self.dpi = dpi
        self.frames = frames
        self.recipe = recipe
        self.added = 0
        self.missing: Sequence[int] = range(frames)
        self._staged = self.stage(target, frames, overwrite=overwrite, resume=resume)
        self.path = self._staged.path
        self._resources = ExitStack()
        self._reformatter = VideoReformatter()
        with self._aborting_on_error():
            self._open(self._resources)

    @classmethod
    def lack(cls) -> str:
        try:
            av.Codec(cls.encoder, "w")
        except UnknownCodecError:
            return f"the encoder {cls.encoder}"
        return ""

    @classmethod
    def check(cls, size: tuple[int, int], fps: Fraction) -> None:
        """Raise an error if frames of this size at this rate cannot be written.

        Raises
        ------
        UsageError
            If the format does not support the size or the frame rate.
        InitscopeError
            If PyAV lacks the encoder.
        """
        lack = cls.lack()
        if lack:
            raise InitscopeError(
                f"{cls.title} needs {lack}, which this PyAV lacks; choose another format, or "
                "install PyAV with pip"
            )
        cls.check_size(size)
        width, height = size
        if cls.even_sizes and (width % 2 or height % 2):
            raise UsageError(
                f"size: {cls.title} supports even sizes only, not {width}x{height}; the nearest "
                f"is {width - width % 2}x{height - height % 2}"
            )
        if not SLOWEST <= fps <= cls.fastest:
            raise UsageError(
                f"fps: {cls.title} supports {float(SLOWEST):g} to {float(cls.fastest):g} frames "
                f"per second, not {float(fps):g}"
            )
        if max(fps.numerator, fps.denominator) > FINEST:
            raise UsageError(f"fps: {fps} has too many digits; use fewer")

    @property
    def stored(self) -> int:
        """The number of complete frames that are stored if the writer is aborted."""
        return 0

    def resume(self, pictures: Sequence[str], interrupt: Callable[[], None]) -> None:
        """Use the stored frames of an earlier export, and store those of this one if it is aborted.

        Formats that make one file store none.

        Parameters
        ----------
        pictures : sequence of str
            For each frame, a text that determines its pixels.
        interrupt : callable
            Called between frames. What it raises ends the method.
        """

    @final
    def sample(self, pixels: Pixels) -> None:
        """Take one of the `samples` frames, before the first is added."""
        with self._translating_errors():
            self._sample(pixels)

    @final
    def add(self, pixels: Pixels) -> None:
        """Append a frame."""
        assert pixels.shape == (self.height, self.width, 4), pixels.shape
        with self._translating_errors():
            self._add(pixels, self.added)
        self.added += 1

    @final
    def finish(self) -> None:
        """Write the rest and move the output to the target; if that fails, abort."""
        with self._aborting_on_error():
            if self.added != len(self.missing):
                raise InitscopeError(f"{self.added} of {self.frames} frames were rendered")
            self._close()
            self._resources.close()
            self._complete()
        self._staged.commit()

    @final
    def abort(self) -> None:
        """Leave nothing behind, except stored frames; the target is unchanged."""
        # Closing writes the rest, which may fail as writing did; the output is removed anyway.
        with suppress(OSError, av.FFmpegError):
            self._release()
            self._resources.close()
        self._staged.discard()

    @contextmanager
    def _translating_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            raise self._staged.failure(error) from error

    @contextmanager
    def _aborting_on_error(self) -> Iterator[None]:
        try:
            with self._translating_errors():
                yield
        except BaseException:
            self.abort()
            raise

    @abstractmethod
    def _open(self, resources: ExitStack) -> None:
        """Open the file at `path`; `resources` closes what is entered into it."""

    def _sample(self, pixels: Pixels) -> None:
        """Take a frame that will be added later."""

    @abstractmethod
    def _add(self, pixels: Pixels, number: int) -> None:
        """Append frame `number`, counted from 0."""

    def _close(self) -> None:
        """Write the rest, before the resources are closed."""
        self._encode(None)

    @final
    def _encode(self, frame: av.VideoFrame | None) -> None:
        """Encode a frame, and write the packets; without one, the frames the encoder still has."""
        for packet in self._codec.encode(frame):
            self._write(packet)

    @final
    def _encode_changes(self, pixels: Pixels, number: int, pixel_format: str) -> None:
        """Encode a frame with the pixels transparent that are equal in the last one."""
        changed = picture(changes(self._last, pixels))
        frame = self._reformatter.reformat(changed, format=pixel_format)
        frame.pts = number
        self._last = pixels
        self._encode(frame)

    def _write(self, packet: "av.Packet[av.VideoStream]") -> None:
        """Write a packet of `_encode`."""

    def _complete(self) -> None:
        """Complete the file at `path`, after the resources were closed."""

    def _release(self) -> None:
        """Store what can be resumed of an aborted output."""


def open_container(
    writer: Writer, resources: ExitStack, kind: str, options: Mapping[str, str]
) -> OutputContainer:
    """Open a container of FFmpeg at the path of a writer; `resources` closes it."""
    # bitexact: no random identifier and no version of FFmpeg, so equal frames give equal bytes.
    bitexact = {"fflags": "+bitexact", **options}
    return resources.enter_context(av.open(str(writer.path), "w", format=kind, options=bitexact))


def open_stream(
    container: OutputContainer,
    writer: Writer,
    rate: Fraction,
    pixel_format: str,
    options: Mapping[str, str],
) -> av.VideoStream:
    """Add the stream of a writer to a container of FFmpeg."""
    stream = container.add_stream(writer.encoder, rate=rate, options=dict(options))
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = writer.width, writer.height, pixel_format
    stream.codec_context.time_base = stream.time_base = 1 / rate
    return stream


def image_encoder(
    writer: Writer, pixel_format: str, options: Mapping[str, str]
) -> av.VideoCodecContext:
    """Return an encoder of FFmpeg, each of whose packets is a file of one frame."""
    context = av.CodecContext.create(writer.encoder, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = writer.width, writer.height, pixel_format
    context.time_base = Fraction(1, 1000)
    context.options = dict(options)
    return context


def picture(pixels: Pixels) -> av.VideoFrame:
    """Return a frame of FFmpeg that shares the memory of `pixels`."""
    return av.VideoFrame.from_numpy_buffer(pixels, "bgra")


def changes(last: Pixels | None, pixels: Pixels) -> Pixels:
    """Return a frame with the pixels transparent that are equal in the last one.

    Drawn over the last frame, it gives the frame again. Without a last frame, it is the frame.
    """
    if last is None:
        return pixels
    whole = pixels.view(np.uint32)[..., 0]
    changed = np.where(whole == last.view(np.uint32)[..., 0], np.uint32(0), whole)
    return changed.view(np.uint8).reshape(pixels.shape)


def starts(frames: int, fps: Fraction, unit: int) -> list[int]:
    """Return the start of each frame and the end of the last one, in 1/unit s, (frames + 1,).

    Each time is rounded, so that the errors of the durations do not add up.

    >>> starts(3, Fraction(30), 100)
    [0, 3, 7, 10]
    """
    return [round(number * unit / fps) for number in range(frames + 1)]
