"""The claims in the window: the browser beside the stage, or the banner while it is hidden."""

from typing import TYPE_CHECKING, final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.claims.claim import Claim, Outcome
from engine.experiment import Experiment
from gui.claims.banner import ClaimBanner
from gui.claims.links import is_built_in
from gui.style.theme import Theme
from gui.widgets import column

if TYPE_CHECKING:
    from gui.claims.browser import ClaimsBrowser


@final
class ClaimsSide(QWidget):
    """The side pane of the claims browser, which is created when it is first shown.

    Signals
    -------
    experiment_requested(str, int)
        The name of a built-in experiment, and the frame to show.
    experiment_opened(str)
        The TOML text of an experiment.
    pane_requested(str)
        The name of the side pane to show, which is this one.

    Attributes
    ----------
    browser : ClaimsBrowser or None
        None until it is first shown.
    banner : ClaimBanner
        Shows the claim whose experiment was opened from here last, while that experiment is
        open and the browser is hidden.
    """

    experiment_requested = Signal(str, int)
    experiment_opened = Signal(str)
    pane_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._source: Experiment | None = None
        self._opened: tuple[Claim, str] | None = None
        self.browser: ClaimsBrowser | None = None
        self.banner = ClaimBanner(theme)
        self.banner.closed.connect(self._forget)
        self.banner.claims_requested.connect(self._return)
        self._column = column(parent=self)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        if self.browser is None:
            from gui.claims.browser import ClaimsBrowser

            self.browser = ClaimsBrowser(self._theme)
            self.browser.experiment_requested.connect(self._on_experiment_requested)
            self.browser.experiment_opened.connect(self.experiment_opened)
            self.browser.measuring.measured.connect(self._on_measured)
            self.browser.detail.links.show_source(self._source)
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
        """Mark the experiment that is open, as it was when it was opened."""
        self._source = source
        if self.browser is not None:
            self.browser.detail.links.show_source(source)
        self._show_banner()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.banner.set_theme(theme)
        if self.browser is not None:
            self.browser.set_theme(theme)

    def stop(self) -> None:
        """Stop measuring and attacking, and return when both have stopped."""
        if self.browser is not None:
            self.browser.stop()

    @Slot(Claim, str, int)
    def _on_experiment_requested(self, claim: Claim, name: str, frame: int) -> None:
        self._opened = claim, name
        self.experiment_requested.emit(name, frame)

    @Slot(Outcome)
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
        self.pane_requested.emit("claims")

    def _show_banner(self) -> None:
        if self._opened and self.browser is not None and self.isHidden():
            claim, name = self._opened
            self.banner.show_claim(claim, self.browser.outcome(claim))
            self.banner.setVisible(is_built_in(self._source, name))
        else:
            self.banner.hide()
