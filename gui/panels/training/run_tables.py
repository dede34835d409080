"""The tables that compare runs: when parameters first change, and what first weights decide."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import final

from engine.training import Comparison
from gui.panels.base import (
    CENTRE,
    LEFT,
    LETTERS,
    Column,
    TableCell,
    TablePanel,
    ViewState,
    register_panel,
    size_text,
    subscript,
)
from gui.style.theme import translucent

MOST_COLUMNS = 8
MOST_LAYERS = 4
"""The number of hidden layers whose units are counted separately; more are summed."""


@register_panel(name="movers", position=120, title="Which parameters change first")
@final
class FirstChangePanel(TablePanel[Comparison]):
    """A row for each run, a column for each W and b, filled in as they move."""

    foot = 20.0
    note = "first frame different from frame 0"
    per_run = False
    by_default = False
    breadth = 1.4

    def make_items(self) -> None:
        depth = len(self.subject.experiment.network.layers) - 1
        layers = range(depth, 0, -1)  # in the order in which gradients reach them
        names = [f"{kind}{layer}" for layer in layers for kind in "bW"]
        if len(names) > MOST_COLUMNS:
            names = [f"W{layer}" for layer in layers]
        half = MOST_COLUMNS // 2
        self._left_out = len(names) > MOST_COLUMNS
        self._names = [*names[:half], *names[-half:]] if self._left_out else names
        self.table = self.make_table(
            [Column(1.6, LEFT), *(Column(1.0, CENTRE) for _ in self._names)], 32.0
        )
        self._words = self.add_words(8.0, colour=self.theme.muted)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme = self.theme
        moved_fill = translucent(theme.accent, 0.22)
        heads = [f"{name[0]}{subscript(int(name[1:]))}" for name in self._names]
        rows = [[TableCell(""), *(TableCell(head, theme.muted) for head in heads)]]
        still: dict[str, list[str]] = {}
        for run, (spec, diagnosed) in enumerate(
            zip(state.comparison.experiment.runs, state.comparison.diagnostics, strict=True)
        ):
            row = [TableCell(f"{LETTERS[run]}  {spec.name}", None, True)]
            for name, head in zip(self._names, heads, strict=True):
                frame = diagnosed.moved_from[name]
                if 0 <= frame <= state.index:
                    row.append(TableCell(f"frame {frame:,}", None, True, moved_fill))
                else:
                    row.append(TableCell("still", theme.muted, outline=theme.outline))
                    still.setdefault(LETTERS[run], []).append(head)
            rows.append(row)
        if self._left_out:
            self._words.set_text("only the first and the last layers are shown")
        elif not still:
            self._words.set_text("all parameters have changed")
        else:
            self._words.set_text(f"unchanged to the last bit: {_by_what(still)}")
        return rows


def _by_what(still: Mapping[str, Sequence[str]]) -> str:
    """Say which parameters of which runs have not moved, runs that are alike together.

    >>> _by_what({"A": ["W₂", "W₁"], "B": ["W₂", "W₁"], "C": ["b₁"]})
    'W₂, W₁ of A, B; b₁ of C'
    """
    runs: dict[str, list[str]] = {}
    for run, heads in still.items():
        runs.setdefault(", ".join(heads), []).append(run)
    return "; ".join(f"{heads} of {', '.join(letters)}" for heads, letters in runs.items())


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
