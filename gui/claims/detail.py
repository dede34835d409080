"""One claim: its verdict, its numbers, how to break it, and the experiments that show it."""

from html import escape
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from engine.claims.claim import Claim, Outcome
from engine.claims.reports import Report
from gui.claims.attack_result import AttackResult
from gui.claims.links import ExperimentLinks
from gui.claims.numbers import numbers_table
from gui.claims.verdicts import ICONS, verdict_of, verdict_words
from gui.claims.words import bold, typeset
from gui.style.icons import icon
from gui.style.theme import Theme, font
from gui.widgets import capitalised, column, configured, row, widget_of

ICON = 18
INVITATION = (
    "Choose a claim to see its verdict and its numbers. If an experiment shows it, that experiment "
    "opens at the right frame."
)


@final
class ClaimDetail(QScrollArea):
    """Shows one claim, and its verdict and numbers once it has been measured."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claim_detail")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._claim: Claim | None = None
        self._outcome: Outcome | None = None
        self._report: Report | None = None
        self._invitation = configured(
            _words(Qt.TextFormat.PlainText), text=INVITATION, role="quiet"
        )
        self.says = _words(Qt.TextFormat.PlainText)
        self._icon = QLabel()
        self._icon.setFixedWidth(ICON)
        self.verdict = _words()
        self.trouble = _words(Qt.TextFormat.PlainText)
        self.numbers = _words()
        self._reason = _words(Qt.TextFormat.PlainText)
        self.hint = configured(_words(), objectName="claim_hint")
        self.attack = AttackResult(theme)
        self.links = ExperimentLinks(theme)
        self._source = configured(_words(Qt.TextFormat.PlainText), role="quiet")
        verdict = row(self._icon, (self.verdict, 1), spacing=6)
        verdict.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self._findings = (
            self.trouble,
            self.numbers,
            self._reason,
            self.attack,
            self.hint,
            self.links,
        )
        parts = (self._invitation, self.says, verdict, *self._findings, self._source, None)
        content = widget_of(column(*parts, spacing=7, margins=(14, 9, 14, 10)))
        self.setWidget(configured(content, objectName="claim_inside"))
        self.set_type_size(13)
        self.show_claim(None, None)

    def show_claim(
        self, claim: Claim | None, outcome: Outcome | None, report: Report | None = None
    ) -> None:
        """Show a claim, its outcome once it is measured, and the report once it is attacked."""
        if claim is not self._claim:
            self.verticalScrollBar().setValue(0)
        self._claim, self._outcome, self._report = claim, outcome, report
        self._invitation.setVisible(claim is None)
        for part in (self.says, self._icon, self.verdict, *self._findings, self._source):
            part.setVisible(claim is not None)
        if claim is None:
            return
        self.says.setText(typeset(claim.says))
        self._reason.setText(typeset(claim.reason))
        self.hint.setText(f"{bold('Try to break it.')} {escape(typeset(claim.break_it))}")
        self._source.setText(f"Source: the {claim.text.value}.")
        self.attack.show_claim(claim, report)
        self.links.show_claim(claim)
        verdict, condition = verdict_words(outcome)
        self._icon.setPixmap(icon(ICONS[verdict_of(outcome)], self._theme).pixmap(ICON, ICON))
        self.verdict.setText(f"{bold(verdict)} {escape(condition)}")
        trouble = _trouble(outcome)
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        numbers = numbers_table(outcome, self._theme) if outcome and outcome.measured else ""
        self.numbers.setText(numbers)
        self.numbers.setVisible(bool(numbers))

    def set_type_size(self, pixels: int) -> None:
        """Set the type size; the numbers, which may be many, are a pixel smaller."""
        for part in (self._invitation, self.verdict, self.trouble, self._reason, self.hint):
            part.setFont(font(pixels))
        self.links.set_type_size(pixels)
        self.attack.setFont(font(pixels))
        self._source.setFont(font(pixels - 1))
        self.says.setFont(font(pixels + 1, bold=True))
        self.numbers.setFont(font(pixels - 1))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.links.set_theme(theme)
        self.attack.set_theme(theme)
        self.show_claim(self._claim, self._outcome, self._report)


def _trouble(outcome: Outcome | None) -> str:
    """Return why the outcome differs from the stated verdict; empty if it does not."""
    if outcome is None or outcome.agrees:
        return ""
    if outcome.problem:
        return f"{capitalised(outcome.problem)}."
    return (
        f"The stated verdict is: {outcome.claim.stated.value}. The numbers in red are outside the "
        "expected range; was an experiment or the program changed?"
    )


def _words(text_format: Qt.TextFormat = Qt.TextFormat.RichText) -> QLabel:
    return QLabel(
        wordWrap=True,
        textFormat=text_format,
        textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse,
    )
