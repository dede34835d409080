"""What a format of frames is: a writer, one class for each."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, final

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from numpy.typing import NDArray

from engine.errors import InitscopeError, UsageError
from gui.export.formats.format import SCREEN_DPI, Format, check_recipe

Pixels = NDArray[np.uint8]
"""A frame: (height, width, 4), contiguous, of blue, green, red and 255, as QImage's RGB32 is."""

SLOWEST = Fraction(1, 10)
"""The least number of frames a second."""
FINEST = 65535
"""The greatest numerator and denominator of the frames a second: some formats have 16 bits."""


class Writer(Format):
    """Writes frames one by one; `finish` puts the file into its place, `abort` leaves nothing.

    Parameters
    ----------
    target : Path
        What to write. Nothing is seen there before `finish`.
    size : (int, int)
        Width and height in pixels.
    fps : Fraction
        Frames a second.
    frames : int
        How many frames will be added.
    recipe : str
        The TOML text of the experiment, which the file carries.
    overwrite : bool
        Whether an older target may be replaced.
    dpi : int
        Pixels to the inch on paper, for formats that say so.
    resume : bool
        Whether `keep` will be called, in formats that make a folder.

    Attributes
    ----------
    missing : sequence of int
        The numbers of the frames that will be added: all, but for those that are kept.

    Raises
    ------
    UsageError
        If the format cannot hold what is asked for.
    InitscopeError
        If the target cannot be written; also by every method.
    """

    encoder: ClassVar[str]
    """FFmpeg's name of what encodes the frames."""
    default_fps: ClassVar[Fraction] = Fraction(30)
    fastest: ClassVar[Fraction]
    """The greatest number of frames a second."""
    even_sizes: ClassVar[bool] = False
    """Whether width and height must be even."""
    samples: ClassVar[int] = 0
    """How many frames, spread over all, the writer asks to see by `sample` before the first."""

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
        try:
            self._open()
        except (OSError, av.FFmpegError) as error:
            self.abort()
            raise self._staged.failure(error) from error
        except BaseException:
            self.abort()
            raise

    @classmethod
    def lack(cls) -> str:
        try:
            av.Codec(cls.encoder, "w")
        except UnknownCodecError:
            return f"the encoder {cls.encoder}"
        return ""

    @classmethod
    def check(cls, size: tuple[int, int], fps: Fraction) -> None:
        """Raise `UsageError` if the format holds no pictures of this size, or so many a second.

        Raises `InitscopeError` where it cannot be written at all.
        """
        lack = cls.lack()
        if lack:
            raise InitscopeError(
                f"{cls.title} needs {lack}, which PyAV lacks here; choose another format, or "
                "install PyAV with pip, which brings it"
            )
        cls.check_size(size)
        width, height = size
        if cls.even_sizes and (width % 2 or height % 2):
            raise UsageError(
                f"size: {cls.title} holds even sizes only, not {width}x{height}; the nearest is "
                f"{width - width % 2}x{height - height % 2}"
            )
        if not SLOWEST <= fps <= cls.fastest:
            raise UsageError(
                f"fps: {cls.title} holds {float(SLOWEST):g} to {float(cls.fastest):g} frames a "
                f"second, not {float(fps):g}"
            )
        if max(fps.numerator, fps.denominator) > FINEST:
            raise UsageError(f"fps: {fps} is too fine a number; give fewer digits")

    @property
    def kept(self) -> int:
        """How many frames are complete, and stay when the writer is aborted."""
        return 0

    def keep(self, pictures: Sequence[str], interrupt: Callable[[], None]) -> None:
        """Keep the frames that an earlier export made, and those of this one if it is aborted.

        Formats of one file keep none.

        Parameters
        ----------
        pictures : sequence of str
            What each frame is to show, to the last bit.
        interrupt : callable
            Called between frames. What it raises ends the looking.
        """

    @final
    def sample(self, pixels: Pixels) -> None:
        """Show one of the `samples` frames, before the first is added."""
        try:
            self._sample(pixels)
        except (OSError, av.FFmpegError) as error:
            raise self._staged.failure(error) from error

    @final
    def add(self, pixels: Pixels) -> None:
        """Append a frame."""
        assert pixels.shape == (self.height, self.width, 4), pixels.shape
        try:
            self._add(pixels, self.added)
        except (OSError, av.FFmpegError) as error:
            raise self._staged.failure(error) from error
        self.added += 1

    @final
    def finish(self) -> None:
        """Write what is left and put the file into its place; if that fails, abort."""
        try:
            if self.added != len(self.missing):
                raise InitscopeError(f"{self.added} of {self.frames} frames were rendered")
            self._close()
        except (OSError, av.FFmpegError) as error:
            self.abort()
            raise self._staged.failure(error) from error
        except BaseException:
            self.abort()
            raise
        self._staged.commit()

    @final
    def abort(self) -> None:
        """Leave nothing behind but what is kept; the target stays as it was."""
        # Closing writes what is left, which may fail as writing did; it goes anyway.
        with suppress(OSError, av.FFmpegError):
            self._release()
        self._staged.discard()

    @abstractmethod
    def _open(self) -> None:
        """Begin the file at `path`."""

    def _sample(self, pixels: Pixels) -> None:
        """Take notice of a frame that will be added later."""

    @abstractmethod
    def _add(self, pixels: Pixels, number: int) -> None:
        """Append frame `number`, counted from 0."""

    @abstractmethod
    def _close(self) -> None:
        """Complete the file at `path` and close it."""

    @abstractmethod
    def _release(self) -> None:
        """Close what is open; the file need not be complete. May be called at any time, twice."""


def picture(pixels: Pixels) -> av.VideoFrame:
    """Return a frame for FFmpeg that shares the memory of `pixels`."""
    return av.VideoFrame.from_numpy_buffer(pixels, "bgra")


def starts(frames: int, fps: Fraction, unit: int) -> list[int]:
    """Return when each frame starts, and when the last one ends, in 1/unit s, (frames + 1,).

    Every time is off by half a unit at most, so the delays between them differ where they must.

    >>> starts(3, Fraction(30), 100)
    [0, 3, 7, 10]
    """
    return [round(number * unit / fps) for number in range(frames + 1)]
