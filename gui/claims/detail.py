"""One claim with its verdict, its numbers, where to see it, and how to break it."""

from html import escape
from typing import final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.claims.claim import Claim, Interval, Outcome
from engine.errors import InitscopeError
from engine.library import built_in
from gui.message_bar import capitalised
from gui.theme import Theme, font


@final
class ClaimDetail(QScrollArea):
    """Shows one claim; until it has been measured, without numbers and verdict.

    Signals
    -------
    asked(str, int)
        An experiment, and the frame of it that is to be shown.
    """

    asked = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claim_detail")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._claim: Claim | None = None
        self._outcome: Outcome | None = None
        self._says = _words(bold=True)
        self._source = _words("quiet")
        self._verdict = _words(bold=True)
        self._condition = _words()
        self._numbers = _words()
        self._numbers.setTextFormat(Qt.TextFormat.RichText)
        self._hint = _words()
        self._buttons: list[QPushButton] = []
        inside = QWidget()
        inside.setObjectName("claim_inside")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(14, 10, 14, 12)
        self._column.setSpacing(8)
        for label in (self._says, self._source, self._verdict, self._condition, self._hint):
            self._column.addWidget(label)
        self._column.addWidget(self._numbers)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.show_claim(None, None)

    def show_claim(self, claim: Claim | None, outcome: Outcome | None) -> None:
        """Show a claim, and what was measured if that is known by now."""
        if claim is not self._claim:
            self._show_buttons(claim)
            self.verticalScrollBar().setValue(0)
        self._claim, self._outcome = claim, outcome
        for label in (self._source, self._verdict, self._condition, self._numbers, self._hint):
            label.setVisible(claim is not None)
        if claim is None:
            self._says.setText("Choose a claim: its experiment opens at the frame that shows it.")
            return
        self._says.setText(claim.says)
        self._source.setText(f"Says the {claim.text.value}.")
        self._hint.setText(f"Try to break it. {claim.break_it}")
        self._show_outcome(claim, outcome)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_claim(self._claim, self._outcome)

    def _show_outcome(self, claim: Claim, outcome: Outcome | None) -> None:
        if outcome is None:
            self._verdict.setText("being measured …")
            self._condition.hide()
            self._numbers.hide()
            return
        self._verdict.setText(f"It {outcome.phrase}." if not outcome.problem else "Not measured.")
        if outcome.agrees:
            self._condition.setText(claim.reason)
        elif outcome.problem:
            self._condition.setText(f"{capitalised(outcome.problem)}.")
        else:
            self._condition.setText(
                f"Stated is: {claim.stated.value}. The numbers in red are not where they were "
                "expected; was an experiment or the program changed?"
            )
        self._numbers.setVisible(bool(outcome.measured))
        self._numbers.setText(self._table(outcome) if outcome.measured else "")

    def _table(self, outcome: Outcome) -> str:
        """Return the numbers as a table: those that show it right, then those that do not."""
        claim, rows = outcome.claim, []
        for head, intervals in (("shows it right", claim.right), ("shows it wrong", claim.wrong)):
            if not intervals:
                continue
            rows.append(f'<tr><td colspan="2" style="color:{self._theme.muted}">{head}</td></tr>')
            for name, interval in intervals.items():
                value = outcome.measured[name]
                colour = self._theme.alarm if name in outcome.outside else self._theme.text
                rows.append(
                    f'<tr><td>{escape(name)}<br><span style="color:{self._theme.muted}">expected '
                    f'{_interval(interval)}</span></td><td align="right" style="color:{colour}">'
                    f"<b>{_short(value)}</b></td></tr>"
                )
        return f'<table width="100%" cellpadding="3">{"".join(rows)}</table>'

    def _show_buttons(self, claim: Claim | None) -> None:
        for button in self._buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        at = self._column.indexOf(self._hint)
        for number, (name, frame) in enumerate(claim.shown.items() if claim else ()):
            button = QPushButton()
            button.setObjectName(f"show_{name}")
            try:
                title = built_in(name).title
            except InitscopeError as error:
                title = name
                button.setToolTip(str(error))
            full = f"{title} · frame {frame:,}"
            button.setText(button.fontMetrics().elidedText(full, Qt.TextElideMode.ElideMiddle, 270))
            button.setAccessibleName(f"Show {full}")
            if not button.toolTip():
                button.setToolTip(f"Open {name} at frame {frame:,}")
            button.clicked.connect(lambda _=False, n=name, f=frame: self.asked.emit(n, f))
            self._column.insertWidget(at + number, button)
            self._buttons.append(button)


def _words(role: str = "", bold: bool = False) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    if bold:
        label.setFont(font(13, bold=True))
    return label


def _short(value: float) -> str:
    """Write a number in a few digits, with a real minus sign.

    >>> _short(-0.00012345678), _short(0.0), _short(3.0)
    ('−0.000123457', '0', '3')
    """
    return f"{value:.6g}".replace("-", "−")


def _interval(interval: Interval) -> str:
    low, high = interval
    if low == high:
        return _short(low)
    texts = _short(low), _short(high)
    return f"about {texts[0]}" if texts[0] == texts[1] else " to ".join(texts)
