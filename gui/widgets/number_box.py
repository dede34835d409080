"""A spin box for numbers of any magnitude, whose arrows change the first digit."""

from math import floor, isfinite, log10
from typing import final

from PySide6.QtCore import Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox

from engine import parse_number, parse_whole


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number.

    >>> number_text(0.5), number_text(400), number_text(2.0), number_text(1e-12)
    ('0.5', '400', '2', '1e-12')
    """
    return repr(value).removesuffix(".0")


def stepped(value: float, steps: int, least: float | None = None) -> float:
    """Return `value` changed by a number of units of its first digit, and not below `least`.

    >>> stepped(0.5, 1), stepped(1.0, -1), stepped(1e-12, 2), stepped(0.0, 1), stepped(0.1, -1, 0)
    (0.6, 0.9, 3e-12, 0.1, 0.09)
    """
    for _ in range(abs(steps)):
        up = steps > 0
        size = abs(value)
        unit = 0.1 if size == 0.0 else 10.0 ** floor(log10(size) + 1e-9)
        grows = up == (value >= 0.0)
        if not grows and size <= unit * (1.0 + 1e-9):
            unit /= 10.0  # from 1 down to 0.9, not to 0
        value = float(f"{value + (unit if up else -unit):.12g}")
        if least is not None:
            value = max(value, least)
    return value


@final
class NumberBox(QAbstractSpinBox):
    """A spin box for a number; text that is no number stays, so that the user can correct it.

    Signals
    -------
    changed()
        The user changed the text by keys, arrows or the wheel; not by `lineEdit().setText`.
    """

    changed = Signal()

    def __init__(
        self, *, whole: bool = False, least: float | None = None, unit_steps: bool = False
    ) -> None:
        super().__init__()
        self._whole = whole
        self._least = least
        self._unit_steps = unit_steps
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.lineEdit().textEdited.connect(self.changed)

    def number(self) -> float | int | None:
        """Return the number, never −0, or None if the text is no number."""
        text = self.text().replace(",", ".")
        whole = parse_whole(text)  # of the text itself: a seed may have more digits than a float
        if self._whole and whole is not None:
            return whole
        value = parse_number(text)
        if value is None or not isfinite(value) or (self._whole and not value.is_integer()):
            return None
        return int(value) if self._whole else value + 0.0

    def stepBy(self, steps: int) -> None:
        value = self.number()
        if value is None:
            text = self.lineEdit().placeholderText()
            self.lineEdit().setText(text)
            value = self.number()
            if value is None:
                self.lineEdit().clear()
                return
        new: float
        if self._whole and (self._unit_steps or abs(value) < 10):
            new = value + steps if self._least is None else max(value + steps, self._least)
        else:
            new = stepped(value, steps, self._least)
        self.lineEdit().setText(number_text(int(new) if self._whole else new))
        self.changed.emit()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the form must not change a box that passes below the pointer.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
