"""One step of gradient descent, with the matrices of this frame and the next."""

from typing import final

from engine.explaining.matrices import explain_update
from engine.explaining.notation import Explanation
from engine.explaining.quantity import Quantity
from gui.panels.formulas import FormulaPanel
from gui.panels.panel import Moment


@final
class UpdatePanel(FormulaPanel):
    """W := W − η dW of a layer, and the same of its biases."""

    name = "update"
    title = "The step W := W − η dW"
    breadth = 1.8

    def explanation(self, moment: Moment, quantity: Quantity) -> Explanation:
        recording, frame = moment.comparison.recordings[self.run], moment.frames[self.run]
        return explain_update(recording, frame.index, quantity.layer)
