"""The lesson's table: symmetry, learning, gradients, effective units and diversity, measured."""

from math import isfinite
from typing import final

from PySide6.QtCore import QRectF

from engine.comparison import Comparison
from gui.panels.panel import LETTERS, TEXT, Moment, Panel, number_text
from gui.panels.table import LEFT, Cell, Column, Table
from gui.theme import Theme

MOST_LAYERS = 4
"""Of so many hidden layers units are counted one by one, of more in all."""


@final
class LessonPanel(Panel):
    """A row for each thing that first weights decide, a column for each run."""

    name = "lesson"
    title = "What the first weights decide"
    per_run = False
    by_default = False
    breadth = 1.6

    def __init__(self, comparison: Comparison, run: int, theme: Theme) -> None:
        super().__init__(comparison, run, theme)
        columns = [Column(0.8, LEFT), *(Column(1.2, LEFT) for _ in comparison.recordings)]
        self._table = Table(self, theme, columns, TEXT, 30.0)

    def arrange_items(self, area: QRectF) -> None:
        self._table.arrange(area)

    def draw(self, moment: Moment) -> None:
        theme, runs = self.theme, moment.comparison.experiment.runs
        heads = [Cell(f"{LETTERS[i]}  {run.name}", None, True) for i, run in enumerate(runs)]
        rows = [[Cell(""), *heads]]
        columns = [self._column(moment, run) for run in range(len(runs))]
        for name, *texts in zip(columns[0], *(column.values() for column in columns), strict=True):
            rows.append([Cell(name, theme.muted), *(Cell(text) for text in texts)])
        self._table.set_rows(rows)

    def _column(self, moment: Moment, run: int) -> dict[str, str]:
        diagnosed, frame = moment.comparison.diagnostics[run], moment.frames[run]
        at, broken = frame.index, diagnosed.symmetric_until
        hidden = moment.comparison.experiment.network.layers[1:-1]
        has_units = any(size > 1 for size in hidden)
        if not has_units:
            symmetry = gap = "no two units"
        else:
            symmetry = f"broken in frame {broken:,}" if at >= broken else f"units equal, 0 … {at:,}"
            gap = f"gap {_size(float(diagnosed.gap[at]))}"
        first = float(moment.comparison.recordings[run].losses[0])
        learning = f"loss {first:.4g} → {frame.loss:.4g}"
        right = float(diagnosed.accuracy[at])
        if isfinite(right):
            learning += f", {100.0 * right:.0f} % right"
        rows = float(diagnosed.row_difference[at])
        norm = _size(float(diagnosed.gradient_norm[at, 0]))
        gradients = f"‖dW₁‖ {norm}"
        if isfinite(rows):
            gradients += ", rows equal" if rows == 0.0 else ", rows differ"
        counts = diagnosed.distinct_units[at].tolist()
        if len(hidden) > MOST_LAYERS:
            counts, hidden = [sum(counts)], (sum(hidden),)
        distinct = "+".join(map(str, counts))
        return {
            "symmetry": symmetry,
            "learning": learning,
            "gradients": gradients,
            "effective units": f"{distinct} of {'+'.join(map(str, hidden))}" if hidden else "none",
            "diversity": gap,
        }


def _size(value: float) -> str:
    return "exactly 0" if value == 0.0 else number_text(value, 3).lstrip("+")
