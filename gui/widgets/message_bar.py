"""The message bar: one sentence over the stage, until it is closed or replaced."""

from typing import final

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from gui.style.icons import icon
from gui.style.theme import Theme

MARGIN = 8
"""Pixels between the bar and the edges of the stage, as between panels."""
SLACK = 4
"""Pixels by which words may be wider than they are measured."""


def capitalised(sentence: str) -> str:
    """Return the sentence with a capital, unless it begins with the name of a file or field.

    >>> capitalised("expected a number"), capitalised("moons.toml: is empty")
    ('Expected a number', 'moons.toml: is empty')
    """
    is_word = sentence.split(" ", 1)[0].isalpha()
    return sentence[:1].upper() + sentence[1:] if is_word else sentence


@final
class MessageBar(QFrame):
    """Tells what went wrong or was done, and stands in nobody's way: nothing has to be clicked.

    It floats over the lower edge of the stage, so that nothing moves under the pointer when it
    comes or goes.

    Parameters
    ----------
    theme : Theme
    stage : QWidget
        Over which it floats; whoever changes its size asks for `place`.
    """

    def __init__(self, theme: Theme, stage: QWidget) -> None:
        super().__init__(stage)
        self.setObjectName("message_bar")
        self._stage = stage
        self._label = QLabel()
        self._label.setObjectName("message")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip("Close this message")
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        """What it tells; empty while it is hidden."""
        return "" if self.isHidden() else self._label.text()

    def tell(self, sentence: str, *, is_wrong: bool = True) -> None:
        self._label.setText(capitalised(sentence))
        self.setProperty("role", "wrong" if is_wrong else "note")
        self.style().polish(self)  # its colours depend on its role
        self.place()
        self.show()

    @Slot()
    def place(self) -> None:
        """Take the room that the sentence needs, in several lines where the stage is narrow."""
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
