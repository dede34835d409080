"""Events on recordings made so that one knows what happens when."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Constant, Explicit, Initializer, Normal
from engine.training.diagnostics import Diagnostics
from engine.training.events import MOST_UNIT_EVENTS, Event, EventKind, EventLog
from engine.training.recording import Finish, Recording
from engine.training.training import train

EQUAL = Explicit(W=(((0.5, 0.5), (0.5, 0.5)), ((0.5, 0.5),)))


def log_of(recording: Recording) -> EventLog:
    diagnostics = Diagnostics(recording)
    diagnostics.extend()
    log = EventLog(3, diagnostics)
    log.extend()
    return log


def events(
    init: Initializer,
    *,
    layers: tuple[int, ...] = (2, 2, 1),
    hidden: str = "tanh",
    steps: int = 30,
    rate: float = 0.5,
    edits: tuple[Edit, ...] = (),
    data: DataSpec | None = None,
) -> list[Event]:
    experiment = Experiment(
        data=data or DataSpec(),
        network=NetworkSpec(layers=layers, hidden=hidden),
        training=TrainingSpec(steps=steps, learning_rate=rate),
        runs=(Run(init=init, edits=edits),),
    )
    return list(log_of(train(experiment)[0]).events)


def of(kind: EventKind, found: Sequence[Event]) -> list[tuple[int, str]]:
    return [(event.frame, event.text) for event in found if event.kind is kind]


def with_losses(losses: NDArray[np.floating], init: Initializer = EQUAL) -> Recording:
    """A recording whose parameters stay as they are, with given losses."""
    experiment = Experiment(training=TrainingSpec(steps=len(losses) - 1), runs=(Run(init=init),))
    start = train(Experiment(training=TrainingSpec(steps=0), runs=experiment.runs))[0]
    recording = Recording(experiment, experiment.runs[0])
    recording.extend(
        np.repeat(start.parameters(0, 1), len(losses), axis=0), losses.astype(np.float64)
    )
    recording.finish = Finish.COMPLETED
    return recording


def plateaus(losses: NDArray[np.floating], init: Initializer = EQUAL) -> list[tuple[int, str]]:
    found = log_of(with_losses(losses, init)).events
    return [
        (event.frame, event.kind.value.removeprefix("plateau-"))
        for event in found
        if event.kind in (EventKind.PLATEAU_ENTERED, EventKind.PLATEAU_LEFT)
    ]


def test_an_edit_breaks_symmetry_in_its_frame() -> None:
    edit = Edit(step=12, parameter="W1", index=(0, 1), value=0.5)
    found = events(EQUAL, edits=(edit,))
    assert of(EventKind.SYMMETRY_BROKEN, found) == [(12, "symmetry broken: units differ")]
    assert all(event.run == 3 for event in found)
    assert not of(EventKind.SYMMETRY_BROKEN, events(EQUAL))


def test_units_that_differ_at_the_start_are_an_event() -> None:
    found = events(Normal(scale=1.0))
    assert of(EventKind.SYMMETRY_BROKEN, found) == [(0, "units differ from the start")]
    assert not of(EventKind.SYMMETRY_VISIBLE, found)  # it goes without saying


def test_a_difference_becomes_visible_later() -> None:
    init, moons = Normal(scale=0.01, seed=3), DataSpec(name="moons", samples=40)
    found = events(init, data=moons, steps=100, rate=2.0)
    (broken, _), (visible, text) = (
        of(kind, found)[0] for kind in (EventKind.SYMMETRY_BROKEN, EventKind.SYMMETRY_VISIBLE)
    )
    assert broken == 0 < visible
    recording = train(
        Experiment(
            data=moons,
            training=TrainingSpec(steps=100, learning_rate=2.0),
            runs=(Run(init=init),),
        )
    )[0]
    for frame in recording[: visible + 1]:
        units = np.concatenate([frame.W[1], frame.b[1], frame.W[2].T], axis=1)
        assert (np.abs(units[0] - units[1]).max() > 0.1) == (frame.index == visible)
    assert text == "units visibly differ: by more than 0.1"
    edit = Edit(step=7, parameter="b1", index=(1,), value=5.0)
    both = events(EQUAL, edits=(edit,))
    assert len(of(EventKind.SYMMETRY_BROKEN, both)) == 1
    assert not of(EventKind.SYMMETRY_VISIBLE, both)  # in the same frame as the break


def test_plateau_between_two_slopes_is_found() -> None:
    falling = np.linspace(2.0, 1.0, 50)
    losses = np.concatenate([falling, np.full(40, 0.8), np.linspace(0.7, 0.0, 50)])
    assert plateaus(losses) == [(50, "entered"), (90, "left")]


def test_plateau_at_the_end_has_no_exit_event() -> None:
    losses = np.concatenate([np.linspace(2.0, 1.0, 50), np.full(40, 0.8)])
    assert plateaus(losses) == [(50, "entered")]
    assert plateaus(np.full(100, 0.693)) == [(0, "entered")]


def test_short_steep_or_low_losses_are_no_plateau() -> None:
    assert plateaus(np.full(20, 0.8)) == []  # too short
    assert plateaus(np.full(100, 0.09)) == []  # low enough
    assert plateaus(0.8 * 0.9999 ** np.arange(200)) == []  # falls by 2 in 1000 in 20 frames
    assert plateaus(0.8 + 0.1 * (-1.0) ** np.arange(200)) == []  # jumps to and fro
    assert plateaus(0.8 * 0.99999 ** np.arange(200)) == [(0, "entered")]


def test_adjacent_plateaus_are_merged() -> None:
    losses = np.full(100, 0.8)
    losses[50:] = 0.7
    assert plateaus(losses) == [(0, "entered")]
    losses[50:60] = np.linspace(0.8, 0.7, 10)
    assert plateaus(losses) == [(0, "entered"), (51, "left"), (59, "entered")]


def test_no_plateau_where_all_examples_are_right() -> None:
    # One unit for each side of the band between the two classes of xor.
    right = Explicit(W=(((5.0, 5.0), (5.0, 5.0)), ((6.0, -6.0),)), b=((5.0, -5.0), (-5.0,)))
    assert of(EventKind.SOLVED, log_of(with_losses(np.full(60, 0.5), right)).events)
    assert plateaus(np.full(60, 0.5), right) == []


@pytest.mark.parametrize("cuts", [[1, 2, 3], [7, 21, 22, 90], list(range(1, 260)), [259]])
def test_events_do_not_depend_on_how_the_recording_grew(cuts: list[int]) -> None:
    factors = np.repeat([1.0, 0.99, 1.0, 0.99, 1.0, 0.99], [50, 30, 40, 21, 60, 59])
    losses = 3.0 * np.cumprod(factors)
    whole = with_losses(losses)
    expected = log_of(whole).events
    assert len(expected) > 4
    growing = Recording(whole.experiment, whole.run)
    diagnostics = Diagnostics(growing)
    log = EventLog(3, diagnostics)
    for start, stop in zip([0, *cuts], [*cuts, 260], strict=True):
        growing.extend(whole.parameters(start, stop), losses[start:stop])
        diagnostics.extend()
        log.extend()
    assert log.events == expected


def test_dead_and_saturated_units_are_named() -> None:
    W1 = ((-50.0, 1.0), (0.1, 0.1), (50.0, 1.0))
    saturated = events(Explicit(W=(W1, ((0.1, 0.1, 0.1),))), layers=(2, 3, 1), steps=3)
    assert of(EventKind.UNIT_SATURATED, saturated) == [
        (0, "hidden units 1, 3 of layer 1 saturated for every example")
    ]
    dead = events(
        Explicit(W=(((1.0, 1.0), (0.0, 0.0)), ((1.0, 1.0),)), b=((0.0, -1.0),)),
        hidden="relu",
        steps=3,
    )
    assert of(EventKind.UNIT_DEAD, dead) == [(0, "hidden unit 2 of layer 1 dead for every example")]
    edit = Edit(step=2, parameter="b2", index=(0,), value=99.0)
    W = (((0.1, 0.1),), ((0.1,),), ((0.1,),))
    later = events(Explicit(W=W), layers=(2, 1, 1, 1), steps=5, edits=(edit,))
    assert of(EventKind.UNIT_SATURATED, later) == [
        (2, "hidden unit 1 of layer 2 saturated for every example")
    ]
    wide = events(Normal(scale=1000.0), layers=(2, 50, 1), steps=2)
    assert of(EventKind.UNIT_SATURATED, wide)[0][1].endswith(
        "hidden units of layer 1 saturated for every example"
    )


def test_dead_unit_that_is_active_again_is_an_event() -> None:
    edits = tuple(
        Edit(step=step, parameter="b1", index=(1,), value=value)
        for step, value in ((4, -9.0), (9, 9.0), (20, -9.0))
    )
    found = events(EQUAL, hidden="relu", edits=edits, rate=1e-9)
    assert of(EventKind.UNIT_DEAD, found) == [
        (frame, "hidden unit 2 of layer 1 dead for every example") for frame in (4, 20)
    ]
    assert of(EventKind.UNIT_ACTIVE, found) == [
        (9, "hidden unit 2 of layer 1 active again for some example")
    ]
    saturated = events(EQUAL, edits=edits, rate=1e-9)
    assert of(EventKind.UNIT_ACTIVE, saturated) == []  # from −9 to 9 it stays saturated
    edit = Edit(step=9, parameter="b1", index=(1,), value=0.0)
    back = events(EQUAL, edits=(edits[0], edit), rate=1e-9)
    assert of(EventKind.UNIT_ACTIVE, back) == [
        (9, "hidden unit 2 of layer 1 no longer saturated for every example")
    ]


def test_dead_unit_of_a_deeper_layer_comes_back_as_its_inputs_change() -> None:
    # No edit: unit 1 of layer 2 gets no gradient, but what layer 1 sends it changes.
    experiment = Experiment(
        network=NetworkSpec(layers=(2, 2, 2, 1), hidden="relu"),
        training=TrainingSpec(steps=20, learning_rate=0.5),
        runs=(Run(init=Normal(scale=1.0, seed=23)),),
    )
    recording = train(experiment)[0]
    found = log_of(recording).events
    dead = np.array([(frame.A[2][0] <= 0.0).all() for frame in recording])
    again = (1 + np.flatnonzero(dead[:-1] & ~dead[1:])).tolist()
    assert again
    assert of(EventKind.UNIT_ACTIVE, found) == [
        (frame, "hidden unit 1 of layer 2 active again for some example") for frame in again
    ]
    frames = [frame for frame, _ in of(EventKind.UNIT_DEAD, found)]
    assert frames == (1 + np.flatnonzero(~dead[:-1] & dead[1:])).tolist()


def test_events_of_units_are_limited() -> None:
    edits = tuple(Edit(step=unit, parameter="b1", index=(unit,), value=99.0) for unit in range(40))
    found = events(Normal(scale=0.1), layers=(2, 40, 1), steps=50, edits=edits)
    frames = [frame for frame, _ in of(EventKind.UNIT_SATURATED, found)]
    assert frames == list(range(MOST_UNIT_EVENTS))
    *_, (_, text) = of(EventKind.UNIT_SATURATED, found)
    assert text.endswith("saturated for every example; later changes of units are not marked")


def test_solved_is_the_first_frame_with_all_examples_right() -> None:
    experiment = Experiment(
        data=DataSpec(name="and"),
        network=NetworkSpec(layers=(2, 1)),
        runs=(Run(init=Constant(value=-1.0)),),
    )
    recording = train(experiment)[0]
    right = [((frame.A[1] > 0.5) == (recording.data.Y > 0.5)).all() for frame in recording]
    assert not right[0]
    assert of(EventKind.SOLVED, log_of(recording).events) == [
        (right.index(True), "all examples right")
    ]


def test_divergence_is_an_event_at_the_last_finite_frame() -> None:
    experiment = Experiment(
        data=DataSpec(points=((1.0, 0.0),)),
        network=NetworkSpec(layers=(1, 1), output="linear", loss="mean-squared-error"),
        training=TrainingSpec(learning_rate=1.0, steps=1000),
        runs=(Run(init=Constant(value=1.0)),),
    )
    recording = train(experiment)[0]
    assert log_of(recording).events[-1] == Event(
        len(recording) - 1, 3, EventKind.DIVERGED, recording.reason
    )


def test_events_are_ordered_by_frame() -> None:
    found = events(Normal(scale=1.0, seed=2), steps=600, rate=2.0)
    assert len(found) >= 2
    assert [event.frame for event in found] == sorted(event.frame for event in found)
