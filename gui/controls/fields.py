"""The fields of the form: a label, an editor, and an error message."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from functools import cache
from typing import Any, final

import msgspec
import msgspec.inspect
from msgspec.inspect import FloatType, IntType, LiteralType, NoneType, StrType, UnionType
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from engine import UsageError, split_path
from engine.editing.paths import Path
from gui.widgets import (
    NumberBox,
    capitalised,
    column,
    configured,
    number_text,
    row,
    set_style_property,
)

type_info = cache(msgspec.inspect.type_info)

TYPING_MILLISECONDS = 350
"""A change by the keyboard or by the arrows is accepted after this time without another one."""
LABEL_WIDTH = 92
UNIT_STEPS = ("seed", "example")
"""The fields whose arrows change the value by one."""


class Field(QWidget):
    """The base of every field.

    Parameters
    ----------
    path : tuple
        The path of its value in the experiment.
    label : str
        Its label, such as "learning rate".
    editor : QWidget
        The widget in which the value is entered.
    tip : str
        The tool tip.
    beside : QWidget, optional
        Another widget that sets the value, such as a slider; it is placed before the editor.

    Signals
    -------
    edited(Field)
        The user entered a value, which `value()` returns. `show_value` does not emit it.
    """

    edited = Signal(QWidget)

    def __init__(
        self,
        path: Path,
        label: str,
        editor: QWidget,
        tip: str = "",
        beside: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.path = path
        self.label = label
        self.editor = editor
        self.continues = False
        """Whether an entry continues the one before, as while a slider is dragged."""
        self.setObjectName(".".join(str(key) for key in path))
        caption = configured(QLabel(label), role="caption", toolTip=tip)
        caption.setFixedWidth(LABEL_WIDTH)
        caption.setBuddy(editor)
        configured(
            editor, toolTip=tip, accessibleName=label, focusPolicy=Qt.FocusPolicy.StrongFocus
        )
        self._error = configured(
            QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True), role="error", visible=False
        )
        editors = [(editor, 1)] if beside is None else [(beside, 1), (editor, 0)]
        column(row(caption, *editors, spacing=8), self._error, parent=self, spacing=3)
        self._typing = configured(
            QTimer(self, singleShot=True, interval=TYPING_MILLISECONDS), timeout=self._emit
        )

    @property
    def error(self) -> str:
        """The error message; empty if the entry is valid."""
        return "" if self._error.isHidden() else self._error.text()

    @property
    def is_pending(self) -> bool:
        """Whether there is an entry that has not been emitted yet."""
        return self._typing.isActive()

    @Slot()
    def commit(self) -> None:
        """Emit a pending entry now."""
        if self.is_pending:
            self._emit()

    @abstractmethod
    def value(self) -> object:
        """Return the entered value; raise `UsageError` if it cannot be parsed."""

    def show_value(self, value: Any) -> None:
        """Show a value.

        Text that already means this value stays, and so does a pending or an invalid entry.
        """
        if not self.error and not self.is_pending:
            self._show(value)

    @abstractmethod
    def _show(self, value: Any) -> None: ...

    def set_error(self, sentence: str) -> None:
        """Show an error message, or none if the sentence is empty."""
        message = sentence.removeprefix(f"{self.path[-1]}: ")
        self._error.setText(capitalised(message))
        self._error.setVisible(bool(message))
        set_style_property(self.editor, "wrong", bool(message))

    @Slot()
    def _on_typed(self) -> None:
        self._typing.start()

    @Slot()
    def _on_return(self) -> None:
        self.commit()
        self.editor.clearFocus()  # the keys of the player work again

    @Slot()
    def _emit(self) -> None:
        self._typing.stop()
        self.edited.emit(self)

    def _means(self, value: object) -> bool:
        try:
            return bool(self.value() == value)
        except UsageError:
            return False


@final
class _Choice(QComboBox):
    """A combo box that ignores the wheel unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


@final
class ChoiceField(Field):
    """A choice from a list of names."""

    def __init__(self, path: Path, label: str, options: Mapping[Any, str], tip: str = "") -> None:
        self._box = configured(
            _Choice(),
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon,
            minimumContentsLength=6,
        )
        super().__init__(path, label, self._box, tip)
        self.values = list(options)
        """The values in the order of their texts."""
        self._fixed = len(self.values)
        self._box.addItems(list(options.values()))
        self._box.activated.connect(self._emit)

    def value(self) -> object:
        return self.values[self._box.currentIndex()]

    def _show(self, value: Any) -> None:
        if value not in self.values:  # for example one activation for each layer
            del self.values[self._fixed :]
            if self._box.count() > self._fixed:
                self._box.removeItem(self._fixed)
            self.values.append(value)
            self._box.addItem(", ".join(value) if isinstance(value, tuple) else str(value))
        self._box.setCurrentIndex(self.values.index(value))


class BoxField(Field):
    """The base of fields of a number; the arrows change its first digit.

    An empty field means None where `blank`, its placeholder text, is given.
    """

    def __init__(
        self,
        path: Path,
        label: str,
        tip: str = "",
        *,
        whole: bool = False,
        least: float | None = None,
        blank: str | None = None,
        beside: QWidget | None = None,
    ) -> None:
        self._box = NumberBox(whole=whole, least=least, unit_steps=path[-1] in UNIT_STEPS)
        self._whole = whole
        self._blank = blank
        super().__init__(path, label, self._box, tip, beside)
        if blank is not None:
            self.set_blank(blank)
        configured(self._box, changed=self._on_typed, editingFinished=self.commit)
        self._box.lineEdit().returnPressed.connect(self._on_return)

    def value(self) -> object:
        if self._blank is not None and not self._box.text().strip():
            return None
        number = self._box.number()
        if number is None:
            kind = "a whole number" if self._whole else "a number, such as 0.5 or 1e-3"
            raise UsageError(f"{self.path[-1]}: expected {kind}")
        return number

    def _show(self, value: Any) -> None:
        if not self._means(value):
            self._box.lineEdit().setText("" if value is None else number_text(value))

    def set_blank(self, text: str) -> None:
        """Set the placeholder text of an empty field."""
        self._box.lineEdit().setPlaceholderText(text)


@final
class NumberField(BoxField):
    """A field of a number."""


class _LineField(Field):
    """The base of fields of one line of text."""

    def __init__(self, path: Path, label: str, tip: str = "") -> None:
        self._line = QLineEdit()
        super().__init__(path, label, self._line, tip)
        configured(
            self._line,
            textEdited=self._on_typed,
            editingFinished=self.commit,
            returnPressed=self._on_return,
        )

    @abstractmethod
    def text_of(self, value: Any) -> str:
        """Return the text that a user would type for a value."""

    def _show(self, value: Any) -> None:
        if not self._means(value):
            self._line.setText(self.text_of(value))
            self._line.setCursorPosition(0)


@final
class TextField(_LineField):
    """A field of text."""

    def value(self) -> object:
        return self._line.text()

    def text_of(self, value: Any) -> str:
        return str(value)


@final
class SizesField(_LineField):
    """A field of layer sizes, such as "2, 2, 1", with commas, spaces or dashes."""

    def value(self) -> object:
        words = re.split(r"\s*[,–-]\s*|\s+", self._line.text().strip())
        if not all(re.fullmatch(r"[0-9]{1,9}", word) for word in words):
            raise UsageError(f"{self.path[-1]}: expected whole numbers, such as 2, 2, 1")
        return tuple(int(word) for word in words)

    def text_of(self, value: Any) -> str:
        return ", ".join(str(size) for size in value)


@final
class JsonField(_LineField):
    """A field of JSON, for all other values: lists of numbers, or a scheme for the biases."""

    def __init__(self, path: Path, label: str, kind: Any, tip: str = "") -> None:
        self._kind = kind
        self._shown: Any = None
        self._shown_as = ""
        super().__init__(path, label, tip)

    def value(self) -> object:
        try:
            return msgspec.json.decode(self._line.text(), type=self._kind)
        except (msgspec.DecodeError, RecursionError) as error:
            is_valid_json = isinstance(error, msgspec.ValidationError)
            reason = split_path(str(error))[1] if is_valid_json else "is not valid JSON"
            like = self.text_of(self._shown)
            like = like if len(like) <= 30 else f"{like[:30]}…"
            raise UsageError(f"{self.path[-1]}: {reason}; write it like {like}") from None

    def _show(self, value: Any) -> None:
        if value is self._shown and self._line.text() == self._shown_as:
            return  # parsing a hundred thousand points is slow
        super()._show(value)
        self._shown, self._shown_as = value, self._line.text()

    def text_of(self, value: Any) -> str:
        if isinstance(value, float):
            return number_text(value)
        return msgspec.json.encode(value).decode().replace(",", ", ")


def number_or_json(path: Path, label: str, kind: Any, tip: str = "") -> Field:
    """Return the field for values of a type that a struct declares."""
    info = type_info(kind)
    if isinstance(info, LiteralType):
        options = {value: str(value).replace("-", "−") for value in info.values}
        return ChoiceField(path, label, options, tip)
    blank = None
    if isinstance(info, UnionType) and isinstance(info.types[-1], NoneType):  # a number or nothing
        info, blank = info.types[0], "as the formula says"
    if isinstance(info, IntType | FloatType):
        least = info.ge if info.ge is not None else info.gt
        whole = isinstance(info, IntType)
        return NumberField(path, label, tip, whole=whole, least=least, blank=blank)
    if isinstance(info, StrType):
        return TextField(path, label, tip)
    return JsonField(path, label, kind, tip)
