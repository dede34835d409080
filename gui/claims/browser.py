"""The claims browser: a list with a search and filters, and the chosen claim below it."""

from functools import cache
from typing import final

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QWidget,
)

from engine import InitscopeError
from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Outcome, Text, Verdict
from engine.claims.reports import Report, stored_reports
from engine.library.built_ins import built_in
from gui.claims.detail import ClaimDetail
from gui.claims.list import ClaimList
from gui.claims.measuring import ClaimAttack, ClaimMeasuring
from gui.claims.parts import ClaimParts
from gui.claims.verdicts import ICONS, verdict_of
from gui.style.icons import icon
from gui.style.theme import Theme, font
from gui.widgets import column, configured, row

WIDTHS = 336, 520
"""The least and the greatest width, in pixels."""
TYPE_SIZES = 13, 15
"""The type sizes of the narrowest and of the widest browser, in pixels."""
TEXT_NAMES = {text: f"The {text.value.split(' on ')[0]}" for text in Text}
TEXT_TIPS = {text: f"The {text.value}" for text in Text}
VERDICT_NAMES = {verdict: verdict.value.capitalize() for verdict in Verdict}


@final
class ClaimsBrowser(QFrame):
    """A list of all claims with their verdicts, which are measured when it is first shown.

    Signals
    -------
    experiment_requested(Claim, str, int)
        One of the experiments of a claim, by its name, and the frame to show.
    experiment_opened(str)
        The TOML text of an experiment that the attack on a claim found.
    """

    experiment_requested = Signal(Claim, str, int)
    experiment_opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claims_browser")
        self.setMinimumWidth(WIDTHS[0])
        self.setMaximumWidth(WIDTHS[1])
        self._outcomes: dict[str, Outcome] = {}
        self._reports: dict[str, Report] = dict(stored_reports())
        self._icons: dict[Verdict, QIcon] = {}
        self._type_size = TYPE_SIZES[0]
        self.measuring = ClaimMeasuring(self)
        self.measuring.measured.connect(self.show_outcome)
        self.measuring.finished.connect(self._on_finished)
        self.attack = ClaimAttack(self)
        self.attack.attacked.connect(self.show_report)
        self.attack.finished.connect(self._show_problem)
        self._heading = QLabel("What texts claim")
        self.search = configured(
            QLineEdit(),
            objectName="claims_search",
            placeholderText="Search the claims",
            clearButtonEnabled=True,
        )
        self.search.installEventFilter(self)
        self.text_filter = _filter("claims_text", "Whose claims", "Every text", TEXT_NAMES)
        for index, tip in enumerate(TEXT_TIPS.values(), 1):
            self.text_filter.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        self.verdict_filter = _filter(
            "claims_verdict", "Which verdict", "Every verdict", VERDICT_NAMES
        )
        self.count = configured(QLabel(), role="quiet")
        self.problem = configured(QLabel(), wordWrap=True, visible=False)
        self.list = ClaimList()
        self.detail = ClaimDetail(theme)
        self.detail.links.experiment_requested.connect(self.experiment_requested)
        self.detail.attack.experiment_opened.connect(self.experiment_opened)
        self.parts = ClaimParts(self.list, self.detail)
        head = row((self._heading, 1), self.count)
        filters = row((self.text_filter, 1), (self.verdict_filter, 1))
        top = (head, self.search, filters, self.problem)
        column(
            column(*top, spacing=6, margins=(14, 0, 14, 0)),
            (self.parts, 1),
            parent=self,
            spacing=6,
            margins=(0, 10, 0, 0),
        )
        self.search.textChanged.connect(self._filter)
        self.text_filter.currentIndexChanged.connect(self._filter)
        self.verdict_filter.currentIndexChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self._show_chosen)
        self.list.itemClicked.connect(self.open_item)
        self.list.itemActivated.connect(self.open_item)
        self.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if len(self._outcomes) < len(CLAIMS):
            self.measuring.start()
        self._filter()

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = round(np.interp(self.width(), WIDTHS, TYPE_SIZES))
        if size != self._type_size:
            self._set_type_size(size)
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # In the search, Down moves to the results, and Enter opens the first one.
        if watched is self.search and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.type() == QEvent.Type.KeyPress and (
                is_enter or event.key() == Qt.Key.Key_Down
            ):
                self._enter_list(is_enter)
                return True
        return super().eventFilter(watched, event)

    def set_theme(self, theme: Theme) -> None:
        self._icons = {verdict: icon(name, theme) for verdict, name in ICONS.items()}
        self.detail.set_theme(theme)
        self._set_type_size(self._type_size)  # a new application style resets it
        for claim, item in zip(CLAIMS, self.list.rows(), strict=True):
            item.setIcon(self._icons[verdict_of(self.outcome(claim))])

    def outcome(self, claim: Claim) -> Outcome | None:
        """Return the outcome of a claim; None while it is not measured."""
        return self._outcomes.get(claim.id)

    def choose(self, claim: Claim) -> None:
        """Choose a claim without opening its experiment."""
        item = self.list.item_of(claim)
        self.list.setCurrentItem(item)
        self.list.scrollToItem(item)

    @Slot(Outcome)
    def show_outcome(self, outcome: Outcome) -> None:
        """Show the outcome of a claim."""
        self._outcomes[outcome.claim.id] = outcome
        item = self.list.item_of(outcome.claim)
        item.setIcon(self._icons[outcome.verdict])
        if item is self.list.currentItem():
            self._show_chosen()
        self._filter()

    @Slot(str, Report)
    def show_report(self, id: str, report: Report) -> None:
        """Show what the attack on a claim found."""
        self._reports[id] = report
        if self.list.item_of(REGISTERED[id]) is self.list.currentItem():
            self._show_chosen()

    def stop(self) -> None:
        """Stop measuring and attacking, and return when both have stopped."""
        self.measuring.stop()
        self.attack.stop()

    @Slot()
    def _filter(self) -> None:
        words = self.search.text().lower().split()
        text, verdict = self.text_filter.currentData(), self.verdict_filter.currentData()
        self.text_filter.setToolTip(TEXT_TIPS.get(text, ""))
        count, has_changed = 0, False
        for claim, item in zip(CLAIMS, self.list.rows(), strict=True):
            fits = (
                text in (None, claim.text)
                and verdict in (None, verdict_of(self.outcome(claim)))
                and (not words or all(word in _searched(claim.id) for word in words))
            )
            has_changed |= item.isHidden() is fits
            item.setHidden(not fits)
            count += fits
        doing = f", {len(self._outcomes)} measured" if self.measuring.is_running else ""
        if self.attack.is_running:
            doing = ", under attack"
        self.count.setText(f"{count} of {len(CLAIMS)}{doing}")
        if has_changed:
            self.parts.settle()

    @Slot()
    def _show_chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            claim = self.list.claim_of(item)
            self.detail.show_claim(claim, self.outcome(claim), self._reports.get(claim.id))

    def _set_type_size(self, pixels: int) -> None:
        self._type_size = pixels
        # Set one by one: with a style sheet, fonts are not inherited.
        filters = (self.search, self.text_filter, self.verdict_filter)
        for part in (*filters, self.count, self.problem, self.list):
            part.setFont(font(pixels))
        self._heading.setFont(font(pixels, bold=True))
        self.detail.set_type_size(pixels)

    def _enter_list(self, opens: bool) -> None:
        """Move from the search to the chosen result, or to the first one."""
        results = [item for item in self.list.rows() if not item.isHidden()]
        if not results:
            return
        current = self.list.currentItem()
        item = current if current in results else results[0]
        self.list.setFocus()
        self.list.setCurrentItem(item)
        if opens:
            self.open_item(item)

    @Slot(QListWidgetItem)
    def open_item(self, item: QListWidgetItem) -> None:
        """Request the first experiment of a claim."""
        claim = self.list.claim_of(item)
        if claim.shown:
            self.experiment_requested.emit(claim, *next(iter(claim.shown.items())))

    @Slot(str)
    def _on_finished(self, problem: str) -> None:
        if len(self._outcomes) == len(CLAIMS) and not self._reports:
            self.attack.start()
        self._show_problem(problem)

    @Slot(str)
    def _show_problem(self, problem: str) -> None:
        self._filter()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))


@cache
def _searched(id: str) -> str:
    """Return the searchable text of a claim; cached, as it reads files."""
    claim = REGISTERED[id]
    texts = [claim.says, claim.when, claim.reason, claim.id, claim.text.value]
    for name in claim.shown:
        texts.append(name)
        try:
            texts.append(built_in(name).title)
        except InitscopeError:
            continue  # its link shows the reason
    return " ".join(texts).lower()


def _filter(
    name: str, purpose: str, everything: str, choices: dict[Text, str] | dict[Verdict, str]
) -> QComboBox:
    """Return a combo box with one entry for everything and one for each choice."""
    box = configured(
        QComboBox(),
        objectName=name,
        accessibleName=purpose,
        sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon,
    )
    box.addItem(everything, None)
    for value, text in choices.items():
        box.addItem(text, value)
    return box
