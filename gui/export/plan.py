"""What is asked for of an export: a frozen value, checked when it is made."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple, final

from engine.errors import UsageError, unknown_name
from gui.export.formats.drawing import MILLIMETRES, Drawing
from gui.export.formats.format import SCREEN_DPI, Format
from gui.export.formats.registry import ALL_FORMATS
from gui.export.formats.writer import Writer
from gui.export.version import fingerprint
from gui.stage.catalogue import in_order
from gui.style.theme import THEMES

MOST_HELD = 100_000
"""The greatest number of times the first or the last frame is repeated."""
PRINT_DPI = 300
"""Pixels to the inch of a picture whose size is given in centimetres, if nothing else is said."""
DPI = (36, 2400)
"""The fewest and the most pixels to the inch."""
UNITS = {"cm": 10.0, "mm": 1.0, "in": MILLIMETRES}
"""Millimetres in each unit of length."""
_LOOK = ("size", "dpi", "panels", "theme")
"""What every frame's picture follows from, besides the experiment."""


class FrameRange(NamedTuple):
    """Which frames, as a Python slice has it."""

    start: int | None = None
    stop: int | None = None
    stride: int | None = None

    def __str__(self) -> str:
        return ":".join("" if part is None else str(part) for part in self)


ALL_FRAMES = FrameRange()


@final
@dataclass(frozen=True)
class ExportPlan:
    """Where to, in what form, and which frames of a comparison.

    Attributes
    ----------
    path : Path
        The target; its suffix is the format.
    size : (int, int)
        Width and height in pixels.
    fps : Fraction, optional
        Frames a second; see `rate`.
    frames : FrameRange
        Of the frames 0 … last index, as Python slices.
    hold_first, hold_last : int
        How many times more the first and the last of them are shown.
    panels : tuple of str
        In any order; kept in the stage's. None named: those that the experiment shows.
    theme : str
    overwrite : bool
        Whether an older target may be replaced.
    dpi : int
        Pixels to the inch on paper. A picture is laid out as a screen of 96 shows it in that
        size, so that more of them make it finer, not its type smaller.
    resume : bool
        Whether complete frames are kept if the export fails, and those that were kept are used;
        see `check`.

    Raises
    ------
    UsageError
        For a value out of range, an unknown name, or what the format cannot hold.
    """

    command: ClassVar[str] = "export"
    path: Path
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
            raise UsageError(f"dpi: give {DPI[0]} to {DPI[1]} pixels to the inch, not {self.dpi}")
        if self.is_drawing:
            self.format.check_size(self.size)
        else:
            self.writer.check(self.size, self.rate)
        if self.frames.stride == 0:
            raise UsageError("frames: the stride must not be 0")
        for name in ("hold_first", "hold_last"):
            if not 0 <= getattr(self, name) <= MOST_HELD:
                raise UsageError(
                    f"{name.replace('_', '-')}: give 0 to {MOST_HELD:,} frames, not "
                    f"{getattr(self, name)}"
                )
        object.__setattr__(self, "panels", in_order(self.panels))
        if self.theme not in THEMES:
            raise unknown_name("theme", self.theme, THEMES)

    @property
    def format(self) -> type[Format]:
        """What the suffix stands for; raises `UsageError` for an unknown one."""
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
        """What writes the format, where it is one of frames."""
        assert issubclass(self.format, Writer)
        return self.format

    @property
    def layout(self) -> tuple[int, int]:
        """The size that the picture is laid out for, in pixels of a screen."""
        width, height = (max(1, round(side * SCREEN_DPI / self.dpi)) for side in self.size)
        return width, height

    @property
    def rate(self) -> Fraction:
        """Frames a second: those asked for, or the format's own."""
        return self.writer.default_fps if self.fps is None else self.fps

    def looks_like(self, other: "ExportPlan") -> bool:
        """Tell whether every frame is the same picture."""
        return all(getattr(self, name) == getattr(other, name) for name in _LOOK)

    def pictures(self, recipe: str, indices: Sequence[int]) -> list[str]:
        """Return for each frame what the bytes of its file follow from.

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
        """Return the index of every frame to export, those that are held repeated.

        Raises
        ------
        UsageError
            If there is none.
        """
        chosen = range(last_index + 1)[slice(*self.frames)]
        if not chosen:
            raise UsageError(f"frames: {self.frames} chooses none of the frames 0 to {last_index}")
        held = [chosen[0]] * self.hold_first + list(chosen) + [chosen[-1]] * self.hold_last
        if self.is_drawing and len(held) > 1:
            raise UsageError(
                f"frames: {self.format.title} holds one frame, not {len(held):,}; choose it, as "
                "in --frames 50"
            )
        return held

    def check(self, last_index: int) -> None:
        """Raise what would keep the plan from being carried out, as far as is known by now.

        Parameters
        ----------
        last_index : int
            The greatest index there can be.
        """
        frames = len(self.indices(last_index))
        if self.resume and not self.format.makes_folder(frames):
            raise UsageError(
                "--resume: only a folder of PNG frames can be completed later; choose more than "
                "one frame and a name that ends in .png, or leave --resume out"
            )
        options = {"overwrite": self.overwrite, "resume": self.resume}
        self.format.stage(self.path, frames, **options).discard()

    def arguments(self) -> list[str]:
        """Return the arguments of the export command that stand for this plan."""
        width, height = self.size
        return [
            f"--output={self.path}",
            f"--size={width}x{height}",
            f"--dpi={self.dpi}",
            *([] if self.is_drawing else [f"--fps={self.rate}"]),
            f"--frames={self.frames}",
            f"--hold-first={self.hold_first}",
            f"--hold-last={self.hold_last}",
            *([f"--panels={','.join(self.panels)}"] if self.panels else []),
            f"--theme={self.theme}",
            *(["--overwrite"] if self.overwrite else []),
            *(["--resume"] if self.resume else []),
        ]


def parse_size(text: str, dpi: int | None = None) -> tuple[tuple[int, int], int]:
    """Return the size in pixels and the pixels to the inch that a text means.

    Parameters
    ----------
    text : str
        Such as `1920x1080`, in pixels, or `16x9cm`, `160x90mm`, `6.3x3.5in`.
    dpi : int, optional
        Pixels to the inch; else 96, or 300 where the size is one on paper.

    Raises
    ------
    UsageError
        If it is no size.

    >>> parse_size("1920x1080"), parse_size("16x9cm")
    (((1920, 1080), 96), ((1890, 1063), 300))
    """
    found = re.fullmatch(r"([+-]?\d{1,9}) *[x×X] *([+-]?\d{1,9})", text.strip(), re.ASCII)
    if found:
        return (int(found[1]), int(found[2])), SCREEN_DPI if dpi is None else dpi
    number = r"(\d{1,5}(?:\.\d{1,5})?)"
    found = re.fullmatch(rf"{number} *[x×X] *{number} *(cm|mm|in)", text.strip(), re.ASCII)
    if not found:
        raise UsageError(f'size: "{text}" is no size; write it as 1920x1080 or 16x9cm')
    dpi = PRINT_DPI if dpi is None else dpi
    return pixels_of((float(found[1]), float(found[2])), found[3], dpi), dpi


def pixels_of(size: tuple[float, float], unit: str, dpi: int) -> tuple[int, int]:
    """Return a size on paper, in one of `UNITS`, in pixels."""
    width, height = (round(side * UNITS[unit] / MILLIMETRES * dpi) for side in size)
    return width, height


def parse_fps(text: str) -> Fraction:
    """Return the frames a second that `30`, `29.97` or `30000/1001` mean; raise `UsageError`."""
    if re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9}|/\d{1,9})?", text.strip(), re.ASCII):
        try:
            return Fraction(text.strip())
        except ZeroDivisionError:
            pass
    raise UsageError(f'fps: "{text}" is no number of frames a second; write it as 30 or 29.97')


def parse_frames(text: str) -> FrameRange:
    """Return the frames that `START:STOP:STRIDE` means, or one index alone; raise `UsageError`.

    >>> str(parse_frames("10:200:2")), str(parse_frames("-1")), str(parse_frames("7"))
    ('10:200:2', '-1::', '7:8:')
    """
    parts = text.strip().split(":")
    if len(parts) <= 3 and all(re.fullmatch(r"\s*([+-]?\d{1,9})?\s*", part) for part in parts):
        numbers = [int(part) if part.strip() else None for part in parts]
        if len(numbers) > 1:
            return FrameRange(*numbers)
        if numbers[0] is not None:
            stop = numbers[0] + 1
            return FrameRange(numbers[0], stop if stop else None)
    raise UsageError(
        f'frames: "{text}" chooses no frames; write them as START:STOP:STRIDE, such as 0:200:2'
    )


def parse_panels(text: str) -> tuple[str, ...]:
    """Return the names in `a,b`; raise `UsageError` if there are none."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise UsageError("panels: choose at least one, such as network,loss")
    return names
