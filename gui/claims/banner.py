"""The claim banner: the claim whose experiment is on the stage, while the claims are hidden."""

from collections.abc import Callable
from html import escape
from typing import final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from engine.claims.claim import Claim, Outcome, Verdict
from gui.claims.verdicts import ICONS, verdict_of, verdict_words
from gui.claims.words import bold, typeset
from gui.style.icons import icon
from gui.style.theme import Theme, font
from gui.widgets import configured, row

ICON = 18
LINES = 2
TYPE_SIZES = 13, 15
ROOMY = 1300
"""The width in pixels from which the larger type is used."""
INVITATION = "Try to break it:"


@final
class ClaimBanner(QFrame):
    """Shows a claim in at most two lines, so that its hint can be read while it is followed.

    Signals
    -------
    claims_requested()
        The list of claims was requested.
    closed()
    """

    claims_requested = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claim_banner")
        self._theme = theme
        self._verdict = Verdict.UNMEASURED
        self._parts = ("", "", "")
        self._icon = QLabel()
        self.label = configured(
            QLabel(),
            objectName="claim_banner_text",
            textFormat=Qt.TextFormat.RichText,
            wordWrap=True,
            minimumWidth=1,
        )
        self._back = configured(
            QPushButton("All claims"),
            objectName="claim_banner_back",
            flat=True,
            toolTip="Show the claims beside the stage",
            focusPolicy=Qt.FocusPolicy.NoFocus,
        )
        self._back.clicked.connect(self.claims_requested)
        self._close = configured(
            QToolButton(),
            objectName="claim_banner_close",
            autoRaise=True,
            toolTip="Close this claim",
            focusPolicy=Qt.FocusPolicy.NoFocus,
        )
        self._close.clicked.connect(self.closed)
        parts = (self._icon, (self.label, 1), self._back, self._close)
        row(*parts, parent=self, spacing=8, margins=(12, 5, 6, 5))
        self.set_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        """The whole text, whether there is room for it or not."""
        return _joined(*self._parts)

    def show_claim(self, claim: Claim, outcome: Outcome | None) -> None:
        """Show a claim, with its verdict if it is known."""
        verdict = " ".join(verdict_words(outcome)).strip()
        self._verdict = verdict_of(outcome)
        self._parts = (typeset(claim.says), verdict, typeset(claim.break_it))
        self._write()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._close.setIcon(icon("remove", theme))
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        self._icon.setPixmap(icon(ICONS[self._verdict], self._theme).pixmap(ICON, ICON))
        self.label.setToolTip(self.text)
        size = TYPE_SIZES[self.width() >= ROOMY]
        self.label.setFont(font(size))
        # Measured in bold, which is wider, so that the text certainly fits.
        metrics = QFontMetrics(font(size, bold=True))
        buttons = self._back.sizeHint().width() + self._close.sizeHint().width() + ICON
        room = QRect(0, 0, max(1, self.width() - buttons - 18 - 3 * 8), 10_000)

        def fits(text: str) -> bool:
            height = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
            return height <= LINES * metrics.lineSpacing()

        says, verdict, hint = shortened(self._parts, fits)
        self.label.setText(
            f"{bold(says)} {escape(verdict)} "
            f'<span style="color:{self._theme.accent}">{INVITATION}</span> {escape(hint)}'
        )


def shortened(parts: tuple[str, str, str], fits: Callable[[str], bool]) -> tuple[str, str, str]:
    """Return what a claim says, its verdict and its hint, shortened until they fit.

    The hint is read while it is followed, so it is shortened last.

    >>> shortened(("One two.", "It holds.", "Do it."), lambda text: len(text) < 40)
    ('One two.', 'It …', 'Do it.')
    """
    texts = list(parts)
    for number in (1, 0, 2):
        words = parts[number].split()
        while words and not fits(_joined(*texts)):
            words.pop()
            texts[number] = " ".join([*words, "…"])
    says, verdict, hint = texts
    return says, verdict, hint


def _joined(says: str, verdict: str, hint: str) -> str:
    return f"{says} {verdict} {INVITATION} {hint}"
