"""The message bar: one sentence over the stage."""

from typing import final

from PySide6.QtCore import QRect, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QWidget

from gui.style.icons import icon
from gui.style.theme import Theme
from gui.widgets.builders import configured, row, set_style_property

MARGIN = 8
"""Pixels between the bar and the edges of the stage, as between panels."""
MOMENT_MILLISECONDS = 6000
"""The time for which a momentary note is shown."""
SLACK = 4
"""Pixels by which text may be wider than measured."""


def capitalised(sentence: str) -> str:
    """Return the sentence with a capital, unless it begins with the name of a file or field.

    >>> capitalised("expected a number"), capitalised("moons.toml: is empty")
    ('Expected a number', 'moons.toml: is empty')
    """
    is_word = sentence.split(" ", 1)[0].isalpha()
    return sentence[:1].upper() + sentence[1:] if is_word else sentence


@final
class MessageBar(QFrame):
    """Shows an error or a note until it is closed or replaced, or a note for a moment.

    The bar floats over the lower edge of the stage, so that nothing moves under the pointer when it
    is shown or hidden.

    Parameters
    ----------
    theme : Theme
    stage : QWidget
        The widget below the bar; call `place` when its size changes.
    """

    def __init__(self, theme: Theme, stage: QWidget) -> None:
        super().__init__(stage)
        self.setObjectName("message_bar")
        self._stage = stage
        self._label = configured(
            QLabel(),
            objectName="message",
            textFormat=Qt.TextFormat.PlainText,
            wordWrap=True,
            textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse,
        )
        self._close = configured(
            QToolButton(),
            autoRaise=True,
            toolTip="Close this message",
            focusPolicy=Qt.FocusPolicy.NoFocus,
            clicked=self.hide,
        )
        self._moment = QTimer(self, singleShot=True, interval=MOMENT_MILLISECONDS)
        self._moment.timeout.connect(self.hide)
        layout = row((self._label, 1), self._close, parent=self, margins=(12, 6, 6, 6))
        layout.setAlignment(self._close, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        """The shown sentence; empty while the bar is hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_message(self, sentence: str, *, is_error: bool = True) -> None:
        """Show a sentence."""
        self._moment.stop()
        self._label.setText(capitalised(sentence))
        set_style_property(self, "role", "wrong" if is_error else "note")
        self.place()
        self.show()

    def show_for_a_moment(self, note: str) -> None:
        """Show a note until `end_moment`, or until some seconds have passed."""
        self.show_message(note, is_error=False)
        self._moment.start()

    @Slot()
    def end_moment(self) -> None:
        """Hide a momentary note; another message stays."""
        if self._moment.isActive():
            self._moment.stop()
            self.hide()

    @Slot()
    def place(self) -> None:
        """Fit the bar to the sentence, in several lines if the stage is narrow."""
        room = self._stage.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        words = self._label.fontMetrics().horizontalAdvance(self._label.text()) + SLACK
        around = self.sizeHint().width() - self._label.sizeHint().width()
        width = min(words + around, room.width())
        place = QRect(0, 0, width, self.heightForWidth(width))
        place.moveCenter(room.center())
        place.moveBottom(room.bottom())
        self.setGeometry(place)

    def set_theme(self, theme: Theme) -> None:
        self._close.setIcon(icon("remove", theme))
