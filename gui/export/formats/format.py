"""The base of every export format."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import BinaryIO, ClassVar, final

from engine import UsageError
from engine.io.staged_output import StagedFile, StagedOutput
from gui.export.formats.staged_folder import StagedFolder

MAX_RECIPE = 16 * 2**20
"""The longest recipe that is written or read, in bytes of UTF-8."""
SIDES = (16, 8192)
"""The range of widths and heights in pixels."""
SCREEN_DPI = 96
"""Pixels per inch of the screen for which pictures are laid out."""


class Format(ABC):
    """A kind of file that contains its recipe, the TOML text of the experiment."""

    suffix: ClassVar[str]
    """The end of the name of a file, with its dot."""
    title: ClassVar[str]
    """The name that users see."""
    signature: ClassVar[bytes]
    """The regular expression of the first bytes, at most 64, of files of this format."""
    holds_single_frame: ClassVar[bool] = False
    """Whether it is offered for the export of one frame."""

    @classmethod
    def lack(cls) -> str:
        """Return what is missing to write such files, such as "the encoder x", or an empty text."""
        return ""

    @classmethod
    def check_size(cls, size: tuple[int, int]) -> None:
        """Raise `UsageError` if the format does not support this size in pixels."""
        least, most = SIDES
        width, height = size
        if not (least <= width <= most and least <= height <= most):
            raise UsageError(
                f"size: {width}x{height} is out of range; width and height must be {least} to "
                f"{most} pixels"
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

    @classmethod
    @abstractmethod
    def texts(cls, file: BinaryIO) -> list[str]:
        """Return the texts of a file that may be a recipe, none longer than `MAX_RECIPE`.

        Raises
        ------
        ValueError, OSError, EOFError, av.FFmpegError
            If the file is damaged.
        """


def read_exactly(file: BinaryIO, count: int) -> bytes:
    """Return the next bytes of a file; raise `EOFError` if there are fewer."""
    data = file.read(count)
    if len(data) < count:
        raise EOFError("it ends too early")
    return data


def check_recipe(recipe: str) -> None:
    """Raise `UsageError` if a recipe is too long to be read again."""
    if len(recipe.encode()) > MAX_RECIPE:
        raise UsageError(
            f"the text of the experiment is longer than {MAX_RECIPE // 2**20} MiB, too long "
            "to be stored in a file; use fewer points"
        )
