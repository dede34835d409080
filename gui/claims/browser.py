"""The claims browser: a list to search and filter, and beside it the claim that is chosen."""

from typing import final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Outcome, Text, Verdict
from gui.claims.detail import ClaimDetail
from gui.claims.measuring import ClaimMeasuring
from gui.icons import icon
from gui.theme import Theme, font

WIDTH = 336
ICONS = {
    Verdict.HOLDS: "check",
    Verdict.HOLDS_WHEN: "holds-when",
    Verdict.FAILS: "remove",
    Verdict.UNMEASURED: "waiting",
}


@final
class ClaimsBrowser(QFrame):
    """Lists every claim with its verdict, which is measured once the browser is first seen.

    Signals
    -------
    asked(str, int)
        A built-in experiment is to be shown, at this frame.
    """

    asked = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claims_browser")
        self.setFixedWidth(WIDTH)
        self._outcomes: dict[str, Outcome] = {}
        self._icons: dict[Verdict, QIcon] = {}
        self._measuring = ClaimMeasuring(self)
        self._measuring.measured.connect(self.show_outcome)
        self._measuring.ended.connect(self._on_ended)
        heading = QLabel("What the texts claim")
        heading.setFont(font(13, bold=True))
        self.search = QLineEdit()
        self.search.setObjectName("claims_search")
        self.search.setPlaceholderText("Search the claims")
        self.search.setClearButtonEnabled(True)
        self.text_filter = _filter("Every text", {each: f"The {each.value}" for each in Text})
        self.text_filter.setObjectName("claims_text")
        self.text_filter.setAccessibleName("Whose claims")
        self.verdict_filter = _filter(
            "Every verdict", {each: each.value.capitalize() for each in Verdict}
        )
        self.verdict_filter.setObjectName("claims_verdict")
        self.verdict_filter.setAccessibleName("Which verdict")
        self.count = QLabel()
        self.count.setProperty("role", "quiet")
        self.list = QListWidget()
        self.list.setObjectName("claims_list")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.detail = ClaimDetail(theme)
        self.detail.asked.connect(self.asked)
        for claim in CLAIMS:
            item = QListWidgetItem(claim.says)
            item.setData(Qt.ItemDataRole.UserRole, claim.id)
            item.setToolTip(claim.text.value)
            self.list.addItem(item)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(7)
        top = QVBoxLayout()
        top.setContentsMargins(14, 0, 14, 0)
        filters = QHBoxLayout()
        for box in (self.text_filter, self.verdict_filter):
            filters.addWidget(box, 1)
        top.addWidget(heading)
        top.addWidget(self.search)
        top.addLayout(filters)
        top.addWidget(self.count)
        column.addLayout(top)
        column.addWidget(self.list, 10)
        column.addWidget(self.detail, 9)
        self.search.textChanged.connect(self._filter)
        self.text_filter.currentIndexChanged.connect(self._filter)
        self.verdict_filter.currentIndexChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self._show_chosen)
        self.list.itemClicked.connect(self._open)
        self.list.itemActivated.connect(self._open)
        self.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if len(self._outcomes) < len(CLAIMS):
            self._measuring.start()
            self._filter()

    def stop(self) -> None:
        """Measure no more; return when that is so."""
        self._measuring.stop()

    def set_theme(self, theme: Theme) -> None:
        self._icons = {verdict: icon(name, theme) for verdict, name in ICONS.items()}
        self.detail.set_theme(theme)
        for item in self._items():
            item.setIcon(self._icons[self._verdict(item)])

    @Slot(object)
    def show_outcome(self, outcome: Outcome) -> None:
        """Show what was measured of a claim."""
        self._outcomes[outcome.claim.id] = outcome
        for item in self._items():
            if self._claim(item) is outcome.claim:
                item.setIcon(self._icons[outcome.verdict])
                if item is self.list.currentItem():
                    self._show_chosen()
        self._filter()

    @Slot()
    def _filter(self) -> None:
        words = self.search.text().lower().split()
        text, verdict = self.text_filter.currentData(), self.verdict_filter.currentData()
        shown = 0
        for item in self._items():
            claim = self._claim(item)
            said = f"{claim.says} {claim.condition} {claim.id} {claim.text.value}".lower()
            fits = (
                all(word in said for word in words)
                and text in (None, claim.text)
                and verdict in (None, self._verdict(item))
            )
            item.setHidden(not fits)
            shown += fits
        measuring = f", {len(self._outcomes)} measured …" if self._measuring.is_running else ""
        self.count.setText(f"{shown} of {len(CLAIMS)} claims{measuring}")

    @Slot()
    def _show_chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            claim = self._claim(item)
            self.detail.show_claim(claim, self._outcomes.get(claim.id))

    @Slot(QListWidgetItem)
    def _open(self, item: QListWidgetItem) -> None:
        """Show the first experiment of a claim that was clicked or entered."""
        for name, frame in self._claim(item).shown.items():
            self.asked.emit(name, frame)
            return

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        self._filter()
        if problem:
            self.count.setText(problem)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _claim(self, item: QListWidgetItem) -> Claim:
        return REGISTERED[item.data(Qt.ItemDataRole.UserRole)]

    def _verdict(self, item: QListWidgetItem) -> Verdict:
        outcome = self._outcomes.get(self._claim(item).id)
        return outcome.verdict if outcome else Verdict.UNMEASURED


def _filter(everything: str, choices: dict[Text, str] | dict[Verdict, str]) -> QComboBox:
    """Return a box that chooses one thing or everything."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.addItem(everything, None)
    for value, name in choices.items():
        box.addItem(name, value)
    widest = max(box.fontMetrics().horizontalAdvance(name) for name in choices.values())
    box.view().setMinimumWidth(widest + 40)
    return box
