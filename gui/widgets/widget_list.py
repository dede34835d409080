"""A list of widgets of one kind, one below another, whose number changes."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar, final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.builders import column, dispose_widget

W = TypeVar("W", bound=QWidget)


@final
class WidgetList(Generic[W]):
    """Creates widgets in a layout, and disposes of them, as many as are needed.

    Parameters
    ----------
    make : callable
        Returns the widget with a number, counted from 0.
    spacing : int
        Pixels between the widgets.
    """

    def __init__(self, make: Callable[[int], W], spacing: int) -> None:
        self._make = make
        self._widgets: list[W] = []
        self.layout: QVBoxLayout = column(spacing=spacing)

    def __iter__(self) -> Iterator[W]:
        return iter(self._widgets)

    def __len__(self) -> int:
        return len(self._widgets)

    def __getitem__(self, number: int) -> W:
        return self._widgets[number]

    def resize(self, count: int) -> list[W]:
        """Create or remove widgets at the end; return those that were removed."""
        removed = self._widgets[count:]
        del self._widgets[count:]
        for widget in removed:
            self.layout.removeWidget(widget)
            dispose_widget(widget)
        for number in range(len(self._widgets), count):
            widget = self._make(number)
            self._widgets.append(widget)
            self.layout.addWidget(widget)
        return removed
