"""The ensemble table: shares solved with confidence intervals, and comparisons of runs."""

from typing import final

import numpy as np

from engine import counted
from engine.ensemble import NO_RANDOMNESS, Summary, SweepCell, p_text, step_text
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import (
    LEFT,
    LETTERS,
    RIGHT,
    Column,
    TableCell,
    TablePanel,
    ViewState,
    register_panel,
)


@register_panel(name="ensemble-table", position=430, title="Share solved")
@final
class EnsembleTablePanel(TablePanel[EnsembleStudy]):
    """A row for each run: solved by this step, in the end, when, and against the best run."""

    foot = 40.0
    note = "95 % intervals"
    per_run = False
    breadth = 1.35

    def make_items(self) -> None:
        self.table = self.make_table(
            [
                Column(0.88, LEFT),
                Column(0.8, RIGHT),
                Column(1.17, RIGHT),
                Column(1.5, RIGHT),
                Column(0.7, RIGHT),
                Column(0.5, RIGHT),
            ],
            28.0,
        )
        self._words = self.add_words(27.0)
        self._more = self.add_words(8.0, colour=self.theme.muted)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        theme, study = self.theme, self.subject
        runs = range(len(study.experiment.runs))
        sooner = f"vs {LETTERS[study.best]}" if study.rank_tests else ""
        rows = [
            [
                TableCell(h, theme.muted)
                for h in ("", "solved", "interval, %", "median of solved", "of all", sooner)
            ]
        ]
        for run in runs:
            summary = study.summaries.get(SweepCell(run))
            numbers = [] if summary is None else self._numbers(run, summary, state.index)
            rows.append([self._name(run), *numbers])
        heads = ("medians", "loss", "plateau", "saturated", "distinct")
        rows.append([TableCell(head, theme.muted) for head in heads])
        for run in runs:
            summary = study.summaries.get(SweepCell(run))
            rows.append([self._name(run), *([] if summary is None else _medians(summary))])
        summaries = study.summaries.values()
        random = [summary.networks for summary in summaries if summary.is_random]
        diverged = sum(summary.diverged for summary in summaries)
        each = "each" if len(random) == len(study.summaries) else "for each random run"
        trained = f"{counted(min(random), 'network')} {each}" if random else NO_RANDOMNESS
        words = f"step {state.index:,}, {trained}"
        self._words.set_text(f"{words}; {diverged:,} diverged" if diverged else words)
        self._more.set_text(self._about(study))
        return rows

    def _name(self, run: int) -> TableCell:
        return TableCell(f"{LETTERS[run]}  {self.subject.name_of(run)}", self.theme.unit(run), True)

    def _numbers(self, run: int, summary: Summary, frame: int) -> list[TableCell]:
        solved = int(summary.solved_by(frame))
        share, interval, steps = "yes" if solved else "no", "one network", "no randomness"
        if summary.is_random:
            low, high = (100.0 * float(end) for end in summary.intervals_by(frame))
            early, median, late = summary.steps
            share, interval = f"{solved / summary.networks:.1%}", f"{low:.1f} – {high:.1f}"
            steps = f"{median:,.0f} ({early:,.0f} – {late:,.0f})" if summary.solved else "none"
        cells = [
            TableCell(share, None, True),
            TableCell(interval, self.theme.muted),
            TableCell(steps),
            TableCell(step_text(summary.steps_of_all[1], self.subject.planned_index)),
        ]
        if run in self.subject.rank_tests:
            cells.append(TableCell(f"{self.subject.rank_tests[run].sooner:.0%}"))
        elif self.subject.rank_tests:
            cells.append(TableCell("best", self.theme.muted))
        return cells

    def _about(self, study: EnsembleStudy) -> str:
        if not study.rank_tests:
            return "median steps: of those solved, with 10 to 90 % of them; of all networks"
        return f"vs {LETTERS[study.best]}: pairs in which it is solved sooner, ties half"

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        study = self.subject
        block = len(study.experiment.runs) + 1
        if row % block == 0 or SweepCell(row % block - 1) not in study.summaries:
            return ""
        run = row % block - 1
        summary = study.summaries[SweepCell(run)]
        lines = [
            study.name_of(run),
            f"{summary.solved:,} of {summary.networks:,} networks are solved in the end"
            if summary.is_random
            else NO_RANDOMNESS,
            f"10, 50 and 90 % of the final losses: "
            f"{', '.join(f'{loss:.6g}' for loss in summary.losses)}",
        ]
        rank_test = study.rank_tests.get(run)
        if rank_test is not None:
            best = study.name_of(study.best)
            lines.append(f"solved before {best} in {rank_test.sooner!s} of pairs, ties half")
            if rank_test.p is None:
                lines.append("one of the two draws nothing: there is nothing to test")
            else:
                lines.append(f"Mann–Whitney, two-sided: p {p_text(rank_test.p)}")
        return "\n".join(lines)


def _medians(summary: Summary) -> list[TableCell]:
    """Return what the middle network of a run is like: final loss, plateau, start and units."""
    results = summary.results
    plateau, units = int(np.median(results.plateau)), int(np.median(results.distinct))
    return [
        TableCell(f"{summary.losses[1]:.3g}"),
        TableCell(counted(plateau, "step") if plateau else "none"),
        TableCell(f"{np.median(results.saturated):.0%}"),
        TableCell(f"{units}"),
    ]
