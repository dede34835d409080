"""A table of measured symmetry, learning, gradients, effective units and diversity."""

from math import isfinite
from typing import final

from engine.training import Comparison
from gui.panels.base import (
    LEFT,
    LETTERS,
    Column,
    TableCell,
    TablePanel,
    ViewState,
    register_panel,
    size_text,
)

MOST_LAYERS = 4
"""The number of hidden layers whose units are counted separately; more are summed."""


@register_panel(name="lesson", position=130, title="What the first weights decide")
@final
class SummaryTablePanel(TablePanel[Comparison]):
    """A row for each thing that first weights decide, a column for each run."""

    per_run = False
    by_default = False
    breadth = 1.6

    def make_items(self) -> None:
        self.table = self.make_table(
            [Column(0.85, LEFT), *(Column(1.2, LEFT) for _ in self.subject.recordings)], 30.0
        )

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme, runs = self.theme, state.comparison.experiment.runs
        heads = [TableCell(f"{LETTERS[i]}  {run.name}", None, True) for i, run in enumerate(runs)]
        rows = [[TableCell(""), *heads]]
        # Of three or four runs, the columns have no room for all the words.
        brief = len(runs) > 2
        columns = [self._column(state, run, brief) for run in range(len(runs))]
        for name, *texts in zip(columns[0], *(column.values() for column in columns), strict=True):
            rows.append([TableCell(name, theme.muted), *(TableCell(text) for text in texts)])
        return rows

    def _column(self, state: ViewState, run: int, brief: bool) -> dict[str, str]:
        diagnosed, frame = state.comparison.diagnostics[run], state.frames[run]
        at, broken = frame.index, diagnosed.symmetric_until
        hidden = state.comparison.experiment.network.layers[1:-1]
        if not any(size > 1 for size in hidden):
            symmetry = gap = "no two units"
        else:
            equal = "equal" if brief else "units equal"
            symmetry = f"broken in frame {broken:,}" if at >= broken else f"{equal}, 0 … {at:,}"
            gap = f"gap {size_text(float(diagnosed.gap[at]), 3)}"
        first = float(state.comparison.recordings[run].losses[0])
        learning = (
            f"{first:.2g} → {frame.loss:.2g}" if brief else f"loss {first:.4g} → {frame.loss:.4g}"
        )
        right = float(diagnosed.accuracy[at])
        if isfinite(right):
            learning += f", {100.0 * right:.0f} %" + ("" if brief else " right")
        rows = float(diagnosed.row_difference[at])
        norm = float(diagnosed.gradient_norm[at, 0])
        gradients = f"{size_text(norm, 3)}" if brief else f"‖dW₁‖ {size_text(norm, 3)}"
        if isfinite(rows):
            kind = "equal" if rows == 0.0 else "differ"
            gradients += f", {kind}" if brief else f", rows {kind}"
        counts = diagnosed.distinct_units[at].tolist()
        if len(hidden) > (MOST_LAYERS if not brief else MOST_LAYERS // 2):
            counts, hidden = [sum(counts)], (sum(hidden),)
        distinct = "+".join(map(str, counts))
        return {
            "symmetry": symmetry,
            "learning, loss" if brief else "learning": learning,
            "gradient ‖dW₁‖" if brief else "gradients": gradients,
            "effective units": f"{distinct} of {'+'.join(map(str, hidden))}" if hidden else "none",
            "diversity": gap,
        }
