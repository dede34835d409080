"""The perceptron: exact, by the rule, and honest about what it cannot separate."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.studies.perceptron.perceptron import fraction, learn, learn_exactly

CORNERS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
AND, OR, XOR = [-1, -1, -1, 1], [-1, 1, 1, 1], [-1, 1, 1, -1]


def test_learn_follows_the_rule_sample_by_sample() -> None:
    """On AND by hand: with g(0) = +1 the first sample and the last one are wrong."""
    run = learn_exactly(CORNERS, AND, 1, epochs=1)
    weights = [tuple(map(int, at)) for at in run.weights]
    assert weights == [(0, 0, 0), (-2, 0, 0), (-2, 0, 0), (-2, 0, 0), (0, 2, 2)]
    assert run.predictions == [1, -1, -1, -1]
    assert run.errors == [2]


@pytest.mark.parametrize("targets", [AND, OR])
@pytest.mark.parametrize("tie", [-1, 1])
def test_separable_classes_are_learned(targets: list[int], tie: int) -> None:
    run = learn_exactly(CORNERS, targets, 0.1, tie=tie)
    assert run.converged
    assert run.predictions[-4:] == targets
    assert len(run.weights) == 1 + 4 * run.epochs


def test_inseparable_classes_reach_the_epoch_limit() -> None:
    run = learn_exactly(CORNERS, XOR, 1, epochs=50)
    assert not run.converged
    assert run.epochs == 50


def test_float_rounding_changes_the_result_on_and() -> None:
    exact, floats = learn_exactly(CORNERS, AND, 0.1), learn(CORNERS, AND, 0.1)
    assert exact.weights[-1] == (Fraction(-3, 5), Fraction(2, 5), Fraction(1, 5))
    assert floats.weights[-1] == pytest.approx((-0.4, 0.4, 0.2))
    assert floats.epochs < exact.epochs


@given(
    st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=6),
    st.fractions(Fraction(1, 50), 50),
    st.lists(st.fractions(-3, 3, max_denominator=8), min_size=3, max_size=3),
    st.sampled_from([-1, 1]),
)
def test_weights_in_units_of_the_rate_equal_the_rule(
    samples: list[tuple[int, ...]], rate: Fraction, start: Sequence[Fraction], tie: int
) -> None:
    points = [(Fraction(x1), Fraction(x2)) for x1, x2, _ in samples]
    targets = [1 if label > 0 else -1 for *_, label in samples]
    by_rule = learn(points, targets, rate, start, epochs=8, tie=tie)
    exact = learn_exactly(points, targets, rate, start, epochs=8, tie=tie)
    assert vars(exact) == vars(by_rule)


def test_learn_equals_an_array_implementation() -> None:
    rng = np.random.Generator(np.random.PCG64(0))
    X, y = rng.standard_normal((20, 2)), rng.choice((-1, 1), 20)
    start = rng.standard_normal(3)
    w = start.copy()
    for _ in range(3):
        for x, label in zip(np.hstack([np.ones((20, 1)), X]), y, strict=True):
            w += 0.3 * (label - (1 if (w * x).sum() >= 0 else -1)) * x
    points = [tuple(map(float, point)) for point in X]
    run = learn(points, [int(v) for v in y], 0.3, [float(v) for v in start], epochs=3)
    np.testing.assert_allclose(run.weights[-1], w, rtol=1e-12)


def test_fraction_reads_a_float_as_its_decimal() -> None:
    assert fraction(0.1) == Fraction(1, 10)
    assert fraction(1e-3) == Fraction(1, 1000)
    assert fraction(Fraction(1, 3)) == Fraction(1, 3)
    with pytest.raises(UsageError, match="nan: expected a finite number"):
        fraction(float("nan"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"points": []}, "points: give at least one"),
        ({"points": [(0.0,), (0.0, 1.0)]}, "points: give the same number"),
        ({"targets": [1]}, "targets: expected 4"),
        ({"targets": [0, 0, 0, 1]}, "targets: expected −1 or 1"),
        ({"rate": 0.0}, "rate: expected a number greater than 0"),
        ({"rate": -1.0}, "rate: expected a number greater than 0"),
        ({"start": [0.0]}, "start: expected 3 weights"),
        ({"epochs": 0}, "epochs: expected 1 to 10,000"),
        ({"tie": 0}, "tie: expected −1 or 1"),
    ],
)
def test_invalid_arguments_are_rejected(changes: dict[str, Any], message: str) -> None:
    call: dict[str, Any] = {"points": CORNERS, "targets": AND, "rate": 1.0, **changes}
    with pytest.raises(UsageError, match=message):
        learn(**call)
    with pytest.raises(UsageError, match=message):
        learn_exactly(**call)
