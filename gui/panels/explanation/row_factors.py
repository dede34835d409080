"""The factors that make two rows of a gradient equal or different."""

from typing import final

from engine.explain.matrices import explain_rows
from engine.explain.notation import Explanation
from engine.training.recording import Frame, Recording
from gui.panels.explanation.formulas import Asked, FormulaPanel


@final
class RowFactorsPanel(FormulaPanel):
    """The row of a unit's gradient beside that of the next unit of its layer."""

    name = "row-factors"
    position = 80
    title = "Same or not"

    @classmethod
    def explanation(cls, recording: Recording, frame: Frame, asked: Asked) -> Explanation:
        spec = recording.spec_at(frame.index)
        return explain_rows(spec, recording.data, frame, asked.quantity)
