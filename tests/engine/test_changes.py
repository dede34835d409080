"""Changes during training: what holds from a frame on, against a plain loop and everywhere."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.codegen.numpy_code import is_exact
from engine.codegen.scripts import SCRIPTS
from engine.ensemble.shards import Shard, SweepCell, single, train_shard
from engine.errors import UsageError
from engine.experiment.experiment import (
    Change,
    DataSpec,
    Edit,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.nn.initializers import Normal, initialize_parameters
from engine.studies.ensemble.study import EnsembleSpec
from engine.training.comparison import compare
from engine.training.diagnostics import Diagnostics
from engine.training.events import EventKind
from engine.training.recording import Finish, Recording
from engine.training.tables import write_recordings
from engine.training.training import train
from engine.types import Array
from tests.engine.reference import Reference

START = Normal(scale=0.8, seed=3)
MOONS = DataSpec(name="moons", samples=30, seed=1)
CHANGES = (
    Change(step=5, learning_rate=0.1),
    Change(step=9, hidden="relu"),
    Change(step=16, learning_rate=2.0, hidden=("sigmoid",)),
)


def of(run: Run, steps: int = 24, data: DataSpec | None = None, **more: object) -> Experiment:
    return Experiment(
        data=data or DataSpec(),
        network=NetworkSpec(layers=(2, 3, 1)),
        training=TrainingSpec(steps=steps, **more),  # type: ignore[arg-type]
        runs=(run,),
    )


def by_hand(experiment: Experiment) -> tuple[list[float], list[list[Array]]]:
    """Losses and [W1, b1, W2, b2] of all frames of the first run, by a loop with `@`."""
    run, data = experiment.runs[0], experiment.load_data()
    drawn = initialize_parameters(experiment.network.layers, run.init)
    W, b = [drawn["W1"], drawn["W2"]], [drawn["b1"], drawn["b2"]]
    rate, hidden = experiment.training.learning_rate, "tanh"
    losses, frames = [], []
    for frame in range(experiment.training.steps + 1):
        for change in run.changes:
            if change.step == frame:
                rate = change.learning_rate or rate
                hidden = "".join(change.hidden or hidden)  # a single layer's, alone or in a list
        for edit in run.edits:
            if edit.step == frame:
                W[int(edit.parameter[1]) - 1][edit.index] = edit.value
        network = Reference((hidden,), "sigmoid", "cross-entropy")
        losses.append(network.mean_loss(W, b, data.X, data.Y))
        frames.append([W[0], b[0], W[1], b[1]])
        dW, db = network.gradients(W, b, data.X, data.Y)
        W = [w - rate * d for w, d in zip(W, dW, strict=True)]
        b = [w - rate * d for w, d in zip(b, db, strict=True)]
    return losses, frames


@pytest.mark.parametrize("data", [DataSpec(), MOONS])
def test_changes_equal_a_plain_loop(data: DataSpec) -> None:
    edits = (Edit(step=9, parameter="W1", index=(0, 1), value=0.3),)
    experiment = of(Run(init=START, edits=edits, changes=CHANGES), data=data)
    losses, frames = by_hand(experiment)
    (recording,) = train(experiment)
    np.testing.assert_allclose(recording.losses, losses, rtol=1e-12)
    for frame, (W1, b1, W2, b2) in zip(recording, frames, strict=True):
        for found, wanted in zip((*frame.W[1:], *frame.b[1:]), (W1, W2, b1, b2), strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-13)


def test_frame_of_a_change_has_the_new_activations() -> None:
    (recording,) = train(of(Run(init=START, changes=CHANGES)))
    for index, function in ((8, np.tanh), (9, lambda z: np.maximum(z, 0.0))):
        frame = recording[index]
        np.testing.assert_allclose(frame.A[1], function(frame.Z[1]), atol=1e-15)
        assert recording.spec_at(index).hidden_names == ("tanh" if index == 8 else "relu",)
    assert [phase.start for phase in recording.phases] == [0, 9, 16]


@pytest.mark.parametrize("data", [DataSpec(), MOONS])
def test_runs_with_changes_have_the_same_bits_alone_and_together(data: DataSpec) -> None:
    runs = [
        Run(init=START),
        Run(init=START, changes=CHANGES),
        Run(init=START, changes=CHANGES[:1]),
        Run(init=START, changes=CHANGES[1:], hidden="sigmoid"),
    ]
    together = train(of(runs[0], data=data).replace(runs=tuple(runs)))
    for run, recording in zip(runs, together, strict=True):
        (alone,) = train(of(run, data=data))
        same(recording, alone, 0, 25)


def test_change_leaves_earlier_frames_unchanged() -> None:
    plain, changed = (train(of(Run(init=START, changes=changes)))[0] for changes in ((), CHANGES))
    same(plain, changed, 0, 6)  # the rate of frame 5 is seen in frame 6
    assert (plain.parameters(6, 7) != changed.parameters(6, 7)).any()
    activation = train(of(Run(init=START, changes=CHANGES[1:2])))[0]
    same(plain, activation, 0, 9)
    np.testing.assert_array_equal(plain.parameters(9, 10), activation.parameters(9, 10))
    assert plain.losses[9] != activation.losses[9]


def same(one: Recording, other: Recording, start: int, stop: int) -> None:
    np.testing.assert_array_equal(one.losses[start:stop], other.losses[start:stop])
    np.testing.assert_array_equal(one.parameters(start, stop), other.parameters(start, stop))


@pytest.mark.parametrize("stride", [2, 7, 40])
def test_sparse_frames_are_replayed_across_changes(stride: int) -> None:
    (whole,) = train(of(Run(init=START, changes=CHANGES)))
    per_frame = whole.layout.size * 8
    sparse = Recording(whole.experiment, whole.run, budget=-(-25 * per_frame // stride))
    sparse.extend(whole.parameters(0, 13), whole.losses[:13])
    sparse.extend(whole.parameters(13, 25), whole.losses[13:])
    for index in (3, 20, 8, 9, 10, 16, 24, 0, 15):
        np.testing.assert_array_equal(
            sparse.parameters(index, index + 1), whole.parameters(index, index + 1)
        )
        for layer in (1, 2):
            np.testing.assert_array_equal(sparse[index].A[layer], whole[index].A[layer])


def test_blocks_end_at_phase_boundaries() -> None:
    (recording,) = train(of(Run(init=START, changes=CHANGES)))
    assert list(recording.blocks(3, 25)) == [(3, 9), (9, 16), (16, 25)]
    for start, stop in recording.blocks(0, 25):
        done = recording.passes(start, stop)
        for index in range(start, stop):
            np.testing.assert_array_equal(done.A[1][..., index - start], recording[index].A[1])
    with pytest.raises(ValueError, match="different activations"):
        recording.passes(8, 10)


@pytest.mark.parametrize("data", [DataSpec(), MOONS])
def test_diagnostics_during_training_equal_those_afterwards(data: DataSpec) -> None:
    experiment = of(Run(init=START, changes=CHANGES), data=data)
    (while_training,) = compare(experiment).diagnostics
    afterwards = Diagnostics(train(experiment)[0])
    afterwards.extend()
    for name in ("gap", "saturated", "accuracy", "gradient_norm", "row_difference"):
        np.testing.assert_array_equal(getattr(while_training, name), getattr(afterwards, name))
    relu = afterwards.recording[10]
    assert afterwards.saturated[10] == (relu.A[1] == 0.0).mean()


def test_changes_apply_to_mini_batches() -> None:
    run = Run(init=START, changes=CHANGES)
    experiment = of(run, data=MOONS, batch_size=7)
    (recording,) = train(experiment)
    names = ran(SCRIPTS["NumPy"](experiment, 0))
    assert names["losses"] == recording.losses.tolist()


def test_table_has_the_gradients_of_each_phase(tmp_path: Path) -> None:
    (recording,) = train(of(Run(init=START, changes=CHANGES)))
    write_recordings([recording], tmp_path / "x.npz")
    dW1 = np.load(tmp_path / "x.npz")["run0/dW1"]
    for frame in recording:
        np.testing.assert_array_equal(dW1[frame.index], frame.dW[1])


def test_ensemble_with_changes_equals_single_runs() -> None:
    plain = of(Run(init=START, changes=CHANGES), data=MOONS)
    ensemble = plain.replace(scene=EnsembleSpec(seeds=3))
    results = train_shard(ensemble, Shard(SweepCell(0), 0, 3))
    for seed in range(3):
        (recording,) = train(single(ensemble, SweepCell(0), seed))
        assert results.loss[seed] == recording.losses[-1]


def test_only_effective_changes_are_events() -> None:
    changes = (Change(step=3, learning_rate=0.5, hidden="tanh"), *CHANGES)
    events = compare(of(Run(init=START, changes=changes))).events
    reported = [(e.frame, e.text) for e in events if e.kind is EventKind.CHANGED]
    assert reported == [
        (5, "from here on learning rate 0.1"),
        (9, "from here on relu"),
        (16, "from here on learning rate 2 and sigmoid"),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ("[{ step = 0, learning_rate = 1 }]", "changes[0].step: expected a whole number, at least"),
        ("[{ step = 3 }]", "changes[0].learning_rate: missing"),
        ("[{ step = 3, learning_rate = 0.0 }]", "changes[0].learning_rate: expected a number"),
        ("[{ step = 3, learning_rate = nan }]", "changes[0].learning_rate: expected a number"),
        ('[{ step = 3, hidden = "rellu" }]', 'changes[0].hidden: unknown activation "rellu"'),
        ('[{ step = 3, hidden = ["relu", "relu"] }]', "changes[0].hidden: give one name"),
        (
            '[{ step = 3, hiden = "relu" }]',
            'changes[0].hiden: unknown field; did you mean "hidden"',
        ),
        (
            "[{ step = 3, learning_rate = 1 }, { step = 3, learning_rate = 2 }]",
            "changes[1].step: 3 does not come after 3",
        ),
        ("7", "changes: expected a list"),
    ],
)
def test_invalid_change_is_rejected_with_its_field(changes: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_experiment(f"format = 1\n[[run]]\nchanges = {changes}")
    assert f"run[0].{message}" in str(caught.value)


units = st.sampled_from(["tanh", "sigmoid", "relu", "linear"])


@st.composite
def several(draw: st.DrawFn) -> Sequence[Change]:
    steps = sorted(draw(st.sets(st.integers(1, 12), max_size=4)))
    rates = st.floats(0.01, 0.5)
    both = st.one_of(
        st.tuples(rates, units), st.tuples(rates, st.none()), st.tuples(st.none(), units)
    )
    each = [draw(both) for _ in steps]
    return tuple(
        Change(step=step, learning_rate=rate, hidden=hidden)
        for step, (rate, hidden) in zip(steps, each, strict=True)
    )


@settings(max_examples=40, deadline=None)
@given(several(), st.sampled_from([DataSpec(), MOONS]), st.sampled_from([None, 7]))
def test_scripts_and_files_contain_the_changes(
    changes: tuple[Change, ...], data: DataSpec, batch_size: int | None
) -> None:
    experiment = of(Run(init=START, changes=changes), 12, data, batch_size=batch_size)
    assert parse_experiment(format_experiment(experiment)) == experiment
    (recording,) = train(experiment)
    assume(recording.finish is Finish.COMPLETED)
    assert is_exact(experiment)
    assert ran(SCRIPTS["NumPy"](experiment, 0))["losses"] == recording.losses.tolist()


@settings(max_examples=10, deadline=None)
@given(several())
def test_torch_script_applies_changes(changes: tuple[Change, ...]) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: its script is not run")
    experiment = of(Run(init=START, changes=changes), 12)
    names = ran(SCRIPTS["PyTorch"](experiment, 0))
    np.testing.assert_allclose(names["losses"], train(experiment)[0].losses, rtol=1e-9)


def ran(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "script.py", "exec"), names)
    return names
