"""The claims in the window: the browser beside the stage, and the banner while it is hidden."""

from typing import TYPE_CHECKING, final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.claims.claim import Claim, Outcome
from engine.experiment.experiment import Experiment
from gui.claims.banner import ClaimBanner
from gui.claims.links import is_built_in
from gui.style.theme import Theme

if TYPE_CHECKING:
    from gui.claims.browser import ClaimsBrowser


@final
class ClaimsSide(QWidget):
    """Makes the browser when it is wanted: a window need not wait for what it may never show.

    Signals
    -------
    asked(str, int)
        A built-in experiment is to be shown, at this frame.
    wanted(str)
        The side of this name, which is this one, is to be shown again.

    Attributes
    ----------
    browser : ClaimsBrowser or None
        None until it is first shown.
    banner : ClaimBanner
        Tells the claim whose experiment was opened here last, as long as that experiment is
        open and the browser hidden. It stands where the window puts it.
    """

    asked = Signal(str, int)
    wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._source: Experiment | None = None
        self._opened: tuple[Claim, str] | None = None
        self.browser: ClaimsBrowser | None = None
        self.banner = ClaimBanner(theme)
        self.banner.closed.connect(self._forget)
        self.banner.claims_wanted.connect(self._return)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        if self.browser is None:
            from gui.claims.browser import ClaimsBrowser

            self.browser = ClaimsBrowser(self._theme)
            self.browser.asked.connect(self._ask)
            self.browser.measured.connect(self._on_measured)
            self.browser.show_source(self._source)
            self._column.addWidget(self.browser)
            self.setMinimumWidth(self.browser.minimumWidth())
            self.setMaximumWidth(self.browser.maximumWidth())
            self.browser.show()
        super().showEvent(event)
        self._show_banner()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._show_banner()

    def show_source(self, source: Experiment) -> None:
        """Follow what is on the stage: an experiment, given as it was opened."""
        self._source = source
        if self.browser is not None:
            self.browser.show_source(source)
        self._show_banner()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.banner.set_theme(theme)
        if self.browser is not None:
            self.browser.set_theme(theme)

    def stop(self) -> None:
        """Measure no more; return when that is so."""
        if self.browser is not None:
            self.browser.stop()

    @Slot(object, str, int)
    def _ask(self, claim: Claim, name: str, frame: int) -> None:
        self._opened = claim, name
        self.asked.emit(name, frame)

    @Slot(object)
    def _on_measured(self, outcome: Outcome) -> None:
        if self._opened and self._opened[0] is outcome.claim:
            self._show_banner()

    @Slot()
    def _forget(self) -> None:
        self._opened = None
        self._show_banner()

    @Slot()
    def _return(self) -> None:
        if self._opened and self.browser is not None:
            self.browser.choose(self._opened[0])
        self.wanted.emit("claims")

    def _show_banner(self) -> None:
        if self._opened and self.browser is not None and self.isHidden():
            claim, name = self._opened
            self.banner.tell(claim, self.browser.outcome(claim))
            self.banner.setVisible(is_built_in(self._source, name))
        else:
            self.banner.hide()
