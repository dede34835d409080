"""The plan of an export: a frozen value that is checked when it is made."""

import re
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, final

import msgspec

from engine import UsageError, unknown_name
from engine.ensemble.fingerprint import fingerprint as training_fingerprint
from engine.io.resources import source_digest
from gui.export.formats.drawing import MILLIMETRES, Drawing
from gui.export.formats.format import SCREEN_DPI, Format
from gui.export.formats.registry import ALL_FORMATS
from gui.export.formats.writer import Writer
from gui.export.order import Order
from gui.stage.catalogue import in_order
from gui.style.theme import THEMES

MAX_HOLD = 100_000
"""The largest number of times that the first or the last frame is repeated."""
PRINT_DPI = 300
"""The default number of pixels per inch of a picture whose size is one on paper."""
DPI = (36, 2400)
"""The range of pixels per inch."""
UNITS = {"cm": 10.0, "mm": 1.0, "in": MILLIMETRES}
"""Millimetres in each unit of length."""
_LOOK = ("size", "dpi", "panels", "theme")
"""The fields that determine the pixels of a frame, besides the experiment."""
_DRAWN_BY = ("PySide6-Essentials", "pyqtgraph", "ziamath", "cmap", "fontpkg-inter", "av")
"""The libraries on whose versions the pixels of a frame depend."""


class FrameRange(NamedTuple):
    """Which frames, as a Python slice."""

    start: int | None = None
    stop: int | None = None
    stride: int | None = None

    def __str__(self) -> str:
        return ":".join("" if part is None else str(part) for part in self)


ALL_FRAMES = FrameRange()


@final
class ExportPlan(Order, frozen=True):
    """Which frames of a scene to export, in what form, and where.

    Attributes
    ----------
    path : Path
        The target; its suffix is the format.
    size : (int, int)
        Width and height in pixels.
    fps : Fraction, optional
        Frames per second; see `rate`.
    frames : FrameRange
        A slice of the frames 0 … last index.
    hold_first, hold_last : int
        How many times the first and the last of them are repeated.
    panels : tuple of str
        In any order; stored in the stage's. Empty: the panels of the experiment.
    theme : str
    overwrite : bool
        Whether an existing target may be replaced.
    dpi : int
        Pixels per inch on paper. A picture is laid out as on a screen with 96 pixels per inch,
        so more of them make it sharper, not its type smaller.
    resume : bool
        Whether complete frames are stored if the export fails, and stored frames are used;
        see `check`.

    Raises
    ------
    UsageError
        If a value is out of range, a name is unknown, or the format cannot hold the plan.
    """

    kind = "export"
    size: tuple[int, int] = (1920, 1080)
    fps: Fraction | None = None
    frames: FrameRange = ALL_FRAMES
    hold_first: int = 0
    hold_last: int = 0
    panels: tuple[str, ...] = ()
    theme: str = "light"
    overwrite: bool = False
    dpi: int = SCREEN_DPI
    resume: bool = False

    def __post_init__(self) -> None:
        if not DPI[0] <= self.dpi <= DPI[1]:
            raise UsageError(f"dpi: expected {DPI[0]} to {DPI[1]} pixels per inch, got {self.dpi}")
        if self.is_drawing:
            self.format.check_size(self.size)
        else:
            self.writer.check(self.size, self.rate)
        if self.frames.stride == 0:
            raise UsageError("frames: the stride must not be 0")
        for name in ("hold_first", "hold_last"):
            if not 0 <= getattr(self, name) <= MAX_HOLD:
                raise UsageError(
                    f"{name.replace('_', '-')}: expected 0 to {MAX_HOLD:,} frames, got "
                    f"{getattr(self, name)}"
                )
        msgspec.structs.force_setattr(self, "panels", in_order(self.panels))
        if self.theme not in THEMES:
            raise unknown_name("theme", self.theme, THEMES)

    @property
    def format(self) -> type[Format]:
        """The format of the suffix; raises `UsageError` if it is unknown."""
        suffix = self.path.suffix.lower()
        if suffix not in ALL_FORMATS:
            known = ", ".join(ALL_FORMATS)
            if not suffix:
                raise UsageError(f"{self.path}: the name must end in one of {known}")
            raise unknown_name("export format", suffix, ALL_FORMATS)
        return ALL_FORMATS[suffix]

    @property
    def is_drawing(self) -> bool:
        """Whether the format holds one frame, as a drawing."""
        return issubclass(self.format, Drawing)

    @property
    def writer(self) -> type[Writer]:
        """The writer of the format, if it is a format of frames."""
        assert issubclass(self.format, Writer)
        return self.format

    @property
    def layout(self) -> tuple[int, int]:
        """The width and height for which the picture is laid out, in pixels of a screen."""
        width, height = (max(1, round(side * SCREEN_DPI / self.dpi)) for side in self.size)
        return width, height

    @property
    def rate(self) -> Fraction:
        """Frames per second: `fps`, or the default of the format."""
        return self.writer.default_fps if self.fps is None else self.fps

    def looks_like(self, other: "ExportPlan") -> bool:
        """Return whether every frame has the same pixels."""
        return all(getattr(self, name) == getattr(other, name) for name in _LOOK)

    def pictures(self, recipe: str, indices: Sequence[int]) -> list[str]:
        """Return for each frame a text that determines the bytes of its file.

        Parameters
        ----------
        recipe : str
            The TOML text of the experiment.
        indices : sequence of int
        """
        sources = [fingerprint(), recipe, *(getattr(self, name) for name in _LOOK)]
        digest = sha256(repr(sources).encode()).hexdigest()
        return [f"{digest} {index}" for index in indices]

    def indices(self, last_index: int) -> list[int]:
        """Return the index of every frame to export; frames that are held are repeated.

        Raises
        ------
        UsageError
            If there is no such frame.
        """
        selected = range(last_index + 1)[slice(*self.frames)]
        if not selected:
            raise UsageError(f"frames: {self.frames} selects none of the frames 0 to {last_index}")
        held = [selected[0]] * self.hold_first + list(selected)
        held += [selected[-1]] * self.hold_last
        if self.is_drawing and len(held) > 1:
            raise UsageError(
                f"frames: {self.format.title} holds one frame, not {len(held):,}; select it, for "
                "example with --frames 50"
            )
        return held

    def check(self, last_index: int) -> None:
        """Raise the errors of an export of this plan that can be found beforehand.

        Parameters
        ----------
        last_index : int
            The largest index there can be.
        """
        frames = len(self.indices(last_index))
        if self.resume and not self.format.makes_folder(frames):
            raise UsageError(
                "--resume: only a folder of PNG frames can be completed later; select more than "
                "one frame and a name that ends in .png, or omit --resume"
            )
        options = {"overwrite": self.overwrite, "resume": self.resume}
        self.format.stage(self.path, frames, **options).discard()

    def open_writer(self, frames: int, recipe: str, path: Path | None = None) -> Writer:
        """Return a writer for this number of frames, which writes to `path` or to the target."""
        return self.writer(
            path or self.path,
            self.size,
            self.rate,
            frames,
            recipe,
            overwrite=self.overwrite,
            dpi=self.dpi,
            resume=self.resume,
        )


@cache
def fingerprint() -> str:
    """Return the versions of the libraries that compute, draw and encode, and of the program."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _DRAWN_BY)
    return f"{training_fingerprint()}, gui {source_digest('gui')}, {libraries}"


def parse_size(text: str, dpi: int | None = None) -> tuple[tuple[int, int], int]:
    """Return the size in pixels, and the pixels per inch, of a text.

    Parameters
    ----------
    text : str
        Such as `1920x1080`, in pixels, or `16x9cm`, `160x90mm`, `6.3x3.5in`.
    dpi : int, optional
        Pixels per inch; by default 96, or 300 if the size is one on paper.

    Raises
    ------
    UsageError
        If the text is not a size.

    >>> parse_size("1920x1080"), parse_size("16x9cm")
    (((1920, 1080), 96), ((1890, 1063), 300))
    """
    found = re.fullmatch(r"([+-]?\d{1,9}) *[x×X] *([+-]?\d{1,9})", text.strip(), re.ASCII)
    if found:
        return (int(found[1]), int(found[2])), SCREEN_DPI if dpi is None else dpi
    number = r"(\d{1,5}(?:\.\d{1,5})?)"
    found = re.fullmatch(rf"{number} *[x×X] *{number} *(cm|mm|in)", text.strip(), re.ASCII)
    if not found:
        raise UsageError(f'size: expected a size such as 1920x1080 or 16x9cm, got "{text}"')
    dpi = PRINT_DPI if dpi is None else dpi
    return pixels_of((float(found[1]), float(found[2])), found[3], dpi), dpi


def pixels_of(size: tuple[float, float], unit: str, dpi: int) -> tuple[int, int]:
    """Return a size on paper, in one of `UNITS`, in pixels."""
    width, height = (round(side * UNITS[unit] / MILLIMETRES * dpi) for side in size)
    return width, height


def parse_fps(text: str) -> Fraction:
    """Return the frames per second of `30`, `29.97` or `30000/1001`; raise `UsageError`."""
    if re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9}|/\d{1,9})?", text.strip(), re.ASCII):
        with suppress(ZeroDivisionError):
            return Fraction(text.strip())
    raise UsageError(f'fps: expected a number such as 30 or 29.97, got "{text}"')


def parse_frames(text: str) -> FrameRange:
    """Return the frames of `START:STOP:STRIDE`, or of one index; raise `UsageError`.

    >>> str(parse_frames("10:200:2")), str(parse_frames("-1")), str(parse_frames("7"))
    ('10:200:2', '-1::', '7:8:')
    """
    parts = text.strip().split(":")
    if len(parts) <= 3 and all(re.fullmatch(r"\s*([+-]?[0-9]{1,9})?\s*", part) for part in parts):
        numbers = [int(part) if part.strip() else None for part in parts]
        if len(numbers) > 1:
            return FrameRange(*numbers)
        if numbers[0] is not None:
            stop = numbers[0] + 1
            return FrameRange(numbers[0], stop if stop else None)
    raise UsageError(
        f'frames: expected START:STOP:STRIDE, such as 0:200:2, or one number, got "{text}"'
    )


def parse_panels(text: str) -> tuple[str, ...]:
    """Return the names in `a,b`; raise `UsageError` if there are none."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise UsageError("panels: expected at least one, such as network,loss")
    return names
