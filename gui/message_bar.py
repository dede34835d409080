"""The message bar: one sentence across the window, until it is closed or replaced."""

from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from gui.icons import icon
from gui.theme import Theme


def capitalised(sentence: str) -> str:
    """Return the sentence with a capital, unless it begins with the name of a file or field.

    >>> capitalised("expected a number"), capitalised("moons.toml: is empty")
    ('Expected a number', 'moons.toml: is empty')
    """
    is_word = sentence.split(" ", 1)[0].isalpha()
    return sentence[:1].upper() + sentence[1:] if is_word else sentence


@final
class MessageBar(QFrame):
    """Tells what went wrong or was done, and stands in nobody's way: nothing has to be clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
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
        self.show()

    def set_theme(self, theme: Theme) -> None:
        self._close.setIcon(icon("remove", theme))
