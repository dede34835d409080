"""Links to the experiments that show a claim; the open one is marked."""

from html import escape
from typing import final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine import InitscopeError
from engine.claims.claim import Claim
from engine.experiment import Experiment
from engine.library.built_ins import built_in
from gui.style.theme import Theme, font
from gui.widgets import column, configured, dispose_widget, set_style_property

NO_EXPERIMENT = "No experiment shows this claim; its numbers decide it."


def is_built_in(experiment: Experiment | None, name: str) -> bool:
    """Return whether an experiment is the unedited built-in one with this name."""
    try:
        return built_in(name) is experiment
    except InitscopeError:
        return False


@final
class ExperimentLinks(QWidget):
    """Lists the experiments that show a claim, or says that there is none.

    Signals
    -------
    experiment_requested(Claim, str, int)
        The claim, the name of an experiment that shows it, and the frame to show.
    """

    experiment_requested = Signal(Claim, str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._claim: Claim | None = None
        self._source: Experiment | None = None
        self._links: dict[str, QLabel] = {}
        self._font = font(13)
        self._caption = configured(QLabel(), role="quiet", wordWrap=True)
        self._column = column(self._caption, parent=self, spacing=1)

    @property
    def caption(self) -> str:
        """The text above the links, or instead of them."""
        return self._caption.text()

    def show_claim(self, claim: Claim) -> None:
        """List the experiments that show a claim."""
        if claim is not self._claim:
            self._claim = claim
            self._make_links(claim)
        self._write()

    def show_source(self, source: Experiment | None) -> None:
        """Mark the experiment that is open, as it was when it was opened."""
        self._source = source
        self._write()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._write()

    def set_type_size(self, pixels: int) -> None:
        """Set the type size in pixels."""
        self._font = font(pixels)
        for label in (self._caption, *self._links.values()):
            label.setFont(self._font)

    def _make_links(self, claim: Claim) -> None:
        for link in self._links.values():
            self._column.removeWidget(link)
            dispose_widget(link)
        self._links = {}
        self._caption.setText("See it" if claim.shown else NO_EXPERIMENT)
        for name, frame in claim.shown.items():
            link = configured(
                QLabel(),
                objectName=f"show_{name}",
                textFormat=Qt.TextFormat.RichText,
                wordWrap=True,
                font=self._font,
                textInteractionFlags=Qt.TextInteractionFlag.LinksAccessibleByMouse,
            )
            link.setContentsMargins(6, 2, 6, 2)
            link.linkActivated.connect(
                lambda _, n=name, f=frame: self.experiment_requested.emit(claim, n, f)
            )
            self._column.addWidget(link)
            self._links[name] = link

    def _write(self) -> None:
        for name, link in self._links.items():
            assert self._claim is not None
            frame = self._claim.shown[name]
            try:
                text = f"{built_in(name).title} · frame {frame:,}"
            except InitscopeError as error:
                link.setText(f'<span style="color:{self._theme.muted}">{escape(name)}</span>')
                link.setToolTip(str(error))
                continue
            is_shown = is_built_in(self._source, name)
            mark = f' <span style="color:{self._theme.muted}">· on the stage</span>'
            link.setText(
                f'<a href="{escape(name)}" style="color:{self._theme.accent};'
                f' text-decoration:none">{escape(text)}</a>{mark if is_shown else ""}'
            )
            link.setAccessibleName(f"Show {text}")
            link.setToolTip(f"Open {name} at frame {frame:,}")
            set_style_property(link, "chosen", is_shown)
