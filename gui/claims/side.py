"""The place of the claims browser in the window: empty until it is first shown."""

from typing import TYPE_CHECKING, final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme import Theme

if TYPE_CHECKING:
    from gui.claims.browser import ClaimsBrowser


@final
class ClaimsSide(QWidget):
    """Makes the browser when it is wanted: a window need not wait for what it may never show.

    Signals
    -------
    asked(str, int)
        See `ClaimsBrowser`.
    """

    asked = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.browser: ClaimsBrowser | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        if self.browser is None:
            from gui.claims.browser import ClaimsBrowser

            self.browser = ClaimsBrowser(self._theme)
            self.browser.asked.connect(self.asked)
            self._column.addWidget(self.browser)
            self.browser.show()
        super().showEvent(event)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.browser is not None:
            self.browser.set_theme(theme)

    def stop(self) -> None:
        """Measure no more; return when that is so."""
        if self.browser is not None:
            self.browser.stop()
