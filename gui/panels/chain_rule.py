"""The chain rule of one number, in symbols and in this frame's numbers."""

from typing import final

from engine.explaining.lines import explain
from engine.explaining.notation import Explanation
from engine.explaining.quantity import Quantity
from gui.panels.formulas import FormulaPanel
from gui.panels.panel import Moment


@final
class ChainRulePanel(FormulaPanel):
    """How a gradient, or the activation of a unit, comes about."""

    name = "chain-rule"
    title = "The chain rule"

    def explanation(self, moment: Moment, quantity: Quantity) -> Explanation:
        recording, frame = moment.comparison.recordings[self.run], moment.frames[self.run]
        spec = recording.spec_at(frame.index)
        return explain(spec, recording.data, frame, quantity, moment.example)
