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
    with_table,
    without_point,
)
from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run
from engine.experiment.points_file import parse_table, write_points
from engine.nn.initializers import Explicit, Normal
from engine.studies.ensemble.spec import EnsembleSpec
from engine.studies.logistic.spec import LogisticSpec
from engine.studies.variance.spec import VarianceSpec

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
            Experiment(data=points((1, 2, 3, 0)), network=NetworkSpec(layers=(2, 2, 2))),
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


def table_text(*labels: object) -> str:
    return "x1,x2,y\n" + "".join(f"{n},0,{label}\n" for n, label in enumerate(labels))


@pytest.mark.parametrize(
    ("labels", "targets", "message"),
    [
        ((0, 1, 1), [0, 1, 1], "imported 3 points"),
        (("0.25", "1e-3", "0.5"), [0.25, 0.001, 0.5], "imported 3 points"),
        ((1, -1), [1, 0], "imported 2 points; the labels −1 and 1 became 0 and 1"),
        ((2, 1, 2), [1, 0, 1], "imported 3 points; the labels 1 and 2 became 0 and 1"),
        (("b", "a"), [1, 0], "imported 2 points; the labels “a” and “b” became 0 and 1"),
        (
            ("yes", "yes"),
            [0, 0],
            "imported 2 points; the label “yes” became 0; all points are of one class: there is "
            "nothing to separate",
        ),
        (
            (1, 1),
            [1, 1],
            "imported 2 points; all points are of one class: there is nothing to separate",
        ),
    ],
)
def test_two_labels_become_0_and_1(
    labels: tuple[object, ...], targets: list[float], message: str
) -> None:
    new = with_table(XOR, parse_table(table_text(*labels), labels=1))
    assert new.experiment.load_data().Y[0].tolist() == targets
    assert new.message == message


@pytest.mark.parametrize("labels", [(1, 2, 3), ("a", "b", "c"), (0, 1, "a")])
def test_more_than_two_labels_are_rejected(labels: tuple[object, ...]) -> None:
    with pytest.raises(UsageError, match=r"^column y: 3 labels \(.*\); at most two"):
        with_table(XOR, parse_table(table_text(*labels), labels=1))


def test_linear_output_keeps_numeric_targets() -> None:
    new = with_table(
        Experiment(network=LINEAR), parse_table(table_text(-1, 1, 7.5), labels=1)
    ).experiment
    assert new.load_data().Y[0].tolist() == [-1, 1, 7.5]


def test_other_number_of_inputs_resizes_the_network_with_a_message() -> None:
    edits = tuple(Edit(step=1, parameter="W1", index=(0, column), value=2.0) for column in range(2))
    experiment = Experiment(runs=(Run(init=Normal(), edits=edits),), example=3)
    one = with_table(experiment, parse_table("1,0\n2,1\n", labels=1))
    assert one.experiment.network.layers == (1, 2, 1)
    assert one.experiment.runs[0].edits == edits[:1]
    assert one.experiment.example == 1
    assert one.message == ("imported 2 points; the network now has 1 input; 1 edit by hand removed")


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
        (Experiment(network=NetworkSpec(layers=(2, 4)), data=points((0,) * 6)), "has 4 columns"),
    ],
)
def test_unusable_points_are_rejected(experiment: Experiment, message: str) -> None:
    table = parse_table("a,b,c,y\n1,2,3,1\n", labels=1)
    with pytest.raises(UsageError, match=message):
        with_table(experiment, table)


numbers = st.floats(-1e12, 1e12)


@given(
    st.integers(1, 4).flatmap(
        lambda inputs: st.lists(
            st.tuples(*[numbers] * inputs, st.floats(0.0, 1.0)), min_size=1, max_size=20
        )
    )
)
def test_exported_points_are_imported_bit_exactly(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, ...]]
) -> None:
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
    file.write_text("1," * 2047 + "0\n")
    message = r"wide\.csv: has 2,047 inputs; a network has at most 1,024$"
    with pytest.raises(UsageError, match=message):
        with_file(XOR, file)


def test_import_error_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    for content, message in {
        b"x1,x2,y\n1,2,a\n1,2,b\n1,2,c\n": r"mine\.csv: column y: 3 labels \(“a”, “b”, “c”\); at",
        b"1\n2\n": r"mine\.csv: has 1 column; this network needs one input at least, then 1 target",
        b"1,2\n3,4,5\n": r"mine\.csv, line 2: expected 2 columns as in line 1, got 3",
        "é,ü,y\n1,2,0\n".encode("latin-1"): r"mine\.csv: is not UTF-8 text .*; save it as UTF-8",
    }.items():
        file.write_bytes(content)
        with pytest.raises(UsageError, match=message):
            with_file(XOR, file)
