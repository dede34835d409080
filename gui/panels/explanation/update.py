"""One step of gradient descent, with the matrices of this frame and the next."""

from typing import final

from engine.explain.matrices import explain_update
from engine.explain.notation import Explanation
from engine.training.recording import Frame, Recording
from gui.panels.explanation.formulas import Asked, FormulaPanel


@final
class UpdatePanel(FormulaPanel):
    """W := W − η dW of a layer, and the same of its biases."""

    name = "update"
    position = 90
    title = "The step W := W − η dW"
    breadth = 1.8

    @classmethod
    def explanation(cls, recording: Recording, frame: Frame, asked: Asked) -> Explanation:
        return explain_update(recording, frame.index, asked.quantity.layer)

    @classmethod
    def owner(cls, recording: Recording, frame: Frame) -> Recording | Frame:
        return recording  # of which it takes two frames
