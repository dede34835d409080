"""The panels that explain a number in formulas: its chain rule, its row and its next step."""

from typing import final

from engine.explain.lines import explain
from engine.explain.matrices import explain_rows, explain_update
from engine.explain.notation import Explanation
from engine.training import Frame, Recording
from gui.panels.base import register_panel
from gui.panels.explanation.formulas import Asked, FormulaPanel


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
