"""Why two rows of a gradient are equal, or differ: the factors that are the same, or not."""

from typing import final

from engine.explaining.matrices import explain_rows
from engine.explaining.notation import Explanation
from engine.explaining.quantity import Quantity
from gui.panels.formulas import FormulaPanel
from gui.panels.panel import Moment


@final
class RowFactorsPanel(FormulaPanel):
    """The row of a unit's gradient beside that of the next unit of its layer."""

    name = "row-factors"
    title = "Same or not"

    def explanation(self, moment: Moment, quantity: Quantity) -> Explanation:
        recording, frame = moment.comparison.recordings[self.run], moment.frames[self.run]
        return explain_rows(recording.spec_at(frame.index), recording.data, frame, quantity)
