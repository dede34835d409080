"""The panels that explain a number in formulas: its chain rule, its row and its next step."""

from abc import abstractmethod
from functools import partial
from typing import NamedTuple, final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

from engine import WeakCache
from engine.experiment import FIRST, Quantity, parse_quantity
from engine.explain.lines import explain
from engine.explain.matrices import explain_rows, explain_update
from engine.explain.notation import Explanation, Line
from engine.training import Comparison, Frame, Recording
from gui.formulas import typesetting
from gui.formulas.sheet import Sheet
from gui.panels.base import AreaItem, Panel, ViewState, register_panel
from gui.style.theme import Theme

_EXPLANATIONS = WeakCache[Explanation]()


class Asked(NamedTuple):
    """What is explained: a number, in the example of this number where it matters."""

    quantity: Quantity
    example: int


class FormulaPanel(Panel[Comparison]):
    """A panel that explains the number which the experiment says, or the first entry of dW[1]."""

    breadth = 2.2
    proportion = 1.0
    short_note = "[ ] counts from 0"
    by_default = False

    def make_items(self) -> None:
        self._formulas = _Formulas(self, self.theme)

    @classmethod
    @abstractmethod
    def explanation(cls, recording: Recording, frame: Frame, asked: Asked) -> Explanation:
        """Return what the panel says of a frame, about or around a number of the network."""

    @classmethod
    def owner(cls, recording: Recording, frame: Frame) -> Recording | Frame:
        """Return what an explanation was worked out from."""
        return frame

    def arrange_items(self, area: QRectF) -> None:
        self._formulas.arrange(area)

    @classmethod
    @final
    def prepare(cls, state: ViewState, run: int) -> None:
        typesetting.prepare(line.formula for line in cls._explained(state, run).lines)

    @classmethod
    def _explained(cls, state: ViewState, run: int) -> Explanation:
        recording, frame = state.comparison.recordings[run], state.frames[run]
        said = state.comparison.experiment.explained
        chosen = FIRST if said is None else parse_quantity(said)
        # A network may have lost the unit that is explained, or been given other layers.
        sizes = state.comparison.experiment.network.layers
        asked = Asked(chosen.within(sizes), state.example)
        is_last = frame.index == len(recording) - 1  # so far: there is no step from it yet
        return _EXPLANATIONS.get(
            cls.owner(recording, frame),
            (cls.name, frame.index, is_last, asked),
            partial(cls.explanation, recording, frame, asked),
        )

    def draw(self, state: ViewState) -> None:
        explained = self._explained(state, self.run)
        self.set_title(f"{self.title}: {explained.subject}")
        self.set_note(explained.counting)
        self._formulas.set_lines(explained.lines)


@final
class _Formulas(AreaItem):
    """Lines of an explanation in an area, in type as large as there is room for."""

    def __init__(self, parent: QGraphicsItem, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        self._sheet = Sheet((), theme, 0.0)

    def arrange(self, area: QRectF) -> None:
        super().arrange(area)
        self._set()

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these lines."""
        if lines != self._lines:
            self._lines = lines
            self._set()

    def _set(self) -> None:
        # Here and not in `paint`, in which an error would end the program.
        self._sheet = Sheet(self._lines, self._theme, self.area.width(), self.area.height())
        self.update()

    def paint_item(self, painter: QPainter) -> None:
        painter.setClipRect(self.area)
        painter.translate(self.area.topLeft())
        self._sheet.paint(painter)


@register_panel(name="chain-rule", position=70, title="The chain rule")
@final
class ChainRulePanel(FormulaPanel):
    """How a gradient, or the activation of a unit, comes about."""

    @classmethod
    def explanation(cls, recording: Recording, frame: Frame, asked: Asked) -> Explanation:
        spec = recording.spec_at(frame.index)
        return explain(spec, recording.data, frame, asked.quantity, asked.example)


@register_panel(name="row-factors", position=80, title="Same or not")
@final
class RowFactorsPanel(FormulaPanel):
    """The row of a unit's gradient beside that of the next unit of its layer."""

    @classmethod
    def explanation(cls, recording: Recording, frame: Frame, asked: Asked) -> Explanation:
        spec = recording.spec_at(frame.index)
        return explain_rows(spec, recording.data, frame, asked.quantity)


@register_panel(name="update", position=90, title="The step W := W − η dW")
@final
class UpdatePanel(FormulaPanel):
    """W := W − η dW of a layer, and the same of its biases."""

    breadth = 1.8

    @classmethod
    def explanation(cls, recording: Recording, frame: Frame, asked: Asked) -> Explanation:
        return explain_update(recording, frame.index, asked.quantity.layer)

    @classmethod
    def owner(cls, recording: Recording, frame: Frame) -> Recording | Frame:
        return recording  # of which it takes two frames
