"""What a format of drawings is: one frame as lines and areas, sharp however large it is shown."""

from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, final

from gui.export.formats.format import SCREEN_DPI, Format, check_recipe

if TYPE_CHECKING:  # what reads a recipe needs no Qt
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

MILLIMETRES = 25.4
"""To the inch."""

Paint = Callable[["QPainter", "QRectF"], Iterator[None]]
"""Paints the frame into a rectangle, in steps."""
Content = Callable[[], bytes]
"""Makes what a file contains, in any thread."""
Painting = Generator[None, None, Content]
"""Steps of painting a frame; what they return makes the file of it."""


class Sheet(NamedTuple):
    """What a drawing is of.

    Attributes
    ----------
    size : (int, int)
        Width and height in pixels of a screen with 96 to the inch.
    title : str
    recipe : str
        The TOML text of the experiment, which the file carries.
    paint : callable
    """

    size: tuple[int, int]
    title: str
    recipe: str
    paint: Paint

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height on paper."""
        width, height = (side / SCREEN_DPI * MILLIMETRES for side in self.size)
        return width, height


class Drawing(Format):
    """Writes one frame. Text becomes a picture of itself, or brings its font along."""

    @classmethod
    @final
    def paint(cls, sheet: Sheet) -> Painting:
        """Return what paints the frame, in the thread of Qt's items.

        Raises
        ------
        UsageError
            If the recipe is too long.
        """
        check_recipe(sheet.recipe)
        return cls._paint(sheet)

    @classmethod
    @final
    def write(cls, target: Path, content: Content, *, overwrite: bool) -> None:
        """Write a file, whole or not at all; in any thread.

        Raises
        ------
        InitscopeError
            If the target is there and may not be replaced, or cannot be written.
        """
        with cls.stage(target, 1, overwrite=overwrite) as staged:
            staged.path.write_bytes(content())

    @staticmethod
    @abstractmethod
    def _paint(sheet: Sheet) -> Painting:
        """Paint the frame in steps; return what makes the file of it."""
