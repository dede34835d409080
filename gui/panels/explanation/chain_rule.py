"""The chain rule of one number, in symbols and in this frame's numbers."""

from typing import final

from engine.explain.lines import explain
from engine.explain.notation import Explanation
from engine.training.recording import Frame, Recording
from gui.panels.explanation.formulas import Asked, FormulaPanel


@final
class ChainRulePanel(FormulaPanel):
    """How a gradient, or the activation of a unit, comes about."""

    name = "chain-rule"
    position = 70
    title = "The chain rule"

    @classmethod
    def explanation(cls, recording: Recording, frame: Frame, asked: Asked) -> Explanation:
        spec = recording.spec_at(frame.index)
        return explain(spec, recording.data, frame, asked.quantity, asked.example)
