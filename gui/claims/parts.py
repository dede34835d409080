"""The splitter between the list of claims and the chosen claim."""

from typing import final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from gui.claims.list import ClaimList

LIST_SHARE = 0.4
"""The greatest share of the height that the list takes, until the handle is dragged."""


@final
class ClaimParts(QSplitter):
    """Gives the list the height that its results need, and the claim the remaining height."""

    def __init__(self, listed: ClaimList, detail: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("claims_parts")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(5)
        self._list = listed
        self._share = LIST_SHARE
        listed.setMinimumHeight(40)
        detail.setMinimumHeight(80)
        self.addWidget(listed)
        self.addWidget(detail)
        self.splitterMoved.connect(self._on_moved)
        listed.viewport().installEventFilter(self)

    def settle(self) -> None:
        """Divide the height again after a change of the list."""
        room = sum(self.sizes())
        height = min(self._needed_height(), round(room * self._share))
        if self.sizes() != [height, room - height]:
            self.setSizes([height, room - height])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Sentences wrap differently in a list of another width.
        if event.type() == QEvent.Type.Resize:
            self._list.scheduleDelayedItemsLayout()
        return super().eventFilter(watched, event)

    def _needed_height(self) -> int:
        self._list.doItemsLayout()
        items = (each for each in self._list.rows() if not each.isHidden())
        heights = (self._list.visualItemRect(item).height() for item in items)
        return sum(heights) + 2 * self._list.frameWidth() + 1

    def _on_moved(self, position: int, index: int) -> None:
        self._share = position / max(1, sum(self.sizes()))
