"""The built-in experiments are complete, and their notes are true."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from engine.errors import UsageError
from engine.library.built_ins import BUILT_INS, DEFAULT, built_in, titles
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.points import read_points_file
from engine.training.recording import Frame, Recording
from engine.training.training import train


def right(frame: Frame, recording: Recording) -> float:
    """The share of examples on the right side."""
    return float(np.mean((frame.A[-1] >= 0.5) == (recording.data.Y == 1.0)))


def units(frame: Frame) -> np.ndarray:
    """What makes a hidden unit: its incoming row, its bias and its outgoing weights."""
    return np.hstack([frame.W[1], frame.b[1], frame.W[2].T])


def saturated(frame: Frame) -> float:
    return float(np.mean([np.mean(np.abs(a) > 0.99) for a in frame.A[1:-1]]))


def ends(name: str) -> tuple[list[Recording], list[float]]:
    """The runs of an experiment, and the share each gets right in the end."""
    runs = train(built_in(name))
    return runs, [right(run[-1], run) for run in runs]


def test_default_experiment_is_the_first_of_many() -> None:
    assert len(BUILT_INS) >= 10
    assert BUILT_INS[0] == DEFAULT
    assert titles()[DEFAULT] == "Zero against random"
    assert titles() == {name: built_in(name).title for name in BUILT_INS}
    assert list(titles()) == list(BUILT_INS)
    assert len(set(titles().values())) == len(BUILT_INS)


def test_unknown_name_is_rejected_with_the_nearest() -> None:
    with pytest.raises(UsageError, match='did you mean "zero-vs-random"'):
        built_in("zero-vs-randon")


@pytest.mark.parametrize("name", BUILT_INS)
def test_every_built_in_experiment_is_complete(name: str) -> None:
    experiment = built_in(name)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert 2 <= len(re.findall(r"[.:;](?=\s|$)", experiment.notes)) <= 9
    assert all(run.name for run in experiment.runs)
    assert parse_experiment(format_experiment(experiment)) == experiment


@pytest.mark.parametrize("name", BUILT_INS)
def test_every_file_equals_its_formatted_experiment(name: str) -> None:
    """All settings that a reader looks for are in the file, or in the table it names."""
    (file,) = (Path(__file__).parents[3] / "assets" / "experiments").rglob(f"{name}.toml")
    read = tomllib.loads(file.read_text("utf-8"))
    if "file" in read.get("data", {}):
        table = file.parent / read["data"].pop("file")
        read["data"]["points"] = [list(point) for point in read_points_file(table).points]
    assert read == tomllib.loads(format_experiment(built_in(name)))


def test_names_are_unique_and_stories_come_before_scenarios() -> None:
    folder = Path(__file__).parents[3] / "assets" / "experiments"
    stories = [file.stem for file in folder.glob("*.toml")]
    files = list(folder.rglob("*.toml"))
    assert len(files) == len(BUILT_INS) == len(stories) + 35
    assert sorted(BUILT_INS[: len(stories)]) == sorted(stories)


def test_zero_vs_random_agrees_with_its_notes() -> None:
    (zero, random), shares = ends("zero-vs-random")
    assert shares == [0.8, 1.0]
    assert all((frame.dW[1][0] == frame.dW[1][1]).all() for frame in zero)
    assert not zero[1].W[1].any()
    assert zero[1].W[2].all()
    assert zero[1].b[2].all()
    assert zero[2].W[1].any()
    assert np.abs(zero[-1].W[1]).min() > 1.0
    assert right(random[100], random) == 1.0


def test_zero_tanh_agrees_with_its_notes() -> None:
    (tanh, relu, random), shares = ends("zero-tanh")
    for run in (tanh, relu):
        assert not any(frame.W[1].any() or frame.W[2].any() or frame.b[1].any() for frame in run)
        assert run[-1].b[2].item() == pytest.approx(-np.log(3.0), abs=1e-6)
        assert run[-1].loss == pytest.approx(0.5623, abs=1e-4)
    assert shares[2] == 1.0
    assert random[-1].loss < 0.01


@pytest.mark.parametrize(
    ("name", "equal", "unequal"), [("constant", 0.75, 1.0), ("wide-equal", 0.65, 1.0)]
)
def test_equal_units_stay_equal_and_count_as_one(name: str, equal: float, unequal: float) -> None:
    (first, _), shares = ends(name)
    assert all((units(frame) == units(frame)[0]).all() for frame in first[::20])
    assert shares == [equal, unequal]


def test_random_scale_agrees_with_its_notes() -> None:
    (tiny, middle, huge), shares = ends("random-scale")
    np.testing.assert_allclose(tiny[0].W[1] * 100.0, middle[0].W[1], rtol=1e-15)
    assert np.abs(tiny.losses - np.log(2.0)).max() < 1e-4
    assert shares[1] == 1.0
    assert shares[2] == 0.5
    assert saturated(huge[0]) == saturated(huge[-1]) == 1.0
    assert np.abs(huge[-1].W[1] - huge[0].W[1]).max() < 1e-10


def test_perturbed_agrees_with_its_notes() -> None:
    (equal, tiny, small), _ = ends("perturbed")

    def parting(run: Recording) -> int:
        gaps = np.array([np.abs(np.subtract(*units(frame))).max() for frame in run])
        return int(np.argmax(gaps > 0.1))

    assert all((np.subtract(*units(frame)) == 0.0).all() for frame in equal)
    assert parting(small) == pytest.approx(200, abs=10)
    assert parting(tiny) == pytest.approx(410, abs=10)


def test_equal_rows_agrees_with_its_notes() -> None:
    (_, different), shares = ends("equal-rows")
    assert shares == [0.75, 1.0]
    assert (different[0].W[1] == 0.5).all()
    assert (different[1].W[1][0] != different[1].W[1][1]).all()


def test_broken_by_hand_agrees_with_its_notes() -> None:
    (alone, touched), shares = ends("broken-by-hand")
    assert shares == [0.75, 1.0]
    assert np.array_equal(alone.losses[:100], touched.losses[:100])
    assert touched[100].W[2][0, 0] == -1.0
    assert (touched[100].W[1][0] == touched[100].W[1][1]).all()
    assert (touched[100].dW[1][0] != touched[100].dW[1][1]).all()
    assert touched.losses[100] > touched.losses[99] + 0.1


def test_relu_twins_agrees_with_its_notes() -> None:
    (twins, _), shares = ends("relu-twins")
    assert shares == [0.75, 1.0]
    assert all((units(frame)[1] == 2.0 * units(frame)[0]).all() for frame in twins)


def test_relu_dead_agrees_with_its_notes() -> None:
    (alive, dead), shares = ends("relu-dead")
    assert shares == [1.0, 0.75]
    assert not any(frame.dW[1][1].any() or frame.db[1][1].any() for frame in dead)
    assert (dead[0].Z[1][1] < 0.0).all()
    assert np.count_nonzero(alive[0].b[1] != dead[0].b[1]) == 1


def test_moons_agrees_with_its_notes() -> None:
    (ones, small, root), shares = ends("moons")
    assert (units(ones[-1]) == units(ones[-1])[0]).all()
    assert len(np.unique(small[0].W[1])) == 16
    rows = small[20].W[1] / np.linalg.norm(small[20].W[1], axis=1, keepdims=True)
    assert np.median(np.abs(rows @ rows.T)) > 0.99
    assert small[-1].loss == pytest.approx(ones[-1].loss, abs=0.005)
    assert root[-1].loss < 0.05
    assert shares[2] == 1.0


def test_deep_tanh_agrees_with_its_notes() -> None:
    (tiny, glorot, large), shares = ends("deep-tanh")
    assert np.abs(tiny[0].A[5]).mean() < 1e-8
    assert np.abs(tiny[0].dW[1]).max() < 1e-8
    assert np.abs(tiny.losses - np.log(2.0)).max() < 0.005
    assert np.abs(glorot[0].A[1]).mean() == pytest.approx(0.4, abs=0.05)
    assert np.abs(glorot[0].A[5]).mean() == pytest.approx(0.2, abs=0.05)
    assert shares[1] == 1.0
    assert saturated(large[0]) > 0.5
    assert saturated(large[-1]) > 0.5
    assert (np.diff(large.losses[50:]) > 0).sum() > 50
    assert large[-1].loss > 0.4


def test_deep_relu_agrees_with_its_notes() -> None:
    (tiny, lecun, he), shares = ends("deep-relu")
    np.testing.assert_allclose(he[0].Z[-1], 8.0 * lecun[0].Z[-1], rtol=1e-12)
    assert np.abs(tiny.losses - np.log(2.0)).max() < 1e-4
    assert shares[1:] == [1.0, 1.0]
    assert he.losses[150] < 0.1 < lecun.losses[250]


def test_logistic_regression_agrees_with_its_notes() -> None:
    (zero, random), shares = ends("logistic-regression")
    np.testing.assert_allclose(random[-1].W[1], zero[-1].W[1], atol=0.01)
    assert right(random[0], random) < 0.1
    assert shares == [0.98, 0.98]


def test_saturated_output_agrees_with_its_notes() -> None:
    (entropy, square), shares = ends("saturated-output")
    assert right(entropy[0], entropy) == right(square[0], square) == 0.0
    assert right(entropy[12], entropy) == 1.0
    assert shares == [1.0, 0.0]


def test_learning_rates_agrees_with_its_notes() -> None:
    (slow, middle, fast), shares = ends("learning-rates")
    assert np.array_equal(slow[0].W[1], fast[0].W[1])
    assert right(middle[50], middle) == 1.0
    assert slow.losses[50] == pytest.approx(slow.losses[0], abs=0.03)
    assert saturated(middle[0]) < 0.5 < saturated(fast[3])
    assert saturated(fast[-1]) == 1.0
    assert shares[2] == 0.75


@pytest.mark.parametrize(
    ("name", "first_moves"),
    [
        ("zero-start-balanced", [(-1, -1, -1, -1)] * 4),
        ("zero-start-unbalanced", [(1, -1, -1, -1)] * 3 + [(1, 1, 2, 2)]),
    ],
)
def test_parameters_change_first_in_the_expected_order(
    name: str, first_moves: list[tuple[int, ...]]
) -> None:
    runs, shares = ends(name)
    for run, expected in zip(runs, first_moves, strict=True):
        start = run[0]
        for frame in run:
            now = (frame.b[2], frame.W[2], frame.b[1], frame.W[1])
            then = (start.b[2], start.W[2], start.b[1], start.W[1])
            moved = [(a != b).any() for a, b in zip(now, then, strict=True)]
            assert moved == [0 <= first <= frame.index for first in expected]
    assert shares[-1] == (0.5 if name == "zero-start-balanced" else 1.0)


def test_induction_agrees_with_its_notes() -> None:
    (equal, rows_only), shares = ends("induction")
    assert all((units(frame)[0] == units(frame)[1]).all() for frame in equal)
    assert (rows_only[0].W[1][0] == rows_only[0].W[1][1]).all()
    assert (rows_only[0].b[1][0] == rows_only[0].b[1][1]).all()
    assert (rows_only[1].W[1][0] != rows_only[1].W[1][1]).all()
    assert shares == [0.75, 1.0]


def test_half_and_third_agrees_with_its_notes() -> None:
    (tanh, sigmoid), _ = ends("half-and-third")
    assert not any(frame.W[1].any() for frame in tanh)
    assert (sigmoid[-1].W[1][0] == sigmoid[-1].W[1][1]).all()
    np.testing.assert_allclose(sigmoid[-1].W[1][0], [0.515, 0.316], atol=5e-4)


def test_lesson_table_agrees_with_its_notes() -> None:
    (equal, random), shares = ends("lesson-table")
    assert all((units(frame) == units(frame)[0]).all() for frame in equal[::20])
    assert len(np.unique(units(random[0]), axis=0)) == 4
    assert shares[0] < 0.9
    assert shares[1] == 1.0


def test_three_classes_agree_with_their_notes() -> None:
    zero, equal, random = runs = train(built_in("three-classes"))
    np.testing.assert_array_equal(zero[0].dZ[2], 1.0 / 3.0 - zero.data.Y)
    assert not any(zero[-1].W[layer].any() or zero[-1].b[1].any() for layer in (1, 2))
    shares = np.log(zero.data.Y.mean(axis=1))  # softmax of logarithms of shares is the shares
    np.testing.assert_allclose(zero[-1].b[2][:, 0], shares - shares.mean(), atol=1e-12)
    assert all((units(frame) == units(frame)[0]).all() for frame in equal[::20])
    labels = zero.data.Y.argmax(axis=0)
    right_shares = [(run[-1].A[2].argmax(axis=0) == labels).mean() for run in runs]
    assert right_shares == [0.34, 0.79, 1.0]
    assert len(np.unique(units(random[0]), axis=0)) == 4


def test_initialize_parameters_agrees_with_its_notes() -> None:
    (small, root), _ = ends("initialize-parameters")
    for run in (small, root):
        assert [w.shape for w in run[0].W[1:]] == [(4, 3), (1, 4)]
        assert [b.shape for b in run[0].b[1:]] == [(4, 1), (1, 1)]
    assert np.abs(small[0].Z[1]).max() < 0.1
    assert 0.3 < root[0].Z[1].std() < 2.0
