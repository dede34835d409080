"""What panels of many networks share: how runs are drawn, told and opened."""

from PySide6.QtCore import Qt

from engine.ensemble.fates import NEVER
from engine.ensemble.shards import Cell, single
from engine.scenes.ensemble import SeedsStudy
from engine.words import counted
from gui.panels.key import Entry
from gui.panels.panel import LETTERS, LINE_STYLES, Opening
from gui.theme import Theme


def line_style(run: int) -> Qt.PenStyle:
    """Return the line style of a run; the fifth begins anew."""
    return LINE_STYLES[run % len(LINE_STYLES)]


def entries(study: SeedsStudy, theme: Theme) -> list[Entry]:
    """Return what stands for the runs."""
    return [
        Entry(
            f"{LETTERS[run]} {study.name_of(run)}",
            theme.unit(run),
            style=line_style(run),
            short=LETTERS[run],
        )
        for run in range(len(study.experiment.runs))
    ]


def opening(study: SeedsStudy, run: int, seed: int) -> Opening:
    """Return what opens one network as a run of its own."""
    experiment = single(study.experiment, Cell(run), seed)
    return Opening(experiment, f"Open {experiment.runs[0].name}")


def network_text(study: SeedsStudy, run: int, seed: int) -> str:
    """Say what became of a network."""
    fates = study.summaries[Cell(run)].fates
    solved, diverged = int(fates.solved[seed]), int(fates.diverged[seed])
    one_for_all = study.summaries[Cell(run)].weight > 1
    lines = [
        f"{study.name_of(run)}, {'every seed alike' if one_for_all else f'seed {seed}'}",
        f"solved at step {solved:,}" if solved != NEVER else "never solved",
        f"final loss {fates.loss[seed]!s}",
    ]
    if diverged != NEVER:
        lines.append(f"diverged at step {diverged:,}")
    if fates.plateau[seed]:
        lines.append(f"{counted(int(fates.plateau[seed]), 'step')} on a plateau")
    return "\n".join([*lines, "click to step through it"])
