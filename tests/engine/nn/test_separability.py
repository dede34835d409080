"""Linear separability: known cases, and agreement with the perceptron."""

import numpy as np
import pytest

from engine.experiment.experiment import DataSpec
from engine.nn.datasets import DATASETS
from engine.nn.separability import is_separable
from engine.studies.perceptron.perceptron import fraction, learn

SQUARE = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((-1, -1, -1, 1), True),
        ((-1, 1, 1, 1), True),
        ((-1, 1, 1, -1), False),
        ((1, 1, 1, 1), True),
    ],
    ids=["and", "or", "xor", "one class"],
)
def test_separability_of_the_corners_of_a_square(labels: tuple[int, ...], expected: bool) -> None:
    assert is_separable(SQUARE, labels) is expected


def test_points_on_a_line_are_separable_only_if_no_class_is_between_the_other() -> None:
    X = np.array([[0.0, 1.0, 2.0], [0.0, 0.0, 0.0]])
    assert not is_separable(X, (1, -1, 1))
    assert is_separable(X, (1, 1, -1))
    assert is_separable(X + np.array([[0.0], [1e-3]]) * [0.0, 1.0, 0.0], (1, -1, 1))


SEPARABLE = ("and", "or", "blobs")


@pytest.mark.parametrize("name", DATASETS)
def test_the_perceptron_converges_if_and_only_if_a_data_set_is_separable(name: str) -> None:
    data = DataSpec(name=name, samples=30).load(2, 1)
    labels = [1 if y else -1 for y in data.Y[0].tolist()]
    points = [tuple(fraction(x) for x in point) for point in data.X.T.tolist()]
    run = learn(points, labels, fraction(1), (fraction(0),) * 3, 60, 1)
    assert is_separable(data.X, labels) is run.converged is (name in SEPARABLE)
