"""The text about the experiment, which the form shows on demand."""

from typing import final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from engine.experiment import Experiment
from gui.style.icons import icon
from gui.style.theme import Theme
from gui.widgets import TERM_LINK, column, configured, harmless

ABOUT_THE_ORIGINAL = "Edited: this text is about the original."


@final
class AboutText(QWidget):
    """The notes of an experiment, shown while `button` is checked.

    Signals
    -------
    term_requested(str)
        The key of a term of the glossary, to which the text links.
    """

    term_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = ""
        self.button = configured(
            QToolButton(),
            objectName="about",
            text="about",
            toolTip="What this experiment shows",
            toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextBesideIcon,
            checkable=True,
            toggled=self._show,
        )
        self._notes = configured(
            QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True),
            objectName="notes",
            linkActivated=lambda link: self.term_requested.emit(link.removeprefix(TERM_LINK)),
        )
        self._edited = configured(
            QLabel(ABOUT_THE_ORIGINAL, wordWrap=True),
            objectName="about_the_original",
            role="quiet",
            visible=False,
        )
        column(self._edited, self._notes, parent=self, spacing=7)
        self.hide()

    def show_experiment(self, experiment: Experiment, original: Experiment) -> None:
        """Offer the notes of an experiment, which may have been edited since it was opened."""
        if experiment.notes != self._text:
            self._text = experiment.notes
            self._notes.setText(harmless(experiment.notes) if experiment.notes.strip() else "")
        is_edited = not experiment.computes_like(original)
        self._edited.setVisible(is_edited and experiment.notes == original.notes)
        self.button.setVisible(bool(self._notes.text()))
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show()

    @Slot()
    def _show(self) -> None:
        shown = self.button.isChecked()
        self.setVisible(shown and bool(self._notes.text()))
        self.button.setIcon(icon("up" if shown else "down", self._theme))
