"""What every export format says of itself, whether it holds frames or a drawing."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import BinaryIO, ClassVar, final

from engine.errors import UsageError
from engine.io.staged_output import StagedFile, StagedOutput
from gui.export.staging.staged_folder import StagedFolder

MAX_RECIPE = 16 * 2**20
"""Bytes of UTF-8: the longest recipe that is written or read."""
SIDES = (16, 8192)
"""The least and the greatest width or height in pixels."""
SCREEN_DPI = 96
"""Pixels to the inch of the screen that pictures are laid out for."""


class Format(ABC):
    """A kind of file that carries its recipe, the TOML text of the experiment."""

    suffix: ClassVar[str]
    """With its dot."""
    title: ClassVar[str]
    """What users call the format."""

    @classmethod
    def lack(cls) -> str:
        """Return what is lacking here to write such files, as a sentence names it; or nothing."""
        return ""

    @classmethod
    def check_size(cls, size: tuple[int, int]) -> None:
        """Raise `UsageError` if the format holds no pictures of this size in pixels."""
        least, most = SIDES
        width, height = size
        if not (least <= width <= most and least <= height <= most):
            raise UsageError(
                f"size: {width}x{height} is out of range; width and height lie between {least} "
                f"and {most} pixels"
            )

    @classmethod
    def makes_folder(cls, frames: int) -> bool:
        """Return whether this number of frames becomes a folder instead of a file."""
        return False

    @classmethod
    @final
    def stage(
        cls, target: Path, frames: int, *, overwrite: bool, resume: bool = False
    ) -> StagedOutput:
        """Return the staged file or folder for an output of this number of frames."""
        if cls.makes_folder(frames):
            return StagedFolder(target, overwrite=overwrite, resume=resume)
        return StagedFile(target, overwrite=overwrite)

    @staticmethod
    @abstractmethod
    def recognises(head: bytes) -> bool:
        """Tell whether a file that begins with these bytes (at most 64) is of this format."""

    @staticmethod
    @abstractmethod
    def texts(file: BinaryIO) -> list[str]:
        """Return the texts in a file that may be a recipe, none longer than `MAX_RECIPE`.

        Raises
        ------
        ValueError, OSError, EOFError, av.FFmpegError
            If the file is damaged.
        """


def check_recipe(recipe: str) -> None:
    """Raise `UsageError` if a recipe is too long to be read again."""
    if len(recipe.encode()) > MAX_RECIPE:
        raise UsageError(
            f"the text of the experiment is longer than {MAX_RECIPE // 2**20} MiB, too long "
            "to travel in a file; use fewer points"
        )
