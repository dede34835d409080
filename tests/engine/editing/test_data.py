"""Data changed by hand: what becomes of the experiment, and what is said of an imported file."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.editing.data import (
    MAX_DRAWN,
    reason_not_drawable,
    with_file,
    with_point_added,
    with_point_moved,
    with_points_file,
    without_point,
)
from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run
from engine.nn.initializers import Explicit, Normal
from engine.points import PointsFile, decode, parse_points_file, write_points
from engine.studies.ensemble.study import EnsembleSpec
from engine.studies.logistic.study import LogisticSpec
from engine.studies.variance.study import VarianceSpec

XOR = Experiment()
MOONS = Experiment(data=DataSpec(name="moons", samples=20, flip=0.1), example=7)
LINEAR = NetworkSpec(loss="mean-squared-error", output="linear")


def points(*rows: tuple[float, ...]) -> DataSpec:
    return DataSpec(points=rows)


def test_added_point_is_appended_and_the_set_becomes_points() -> None:
    before, new = MOONS.load_data(), with_point_added(MOONS, (0.25, -1.5), 1)
    assert new.data == DataSpec(points=new.data.points)
    after = new.load_data()
    np.testing.assert_array_equal(after.X[:, :-1], before.X)
    np.testing.assert_array_equal(after.Y[:, :-1], before.Y)  # with the labels that are wrong
    assert after.X[:, -1].tolist() == [0.25, -1.5]
    assert after.Y[:, -1].tolist() == [1.0]
    assert replace(new, data=MOONS.data) == MOONS


def test_moved_point_keeps_its_target() -> None:
    new = with_point_moved(XOR, 1, (0.5, 0.75))
    assert new.data == points((-1, -1, 0), (0.5, 0.75, 1), (1, -1, 1), (1, 1, 0))


@pytest.mark.parametrize(("gone", "shown"), [(3, 6), (7, 7), (9, 7)])
def test_shown_example_stays_the_same_after_a_deletion(gone: int, shown: int) -> None:
    new = without_point(MOONS, gone)
    assert new.example == shown
    assert new.data.count == 19
    before, after = MOONS.load_data(), new.load_data()
    np.testing.assert_array_equal(after.X, np.delete(before.X, gone, axis=1))


def test_deleting_the_shown_last_example_shows_the_one_before() -> None:
    assert without_point(replace(XOR, example=3), 3).example == 2


def moons(samples: int) -> Experiment:
    return Experiment(data=DataSpec(name="moons", samples=samples))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda: without_point(Experiment(data=points((1, 2, 0))), 0),
            "the last point cannot be deleted",
        ),
        (
            lambda: with_point_added(moons(1000), (0, 0), 1),
            "there are 1,000 points, as many as can be drawn",
        ),
        (
            lambda: with_point_added(moons(1001), (0, 0), 1),
            "points are drawn among at most 1,000",
        ),
    ],
)
def test_invalid_drawing_is_rejected(edit: Callable[[], Experiment], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        edit()


@pytest.mark.parametrize(
    ("experiment", "reason"),
    [
        (XOR, ""),
        (Experiment(data=DataSpec(name="moons", samples=MAX_DRAWN)), ""),
        (Experiment(scene=EnsembleSpec()), "this is another scene"),
        (
            Experiment(data=points((1, 2, 3, 0)), network=NetworkSpec(layers=(3, 2, 1))),
            "this network has 3",
        ),
        (
            Experiment(data=points((1, 2, 1, 0)), network=NetworkSpec(layers=(2, 2, 2))),
            "this network has 2",
        ),
    ],
)
def test_reason_not_drawable_is_empty_only_for_drawable_experiments(
    experiment: Experiment, reason: str
) -> None:
    message = reason_not_drawable(experiment)
    assert reason in message
    assert bool(reason) == bool(message)


def table(text: str) -> PointsFile:
    return parse_points_file(decode(text.encode()))


def labelled(*labels: object) -> PointsFile:
    return table("x1,x2,y\n" + "".join(f"{n},0,{label}\n" for n, label in enumerate(labels)))


@pytest.mark.parametrize(
    ("labels", "targets", "message"),
    [
        ((0, 1, 1), [0, 1, 1], "imported 3 points; target y"),
        ((1, -1), [1, 0], "imported 2 points; target y; −1 → 0, 1 → 1"),
        ((2, 1, 2), [1, 0, 1], "imported 3 points; target y; 1 → 0, 2 → 1"),
        (("b", "a"), [1, 0], "imported 2 points; target y; a → 0, b → 1"),
    ],
)
def test_two_labels_become_0_and_1(
    labels: tuple[object, ...], targets: list[float], message: str
) -> None:
    new = with_points_file(XOR, labelled(*labels))
    assert new.experiment.load_data().Y[0].tolist() == targets
    assert new.message == message


def test_linear_output_keeps_two_classes() -> None:
    new = with_points_file(Experiment(network=LINEAR), labelled(0, 1)).experiment
    assert new.network == LINEAR


def test_other_numbers_get_a_linear_output() -> None:
    new = with_points_file(XOR, labelled(-1, 1, 7.5))
    assert new.experiment.network == LINEAR
    assert new.experiment.load_data().Y[0].tolist() == [-1, 1, 7.5]
    assert new.message.endswith("the output is now linear, the loss mean-squared-error")


def test_other_number_of_inputs_resizes_the_network_with_a_message() -> None:
    edits = tuple(Edit(step=1, parameter="W1", index=(0, column), value=2.0) for column in range(2))
    experiment = Experiment(runs=(Run(init=Normal(), edits=edits),), example=3)
    one = with_points_file(experiment, table("1.5,0\n2,1\n"))
    assert one.experiment.network.layers == (1, 2, 1)
    assert one.experiment.runs[0].edits == edits[:1]
    assert one.experiment.example == 1
    assert one.message == "imported 2 points; the network now has 1 input; 1 edit by hand removed"


def test_several_targets_get_as_many_outputs() -> None:
    new = with_points_file(XOR, table("x1,x2,y1,y2\n0,0,1,1\n0,1,0,1\n1,0,0,0\n"))
    assert new.experiment.network.layers == (2, 2, 2)
    assert "the network now has 2 outputs" in new.message


@pytest.mark.parametrize(
    ("experiment", "message"),
    [
        (Experiment(scene=VarianceSpec(), runs=(Run(init=Normal()),)), "this scene uses no data"),
        (
            Experiment(scene=LogisticSpec(), network=NetworkSpec()),
            "network: means nothing to the scene logistic",
        ),
        (
            Experiment(runs=(Run(init=Explicit(W=(((1, 1), (1, 1)), ((1, 1),)))),)),
            r"run\[0\]\.init",
        ),
    ],
)
def test_unusable_points_are_rejected(experiment: Experiment, message: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("a,b,c,y\n1,2,3,1\n4,5,6,0\n")
    with pytest.raises(UsageError, match=message):
        with_file(experiment, tmp_path / "points.csv")


numbers = st.floats(-1e12, 1e12)


@given(
    st.integers(1, 4).flatmap(
        lambda inputs: st.lists(
            st.tuples(*[numbers] * inputs, st.sampled_from([0.0, 1.0])), min_size=2, max_size=20
        )
    )
)
def test_exported_points_are_imported_bit_exactly(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, ...]]
) -> None:
    rows = [*rows, (*rows[0][:-1], 1.0 - rows[0][-1])]  # both classes
    network = NetworkSpec(layers=(len(rows[0]) - 1, 2, 1))
    experiment = Experiment(data=points(*rows), network=network)
    file = tmp_path_factory.mktemp("points") / "points.csv"
    write_points(file, experiment.load_data())
    again = with_file(XOR, file).experiment
    assert again.network == network
    assert repr(again.data) == repr(experiment.data)


def test_export_of_a_drawn_set_equals_the_training_data(tmp_path: Path) -> None:
    write_points(tmp_path / "moons.csv", MOONS.load_data())
    again = with_file(XOR, tmp_path / "moons.csv").experiment.load_data()
    np.testing.assert_array_equal(again.X, MOONS.load_data().X)
    np.testing.assert_array_equal(again.Y, MOONS.load_data().Y)


def test_huge_file_is_rejected_without_reading(tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as huge:
        huge.truncate(2**30)
    tracemalloc.start()
    began = perf_counter()
    with pytest.raises(UsageError, match=r"huge\.csv: is larger than 64 MiB"):
        with_file(XOR, file)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    assert perf_counter() - began < 1.0


def test_too_many_columns_are_rejected(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text(("1," * 99_999 + "0\n") * 100)
    with pytest.raises(UsageError, match=r"wide\.csv, line 1: 100,000 columns; at most 2,048"):
        with_file(XOR, file)


def test_too_many_inputs_are_rejected_with_their_number(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text("1," * 2047 + "0\n" + "2," * 2047 + "1\n")
    message = r"wide\.csv: has 2,047 inputs; a network has at most 1,024$"
    with pytest.raises(UsageError, match=message):
        with_file(XOR, file)


def test_import_error_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    for content, message in {
        b"x1,x2,y\n1,2,a\n1,2,a\n": r"mine\.csv: column y has one class only, 'a'",
        b"1\n2\n": r"mine\.csv: has 1 column; write the inputs and the target",
        b"1,2\n3,4\n6,7,8\n9,8\n": r"mine\.csv, line 3: expected 2 columns as in line 1, got 3",
        "é,ü,y\n1,2,0\n".encode("latin-1"): r"mine\.csv: is neither UTF-8 nor .*; save it as UTF-8",
    }.items():
        file.write_bytes(content)
        with pytest.raises(UsageError, match=message):
            with_file(XOR, file)
