"""The base of formats that hold one frame as lines and areas, sharp at any size."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, final

from engine import Steps, xml_characters
from gui.export.formats.format import Format, check_recipe

if TYPE_CHECKING:  # what reads a recipe needs no Qt
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

MILLIMETRES = 25.4
"""Per inch."""

_LARGEST = 128 * 2**20
"""The largest file, in bytes, that is searched for a recipe."""

Paint = Callable[["QPainter", "QRectF"], Iterator[bool]]
"""Paints the frame into a rectangle, in steps."""
Content = Callable[[], bytes]
"""Returns the content of a file, in any thread."""


class Sheet(NamedTuple):
    """The subject of a drawing.

    Attributes
    ----------
    size : (int, int)
        Width and height in pixels of a screen with 96 pixels per inch.
    title : str
    recipe : str
        The TOML text of the experiment, which the file contains.
    paint : callable
    """

    size: tuple[int, int]
    title: str
    recipe: str
    paint: Paint


class Drawing(Format):
    """Writes one frame. Text is drawn as outlines, or its font is embedded."""

    holds_single_frame = True

    @classmethod
    @final
    def paint(cls, sheet: Sheet) -> Steps[Content]:
        """Return steps that paint the frame, in the thread of Qt's items.

        In the title, characters that XML cannot hold are replaced.

        Raises
        ------
        UsageError
            If the recipe is too long.
        """
        check_recipe(sheet.recipe)
        return cls._paint(sheet._replace(title=xml_characters(sheet.title)))

    @classmethod
    @final
    def write(cls, target: Path, content: Content, *, overwrite: bool) -> None:
        """Write a file, completely or not at all, in any thread.

        Raises
        ------
        InitscopeError
            If the target exists and may not be replaced, or cannot be written.
        """
        with cls.stage(target, 1, overwrite=overwrite) as staged:
            staged.path.write_bytes(content())

    @staticmethod
    @abstractmethod
    def _paint(sheet: Sheet) -> Steps[Content]:
        """Paint the frame in steps; return the function that makes the content of the file."""


def read_whole(file: BinaryIO) -> bytes:
    """Return the content of a drawing; raise `ValueError` if it is too long."""
    content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError("it is too long")
    return content
