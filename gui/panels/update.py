"""One step of gradient descent, with the matrices of this frame and the next."""

from typing import final

from PySide6.QtCore import QRectF

from engine.comparison import Comparison
from engine.explaining.matrices import explain_update
from engine.explaining.quantity import FIRST, parse_quantity
from gui.panels.formulas import Formulas
from gui.panels.panel import Moment, Panel
from gui.theme import Theme


@final
class UpdatePanel(Panel):
    """W := W − η dW of the layer that the experiment explains a number of, or of the first."""

    name = "update"
    title = "The step W := W − η dW"
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
        layer = chosen.within(recording.spec.layers).layer
        self.set_title(f"The step W[{layer}] := W[{layer}] − η dW[{layer}]")
        self._formulas.set_lines(explain_update(recording, frame.index, layer).lines)
