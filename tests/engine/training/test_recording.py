"""Recordings: access to frames, what they hold, keyframes and replay."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Normal
from engine.training.recording import Finish, Frame, Recording
from engine.training.training import train

EDITED = Run(
    init=Normal(scale=1.0, seed=5),
    edits=(
        Edit(step=0, parameter="b1", index=(0,), value=0.5),
        Edit(step=14, parameter="W1", index=(0, 1), value=0.3),
        Edit(step=15, parameter="W2", index=(0, 1), value=-0.6),
        Edit(step=31, parameter="b2", index=(0, 0), value=1.0),
    ),
)


def experiment(steps: int = 60, data: DataSpec | None = None) -> Experiment:
    return Experiment(data=data or DataSpec(), training=TrainingSpec(steps=steps), runs=(EDITED,))


@pytest.fixture(scope="module")
def recording() -> Recording:
    return train(experiment())[0]


def sparse(whole: Recording, stride: int, chunk: int = 13) -> Recording:
    """The same frames in a recording that keeps every stride-th one."""
    per_frame = whole.layout.size * 8
    budget = -(-whole.capacity * per_frame // stride)
    result = Recording(whole.experiment, whole.run, whole.data, budget=budget)
    theta = whole.parameters(0, len(whole)).copy()
    for start in range(0, len(whole), chunk):
        stop = min(start + chunk, len(whole))
        result.extend(theta[start:stop], whole.losses[start:stop])
    return result


def same(one: Frame, other: Frame) -> None:
    assert (one.index, one.loss) == (other.index, other.loss)
    for name in ("W", "b", "Z", "A", "dZ", "dW", "db"):
        for here, there in zip(getattr(one, name), getattr(other, name), strict=True):
            np.testing.assert_array_equal(here, there)


def test_a_recording_is_a_sequence(recording: Recording) -> None:
    assert len(recording) == recording.capacity == 61
    assert [frame.index for frame in recording] == list(range(61))
    same(recording[-1], recording[60])
    same(recording[-61], recording[0])
    assert [frame.index for frame in recording[50:]] == list(range(50, 61))
    assert [frame.index for frame in recording[-5:10:-20]] == [56, 36, 16]
    for index in (61, -62):
        with pytest.raises(IndexError, match="of a recording of 61"):
            recording[index]


def test_frame_contains_every_array_of_a_step(recording: Recording) -> None:
    rate, data = 0.5, recording.data
    for frame, following in pairwise(recording[:12]):
        assert [w.shape for w in frame.W] == [(0, 0), (2, 2), (1, 2)]
        assert [b.shape for b in frame.b] == [(0, 0), (2, 1), (1, 1)]
        assert [a.shape for a in frame.A] == [(2, 4), (2, 4), (1, 4)]
        np.testing.assert_array_equal(frame.A[0], data.X)
        for layer in (1, 2):
            z = frame.W[layer] @ frame.A[layer - 1] + frame.b[layer]
            np.testing.assert_allclose(frame.Z[layer], z, atol=1e-15)
            np.testing.assert_allclose(
                frame.dW[layer], frame.dZ[layer] @ frame.A[layer - 1].T / 4, atol=1e-16
            )
            np.testing.assert_array_equal(
                following.W[layer], frame.W[layer] - rate * frame.dW[layer]
            )
            np.testing.assert_array_equal(
                following.b[layer], frame.b[layer] - rate * frame.db[layer]
            )
        np.testing.assert_array_equal(frame.A[1], np.tanh(frame.Z[1]))
        p = frame.A[2]
        loss = -(data.Y * np.log(p) + (1 - data.Y) * np.log(1 - p)).mean()
        assert frame.loss == pytest.approx(loss, rel=1e-13)
        assert frame.loss == recording.losses[frame.index]


def test_edits_apply_to_the_parameters_of_their_frame(recording: Recording) -> None:
    assert recording[0].b[1][0, 0] == 0.5
    assert recording[14].W[1][0, 1] == 0.3
    assert recording[13].W[1][0, 1] != 0.3
    assert recording[15].W[2][0, 1] == -0.6
    assert recording[31].b[2][0, 0] == 1.0
    unedited = train(Experiment(training=TrainingSpec(steps=60), runs=(Run(init=EDITED.init),)))[0]
    assert unedited[14].W[1][0, 1] != 0.3


def test_arrays_of_a_recording_are_read_only(recording: Recording) -> None:
    frame = recording[3]
    for array in (
        recording.losses,
        recording.parameters(0, 5),
        *(a for name in ("W", "b", "Z", "A", "dZ", "dW", "db") for a in getattr(frame, name)),
    ):
        assert not array.flags.writeable
    before = frame.W[1].copy()
    recording[40]
    np.testing.assert_array_equal(frame.W[1], before)  # not overwritten by the next frame


def test_nbytes_counts_parameters_and_losses(recording: Recording) -> None:
    causes = 61 * (9 + 1) * 8
    assert causes <= recording.nbytes <= 1.5 * causes


@pytest.mark.parametrize("stride", [2, 5, 7, 14, 61])
def test_frames_between_keyframes_have_the_same_bits(recording: Recording, stride: int) -> None:
    other = sparse(recording, stride)
    assert other.stride == stride
    assert other.nbytes < recording.nbytes
    for index in [0, *range(60, -1, -1), *range(61), 31, 14, 15, 14]:
        same(other[index], recording[index])


@given(spans=st.lists(st.tuples(st.integers(0, 61), st.integers(0, 61)), max_size=12))
@settings(max_examples=40)
def test_any_range_of_a_sparse_recording_is_replayed_exactly(spans: list[tuple[int, int]]) -> None:
    whole = train(experiment())[0]
    other = sparse(whole, 8)
    for a, b in spans:
        start, stop = min(a, b), max(a, b)
        np.testing.assert_array_equal(other.parameters(start, stop), whole.parameters(start, stop))


def test_replayed_frames_are_cached_within_the_budget(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.training.recording.REPLAY_BUDGET", 4 * 9 * 8)
    other = sparse(recording, 61)
    for index in [40, 41, 39, 38, 30, 60, 59, 0]:
        same(other[index], recording[index])


def test_latest_frames_are_not_replayed(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sparse(recording, 61, chunk=10)
    monkeypatch.setattr(other, "_replay", None)
    np.testing.assert_array_equal(other.parameters(60, 61), recording.parameters(60, 61))
    with pytest.raises(TypeError):
        other.parameters(59, 61)


def test_last_two_frames_are_cached(recording: Recording) -> None:
    other = sparse(recording, 61, chunk=10)
    once = other.layout.seconds_for(4)
    assert [other.seconds_for(index) / once for index in (0, 40, 60)] == [1.0, 41.0, 1.0]
    frames = [other[index] for index in (40, 60)]
    assert [other.seconds_for(index) for index in (40, 60)] == [0.0, 0.0]
    assert all(other[frame.index] is frame for frame in frames)
    assert other.seconds_for(30) > 0.0
    same(other[30], recording[30])
    assert other.seconds_for(40) == once  # it is no frame any more, but replayed


def test_only_the_last_large_frame_is_cached(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recording[0].nbytes == 8 * (2 * 9 + 3 * (2 + 1) * 4)
    both, once = 2 * recording[0].nbytes, recording.layout.seconds_for(4)
    for budget, first, stored in ((both, 40, 0.0), (both - 1, 30, 1.0)):
        monkeypatch.setattr("engine.training.recording.FRAMES_BUDGET", budget)
        recording[first]
        last = recording[first + 1]
        assert recording.seconds_for(first) / once == stored
        assert recording[first + 1] is last


def test_frames_can_be_read_from_several_threads(recording: Recording) -> None:
    other = sparse(recording, 7)
    with ThreadPoolExecutor(4) as threads:
        for frame in threads.map(other.__getitem__, [*range(61)] * 5):
            same(frame, recording[frame.index])


@pytest.mark.parametrize("data", [DataSpec(), DataSpec(points=((1.0, 2.0, 1.0),))])
def test_passes_have_the_same_bits_as_frames(data: DataSpec) -> None:
    recording = train(experiment(data=data))[0]
    for start, stop in ((0, 1), (20, 21), (3, 40), (0, 61)):
        done = recording.passes(start, stop)
        for index in range(start, stop):
            frame, i = recording[index], index - start
            for layer in (1, 2):
                np.testing.assert_array_equal(frame.Z[layer], done.Z[layer][..., i])
                np.testing.assert_array_equal(frame.dZ[layer], done.dZ[layer][..., i])
                weights = done.layout.weights(done.gradient, layer)[..., i]
                np.testing.assert_array_equal(frame.dW[layer], weights)


def test_recorded_frames_never_change_as_a_recording_grows(recording: Recording) -> None:
    growing = Recording(recording.experiment, recording.run)
    assert (len(growing), growing.finish) == (0, Finish.TRAINING)
    theta = recording.parameters(0, 61)
    growing.extend(theta[:20], recording.losses[:20])
    losses = growing.losses
    growing.extend(theta[20:], recording.losses[20:])
    assert (len(losses), len(growing)) == (20, 61)
    np.testing.assert_array_equal(growing.losses, recording.losses)


def test_a_large_network_stays_within_the_budget() -> None:
    large = Experiment(
        network=NetworkSpec(layers=(2, 900, 900, 1)),
        training=TrainingSpec(steps=10_000),
        runs=(Run(),),
    )
    recording = Recording(large, large.runs[0])
    assert recording.stride > 1
    assert recording.nbytes <= 256 * 2**20 + recording.layout.size * 8 + 10_001 * 8
    assert recording.block_size() >= 2
