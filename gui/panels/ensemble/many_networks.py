"""The base class of panels on which each network can be clicked, and what they say of it."""

from abc import abstractmethod

from PySide6.QtCore import QPointF

from engine import counted
from engine.ensemble import NO_RANDOMNESS, NOT_REACHED, SweepCell
from engine.ensemble.shards import single
from engine.studies.ensemble.study import EnsembleStudy
from gui.panels.base import ExperimentOpened, Panel, ViewState


class NetworksPanel(Panel[EnsembleStudy]):
    """The base of panels on which each network can be clicked."""

    @abstractmethod
    def network_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return the run and the seed of the network at a point, if there is one."""

    def interaction_at(self, point: QPointF) -> ExperimentOpened | None:
        found = self.network_at(point)
        return None if found is None else _opening(self.subject, *found)

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        found = self.network_at(point)
        return "" if found is None else _network_text(self.subject, *found)


def _opening(study: EnsembleStudy, run: int, seed: int) -> ExperimentOpened:
    """Return the interaction that opens one network as an experiment."""
    experiment = single(study.experiment, SweepCell(run), seed)
    return ExperimentOpened(experiment, f"Open {experiment.runs[0].name}")


def _network_text(study: EnsembleStudy, run: int, seed: int) -> str:
    """Say what became of a network."""
    results = study.summaries[SweepCell(run)].results
    solved, diverged = int(results.solved[seed]), int(results.diverged[seed])
    is_random = study.summaries[SweepCell(run)].is_random
    lines = [
        f"{study.name_of(run)}, {f'seed {seed}' if is_random else NO_RANDOMNESS}",
        f"solved at step {solved:,}"
        if solved != NOT_REACHED
        else f"not solved by step {study.planned_index:,}",
        f"final loss {results.loss[seed]!s}",
    ]
    if diverged != NOT_REACHED:
        lines.append(f"diverged at step {diverged:,}")
    if results.plateau[seed]:
        lines.append(f"{counted(int(results.plateau[seed]), 'step')} on a plateau")
    return "\n".join([*lines, "click to step through it"])
