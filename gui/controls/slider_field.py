"""A field of a number with a slider."""

from typing import Any, final

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QSlider

from engine.editing.paths import Path
from gui.controls.fields import BoxField
from gui.widgets import configured, number_text

STEP = 0.01
BOX_WIDTH = 66
LIVE_MILLISECONDS = 60
"""The interval at which the value is accepted while the slider is dragged."""
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
"""The keys that move the slider while it has the focus."""


@final
class SliderField(BoxField):
    """A number from 0 to `most` on the slider; larger ones can be typed.

    While the slider is dragged, each entry continues the first one, and they are undone together.
    """

    def __init__(self, path: Path, label: str, tip: str, *, most: float) -> None:
        self._slider = configured(
            _Slider(),
            maximum=round(most / STEP),
            pageStep=round(most / STEP / 10.0),
            accessibleName=label,
            toolTip=tip,
        )
        super().__init__(path, label, tip, least=0.0, beside=self._slider)
        self.editor.setFixedWidth(BOX_WIDTH)
        self._live = configured(
            QTimer(self, singleShot=True, interval=LIVE_MILLISECONDS), timeout=self._emit_held
        )
        configured(self._slider, valueChanged=self._on_slid, sliderReleased=self._on_released)

    @property
    def is_pending(self) -> bool:
        return super().is_pending or self._live.isActive()

    @Slot()
    def _emit(self) -> None:
        self._live.stop()
        super()._emit()

    def _show(self, value: Any) -> None:
        super()._show(value)
        if not self._slider.isSliderDown():
            self._slider.blockSignals(True)
            self._slider.setValue(round(min(float(value) / STEP, self._slider.maximum())))
            self._slider.blockSignals(False)

    @Slot(int)
    def _on_slid(self, notches: int) -> None:
        self._box.lineEdit().setText(number_text(round(notches * STEP, 2)))
        if not self._slider.isSliderDown():
            self._on_typed()  # by a key, or by a click beside the handle
        elif not self._live.isActive():
            self._live.start()

    @Slot()
    def _emit_held(self) -> None:
        self._emit()
        self.continues = self.continues or not self.error  # a refused entry is no edit

    @Slot()
    def _on_released(self) -> None:
        self.commit()
        self.continues = False


@final
class _Slider(QSlider):
    """A slider that handles only the keys and the wheel events that are meant for it."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        # After a drag, the arrow keys still step through the frames.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.key() in KEYS)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the form must not change a slider that passes below the pointer.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
