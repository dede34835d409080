"""Branches: runs that are equal up to a frame and differ from there.

A fork is an ordinary run, and nothing records its origin: that follows from the runs themselves.
Two runs with the same start and the same edits and changes before a frame are equal up to there,
bit for bit; so a run branches off where it differs, however it was copied, edited or undone.
"""

from typing import NamedTuple

from engine.experiment import Experiment, Run


class Branch(NamedTuple):
    """The place at which a run branches off an earlier one.

    Attributes
    ----------
    run : int
        The earlier run.
    frame : int
        The first frame at which the edits or changes of the two runs differ.
    shared : int
        The last frame that is equal in both runs: `frame`, if only a new learning rate differs
        there, which is seen in the frame after it; else the frame before.
    """

    run: int
    frame: int
    shared: int


def branches(experiment: Experiment) -> tuple[Branch | None, ...]:
    """Return the branch of every run; see `branch_of`."""
    return tuple(branch_of(experiment, number) for number in range(len(experiment.runs)))


def branch_of(experiment: Experiment, number: int) -> Branch | None:
    """Return the branch of a run from the earlier run with which it shares the most frames.

    None if it shares no frame with an earlier run, or all of them.
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
    """Return the first frame, after the start, whose edits or changes differ."""
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
    """Return the edits at a frame by parameter; the value by repr, because −0.0 equals 0.0."""
    return {edit.entry: repr(edit.value) for edit in run.edits if edit.step == step}


def _change(run: Run, step: int) -> object:
    """Return the change at a frame, even if it repeats the settings that apply there."""
    return next((change for change in run.changes if change.step == step), None)
