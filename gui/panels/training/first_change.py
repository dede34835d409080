"""A table of the frames in which parameters first change, run by run."""

from collections.abc import Mapping, Sequence
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
    subscript,
)
from gui.style.theme import translucent

MOST_COLUMNS = 8


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
