"""Forks: runs that share what happened up to a frame, and differ from there.

A fork is a run like any other, and nothing says whose it is: that follows from the runs
themselves. Two runs with the same start and the same edits and changes before a frame are the
same, bit for bit, up to there; so wherever a run was copied, edited or undone, it branches off
where it does differ.
"""

from typing import NamedTuple

from engine.experiment.experiment import Experiment, Run


class Branch(NamedTuple):
    """Where a run leaves another.

    Attributes
    ----------
    run : int
        The other run, an earlier one of the experiment.
    frame : int
        The first frame at which the two are told different things.
    shared : int
        The last frame that is the same in both: `frame`, if a new learning rate, which is seen in
        the frame after it, is all that differs there; else the one before.
    """

    run: int
    frame: int
    shared: int


def branches(experiment: Experiment) -> tuple[Branch | None, ...]:
    """Return for each run where it leaves another; see `branch_of`."""
    return tuple(branch_of(experiment, number) for number in range(len(experiment.runs)))


def branch_of(experiment: Experiment, number: int) -> Branch | None:
    """Return where a run leaves the earlier run with which it shares the most.

    None if it shares nothing with an earlier one, or all.
    """
    run = experiment.runs[number]
    found = None
    for earlier, other in enumerate(experiment.runs[:number]):
        frame = _first_difference(experiment, other, run)
        if frame is not None:
            shared = frame if _differ_in_rate_only(experiment, other, run, frame) else frame - 1
            if found is None or shared > found.shared:
                found = Branch(earlier, frame, shared)
    return found


def _first_difference(experiment: Experiment, one: Run, other: Run) -> int | None:
    """Return the first frame, after the start, at which two runs are told different things."""
    if _start(experiment, one) != _start(experiment, other) or _edits(one, 0) != _edits(other, 0):
        return None
    steps = {edit.step for run in (one, other) for edit in run.edits}
    steps |= {change.step for run in (one, other) for change in run.changes}
    for step in sorted(steps):
        if step > experiment.training.steps:
            break
        if (_edits(one, step), _change(one, step)) != (_edits(other, step), _change(other, step)):
            return step
    return None


def _differ_in_rate_only(experiment: Experiment, one: Run, other: Run, step: int) -> bool:
    networks = [experiment.network_for(run, step) for run in (one, other)]
    return networks[0] == networks[1] and _edits(one, step) == _edits(other, step)


def _start(experiment: Experiment, run: Run) -> object:
    return run.init, experiment.network_for(run), experiment.learning_rate_for(run)


def _edits(run: Run, step: int) -> dict[tuple[str, int, int], str]:
    """Return what a run is told of single parameters at a frame; by repr, which tells −0.0."""
    edits = [edit for edit in run.edits if edit.step == step]
    places = [(each.parameter, each.index[0], (*each.index, 0)[1]) for each in edits]
    return {place: repr(each.value) for place, each in zip(places, edits, strict=True)}


def _change(run: Run, step: int) -> object:
    """Return what a run is told of its settings at a frame, be it what holds already."""
    return next((change for change in run.changes if change.step == step), None)
