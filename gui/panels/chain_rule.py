"""The chain rule of one number, in symbols and in this frame's numbers."""

from typing import final

from PySide6.QtCore import QRectF

from engine.comparison import Comparison
from engine.explaining.lines import explain
from engine.explaining.quantity import FIRST, parse_quantity
from gui.panels.formulas import Formulas
from gui.panels.panel import Moment, Panel
from gui.theme import Theme


@final
class ChainRulePanel(Panel):
    """How the number that the experiment says comes about; without, the first entry of dW[1]."""

    name = "chain-rule"
    title = "The chain rule"
    breadth = 2.2
    by_default = False

    def __init__(self, comparison: Comparison, run: int, theme: Theme) -> None:
        super().__init__(comparison, run, theme)
        self._formulas = Formulas(self, theme)

    def arrange_items(self, area: QRectF) -> None:
        self._formulas.arrange(area)

    def draw(self, moment: Moment) -> None:
        recording, frame = moment.comparison.recordings[self.run], moment.frames[self.run]
        said = moment.comparison.experiment.explained
        chosen = FIRST if said is None else parse_quantity(said)
        # A network may have lost the unit that is explained, or been given other layers.
        quantity = chosen.within(recording.spec.layers)
        spec = recording.spec_at(frame.index)
        found = explain(spec, recording.data, frame, quantity, moment.example)
        self.set_title(f"{self.title} of {quantity.name}")
        self._formulas.set_lines(found.lines)
