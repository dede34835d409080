"""The claims browser: a list to search and filter, and below it the claim that is chosen."""

from functools import cache
from typing import final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Outcome, Text, Verdict
from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment
from engine.library.built_ins import built_in
from gui.claims.detail import ClaimDetail
from gui.claims.list import ClaimList
from gui.claims.measuring import ClaimMeasuring
from gui.claims.parts import ClaimParts
from gui.claims.verdicts import ICONS, verdict_of
from gui.style.icons import icon
from gui.style.theme import Theme, font

WIDTHS = 336, 520
"""At least and at most; between them it takes a share of the window."""
TYPE_SIZES = 13, 15
"""Of the narrowest and the widest browser: who has a large window may sit far from it."""
TEXT_NAMES = {text: f"The {text.value.split(' on ')[0]}" for text in Text}
TEXT_TIPS = {text: f"The {text.value}" for text in Text}
VERDICT_NAMES = {verdict: verdict.value.capitalize() for verdict in Verdict}


@final
class ClaimsBrowser(QFrame):
    """Lists every claim with its verdict, which is measured once the browser is first seen.

    Signals
    -------
    asked(Claim, str, int)
        One of a claim's experiments is to be shown, at this frame.
    measured(Outcome)
        A claim has been measured, and is shown so.
    """

    asked = Signal(object, str, int)
    measured = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claims_browser")
        self.setMinimumWidth(WIDTHS[0])
        self.setMaximumWidth(WIDTHS[1])
        self._outcomes: dict[str, Outcome] = {}
        self._icons: dict[Verdict, QIcon] = {}
        self._type_size = TYPE_SIZES[0]
        self._measuring = ClaimMeasuring(self)
        self._measuring.measured.connect(self.show_outcome)
        self._measuring.finished.connect(self._on_ended)
        self._heading = QLabel("What the texts claim")
        self.search = QLineEdit()
        self.search.setObjectName("claims_search")
        self.search.setPlaceholderText("Search the claims")
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.text_filter = _filter("Every text", TEXT_NAMES, TEXT_TIPS)
        self.text_filter.setObjectName("claims_text")
        self.text_filter.setAccessibleName("Whose claims")
        self.verdict_filter = _filter("Every verdict", VERDICT_NAMES, {})
        self.verdict_filter.setObjectName("claims_verdict")
        self.verdict_filter.setAccessibleName("Which verdict")
        self.count = QLabel()
        self.count.setProperty("role", "quiet")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.list = ClaimList()
        self.detail = ClaimDetail(theme)
        self.detail.asked.connect(self._ask)
        self.parts = ClaimParts(self.list, self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(6)
        top = QVBoxLayout()
        top.setContentsMargins(14, 0, 14, 0)
        top.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.count)
        filters = QHBoxLayout()
        for box in (self.text_filter, self.verdict_filter):
            filters.addWidget(box, 1)
        top.addLayout(head)
        top.addWidget(self.search)
        top.addLayout(filters)
        top.addWidget(self.problem)
        column.addLayout(top)
        column.addWidget(self.parts, 1)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        smallest, largest = TYPE_SIZES
        share = (self.width() - WIDTHS[0]) / (WIDTHS[1] - WIDTHS[0])
        size = min(largest, max(smallest, round(smallest + share * (largest - smallest))))
        if size != self._type_size:
            self._set_type_size(size)
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # From the search one goes on with the keys: down to the results, or straight into one.
        if watched is self.search and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.type() == QEvent.Type.KeyPress and (
                is_enter or event.key() == Qt.Key.Key_Down
            ):
                self._enter_list(is_enter)
                return True
        return super().eventFilter(watched, event)

    def stop(self) -> None:
        """Measure no more; return when that is so."""
        self._measuring.stop()

    def set_theme(self, theme: Theme) -> None:
        self._icons = {verdict: icon(name, theme) for verdict, name in ICONS.items()}
        self.detail.set_theme(theme)
        self._set_type_size(self._type_size)  # new looks of the application undo it
        for item in self.list.rows():
            item.setIcon(self._icons[self._verdict(item)])

    def outcome(self, claim: Claim) -> Outcome | None:
        """Return what was measured of a claim by now."""
        return self._outcomes.get(claim.id)

    def choose(self, claim: Claim) -> None:
        """Choose a claim without opening its experiment."""
        for item in self.list.rows():
            if self._claim(item) is claim:
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item)

    def show_source(self, source: Experiment | None) -> None:
        """Mark the experiment that is on the stage, given as it was opened."""
        self.detail.show_source(source)

    @Slot(object)
    def show_outcome(self, outcome: Outcome) -> None:
        """Show what was measured of a claim."""
        self._outcomes[outcome.claim.id] = outcome
        for item in self.list.rows():
            if self._claim(item) is outcome.claim:
                item.setIcon(self._icons[outcome.verdict])
                if item is self.list.currentItem():
                    self._show_chosen()
        self._filter()
        self.measured.emit(outcome)

    @Slot()
    def _filter(self) -> None:
        words = self.search.text().lower().split()
        text, verdict = self.text_filter.currentData(), self.verdict_filter.currentData()
        self.text_filter.setToolTip(TEXT_TIPS.get(text, ""))
        shown, has_changed = 0, False
        for item in self.list.rows():
            claim = self._claim(item)
            fits = (
                text in (None, claim.text)
                and verdict in (None, self._verdict(item))
                and (not words or all(word in _searched(claim.id) for word in words))
            )
            has_changed |= item.isHidden() is fits
            item.setHidden(not fits)
            shown += fits
        measuring = f", {len(self._outcomes)} measured" if self._measuring.is_running else ""
        self.count.setText(f"{shown} of {len(CLAIMS)}{measuring}")
        if has_changed:
            self.parts.settle()

    @Slot()
    def _show_chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            claim = self._claim(item)
            self.detail.show_claim(claim, self._outcomes.get(claim.id))

    def _set_type_size(self, pixels: int) -> None:
        self._type_size = pixels
        # One by one: where there is a style sheet, no font is inherited.
        filters = (self.search, self.text_filter, self.verdict_filter)
        for part in (*filters, self.count, self.problem, self.list):
            part.setFont(font(pixels))
        self._heading.setFont(font(pixels, bold=True))
        self.detail.set_type_size(pixels)

    def _enter_list(self, opens: bool) -> None:
        """Go from the search to the chosen result, or to the first one."""
        results = [item for item in self.list.rows() if not item.isHidden()]
        if not results:
            return
        current = self.list.currentItem()
        item = current if current in results else results[0]
        self.list.setFocus()
        self.list.setCurrentItem(item)
        if opens:
            self._open(item)

    @Slot(QListWidgetItem)
    def _open(self, item: QListWidgetItem) -> None:
        """Show the first experiment of a claim that was clicked or entered."""
        for name, frame in self._claim(item).shown.items():
            self.asked.emit(self._claim(item), name, frame)
            return

    @Slot(str, int)
    def _ask(self, name: str, frame: int) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.asked.emit(self._claim(item), name, frame)

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        self._filter()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _claim(self, item: QListWidgetItem) -> Claim:
        return REGISTERED[item.data(Qt.ItemDataRole.UserRole)]

    def _verdict(self, item: QListWidgetItem) -> Verdict:
        return verdict_of(self._outcomes.get(self._claim(item).id))


@cache
def _searched(id: str) -> str:
    """Return all that is searched of a claim; made when it is first needed, as it reads files."""
    claim = REGISTERED[id]
    told = [claim.says, claim.when, claim.reason, claim.id, claim.text.value]
    for name in claim.shown:
        told.append(name)
        try:
            told.append(built_in(name).title)
        except InitscopeError:
            continue  # its link tells why
    return " ".join(told).lower()


def _filter(
    everything: str,
    choices: dict[Text, str] | dict[Verdict, str],
    tips: dict[Text, str] | dict[Verdict, str],
) -> QComboBox:
    """Return a box that chooses one thing or everything; what is short is told in a tool tip."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.addItem(everything, None)
    for value, name in choices.items():
        box.addItem(name, value)
    for row, tip in enumerate(tips.values(), 1):
        box.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
    return box
