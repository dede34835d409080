"""The list of all claims, each with its sentence and the icon of its verdict."""

from typing import final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.claims.catalogue import CLAIMS
from engine.claims.claim import Claim
from gui.claims.words import typeset

BESIDE = 48
"""Pixels of a row that are not available to its sentence: the icon and the margins."""
ABOVE = 7


@final
class ClaimList(QListWidget):
    """The claims in their order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claims_list")
        self.setAccessibleName("Claims")
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setItemDelegate(_Sentences(self))
        for claim in CLAIMS:
            item = QListWidgetItem(typeset(claim.says))
            item.setToolTip(claim.text.value)
            self.addItem(item)

    def claim_of(self, item: QListWidgetItem) -> Claim:
        """Return the claim of an item."""
        return CLAIMS[self.row(item)]

    def item_of(self, claim: Claim) -> QListWidgetItem:
        """Return the item of a claim."""
        return self.item(CLAIMS.index(claim))

    def rows(self) -> list[QListWidgetItem]:
        """Return every item, hidden or not."""
        return [self.item(row) for row in range(self.count())]


@final
class _Sentences(QStyledItemDelegate):
    """Sizes a row for its sentence; the size hint of Qt ignores the padding of the style sheet."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        width = self._view.viewport().width()
        room = QRect(0, 0, max(1, width - BESIDE), 10_000)
        text = str(index.data())
        metrics = self._view.fontMetrics()
        height = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
        return QSize(width, height + 2 * ABOVE)
