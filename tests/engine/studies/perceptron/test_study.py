"""The perceptron study agrees with a loop over fractions, and its notes are correct."""

from fractions import Fraction

import msgspec
import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, TrainingSpec
from engine.library.built_ins import built_in
from engine.studies.perceptron.study import PerceptronSpec, PerceptronStudy
from engine.training.events import EventKind

AND = DataSpec(name="and")


def studied(experiment: Experiment) -> PerceptronStudy:
    study = PerceptronStudy(experiment)
    study.compute_all()
    return study


def rule(
    study: PerceptronStudy, rate: Fraction, start: list[Fraction], steps: int
) -> list[tuple[list[Fraction], int]]:
    """Rosenblatt's rule as the book writes it: the weights after each sample, and the label."""
    w = list(start)
    trace: list[tuple[list[Fraction], int]] = []
    for step in range(steps):
        sample = step % len(study.targets)
        x = [Fraction(1), *(Fraction(str(value)) for value in study.X[:, sample].tolist())]
        z = sum(a * b for a, b in zip(w, x, strict=True))
        label = study.spec.tie if z == 0 else 1 if z > 0 else -1
        w = [a + rate * (study.targets[sample] - label) * b for a, b in zip(w, x, strict=True)]
        trace.append((w, label))
    return trace


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(data=AND, scene=PerceptronSpec()),
        Experiment(data=AND, scene=PerceptronSpec(tie=-1, rates=(0.3, 7.0))),
        Experiment(data=DataSpec(name="or"), scene=PerceptronSpec(start=(2.5, -1.0, 0.125))),
        built_in("perceptron-rounding"),
        built_in("perceptron-xor"),
        built_in("perceptron-clouds"),
    ],
)
def test_every_frame_equals_learn(experiment: Experiment) -> None:
    study = studied(experiment)
    starts = [Fraction(0)] * 3, [Fraction(str(w)) for w in study.spec.start]
    for start, first in enumerate(starts):
        for lane, rate in enumerate(study.spec.rates):
            eta = Fraction(str(rate))
            course = study.exact[start][lane]
            trace = rule(study, eta, first, len(course.predictions))
            for index, (w, label) in enumerate(trace, start=1):
                frame = study.frame(index)
                assert [u * eta for u in frame.in_units[start][lane]] == w
                assert frame.weights[start, lane].tolist() == [float(each) for each in w]
                assert frame.predictions[start, lane, frame.sample] == label
            assert study.frame(0).weights[start, lane].tolist() == [float(w) for w in first]
            # What has converged stays as it is.
            last = study.frame(study.last_index)
            assert last.in_units[start][lane] == course.weights[-1]


def test_rate_only_scales_weights_from_a_zero_start() -> None:
    study = studied(built_in("perceptron-and"))
    for index in range(study.last_index + 1):
        frame = study.frame(index)
        assert len(set(frame.in_units[0])) == 1
        assert (frame.predictions[0] == frame.predictions[0][0]).all()
    assert study.first_difference(0) == -1
    differ = study.first_difference(1)
    assert 1 <= differ <= study.last_index
    before = study.frame(differ - 1).predictions[1]
    assert (before == before[0]).all()
    labels = study.frame(differ).predictions[1]
    assert (labels != labels[0]).any()
    epochs = [[len(course.errors) for course in courses] for courses in study.exact]
    assert epochs == [[2, 2, 2], [2, 3, 3]]


def test_rounding_is_found_for_a_tenth_but_not_a_quarter() -> None:
    study = studied(built_in("perceptron-rounding"))
    rounding = study.rounding(0, 0)
    assert (rounding.step, rounding.exact) == (15, 0.0)
    assert rounding.rounded == -(2.0**-54)
    assert [study.rounding(0, lane).step for lane in (1, 2)] == [-1, -1]
    assert len(study.exact[0][0].errors) - len(study.rounded[0][0].errors) == 2
    np.testing.assert_allclose(study.rounded[0][0].weights[-1], (-0.4, 0.4, 0.2), rtol=1e-12)
    assert list(map(int, study.exact[0][0].weights[-1])) == [-6, 4, 2]
    assert any(event.kind is EventKind.ROUNDED and event.frame == 15 for event in study.events)


def test_endless_training_is_an_event() -> None:
    study = studied(built_in("perceptron-xor"))
    assert study.last_index == 8 * 4
    assert all(course.errors[-1] for courses in study.exact for course in courses)
    endless = [event for event in study.events if event.kind is EventKind.ENDLESS]
    assert len(endless) == 4
    assert all("it never ends" in event.text for event in endless)
    assert sum("it never ends" in line for line in study.findings()) == 4
    assert "not linearly separable: it never ends" in endless[0].text


def test_separable_data_are_not_called_endless() -> None:
    # A wide margin, but the start is far off and the rate is small: one epoch is not enough.
    scene = PerceptronSpec(rates=(0.1,), start=(5.0, -3.0, 2.0), epochs=1)
    study = studied(Experiment(data=AND, scene=scene))
    late = study.exact[1][0]
    assert not late.converged
    assert study.is_separable
    assert study.reason_not_converged(late).endswith("linearly separable: it ends later")
    patient = PerceptronSpec(rates=(0.1,), start=(5.0, -3.0, 2.0), epochs=1000)
    assert studied(Experiment(data=AND, scene=patient)).exact[1][0].converged


def test_single_rate_has_no_comparison() -> None:
    study = studied(Experiment(data=AND, scene=PerceptronSpec(rates=(0.5,))))
    assert not any("the rates" in line for line in study.findings())


def test_the_table_has_a_row_for_each_start_and_rate() -> None:
    study = studied(built_in("perceptron-and"))
    rows = study.table(3)
    assert len(rows) == 2 * 3
    assert {row["from"] for row in rows} == {"zero", "start"}
    assert [row["frame"] for row in rows] == [3] * 6
    assert rows[0]["w0"] == study.frame(3).weights[0, 0, 0]


@pytest.mark.parametrize(
    ("scene", "data", "sentence"),
    [
        ({"rates": ()}, AND, "rates"),
        ({"rates": (0.1, 0.1)}, AND, "give each learning rate once"),
        ({"start": (0.0, 0.0, 0.0)}, AND, "start: all zero"),
        ({"tie": 0}, AND, "tie"),
        ({"epochs": 0}, AND, "epochs"),
        ({}, DataSpec(name="moons", samples=501), "at most 500 samples"),
        ({}, DataSpec(points=((1.0, 1.0, 0.5),)), "targets of 0 or 1"),
    ],
)
def test_invalid_input_names_the_field(
    scene: dict[str, object], data: DataSpec, sentence: str
) -> None:
    with pytest.raises((UsageError, msgspec.ValidationError), match=sentence):
        Experiment(data=data, scene=msgspec.convert(scene, PerceptronSpec))


def test_invalid_parameters_are_rejected() -> None:
    with pytest.raises(UsageError, match="training: means nothing to the scene perceptron"):
        Experiment(data=AND, scene=PerceptronSpec(), training=TrainingSpec(steps=3))
    with pytest.raises(UsageError, match="network: means nothing"):
        Experiment(data=AND, scene=PerceptronSpec(), network=NetworkSpec(hidden="relu"))
