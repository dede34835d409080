"""Single steps, worked by hand in exact fractions and in fifty digits."""

from collections.abc import Sequence
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from engine.experiment.experiment import DataSpec, Edit, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Explicit, Normal, initialize_parameters
from engine.training.descent import Descent, first_parameters
from engine.types import Array

W1 = ((0.5, -0.25), (0.75, 1.0))
B1 = (0.125, -0.5)
W2 = ((1.5, -0.5),)
B2 = (0.25,)
GIVEN = Explicit(W=(W1, W2), b=(B1, B2))
POINTS = ((-1.0, -1.0, 0.0), (-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, 0.0))


def descent(experiment: Experiment, runs: Sequence[Run] | None = None) -> Descent:
    result = Descent(experiment, runs or experiment.runs, experiment.load_data())
    result.begin()
    return result


def named(theta: Array) -> list[float]:
    """The parameters in the order w11 w12 b1 w21 w22 b2 v1 v2 c."""
    return [float(value) for value in theta]


def test_a_linear_step_is_exact_in_fractions() -> None:
    experiment = Experiment(
        data=DataSpec(points=POINTS),
        network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
        training=TrainingSpec(learning_rate=0.25),
        runs=(Run(init=GIVEN),),
    )
    (w11, w12), (w21, w22) = [[Fraction(w) for w in row] for row in W1]
    b1, b2 = map(Fraction, B1)
    v1, v2 = map(Fraction, W2[0])
    c = Fraction(B2[0])
    total = [Fraction(0)] * 9
    for x1, x2, y in [[Fraction(number) for number in point] for point in POINTS]:
        a1 = w11 * x1 + w12 * x2 + b1
        a2 = w21 * x1 + w22 * x2 + b2
        d = 2 * (v1 * a1 + v2 * a2 + c - y)
        parts = [d * v1 * x1, d * v1 * x2, d * v1, d * v2 * x1, d * v2 * x2, d * v2]
        total = [t + p for t, p in zip(total, [*parts, d * a1, d * a2, d], strict=True)]
    start = [w11, w12, b1, w21, w22, b2, v1, v2, c]
    expected = [s - Fraction(1, 4) * t / 4 for s, t in zip(start, total, strict=True)]
    down = descent(experiment)
    assert named(down.stack.theta[:, 0]) == start
    down.step()
    assert [Fraction(value) for value in named(down.stack.theta[:, 0])] == expected
    assert down.frame == 1


@pytest.mark.parametrize("loss", ["cross-entropy", "mean-squared-error"])
def test_a_step_of_tanh_and_sigmoid_agrees_with_fifty_digits(loss: str) -> None:
    experiment = Experiment(
        network=NetworkSpec(loss=loss),
        training=TrainingSpec(learning_rate=0.5),
        runs=(Run(init=GIVEN),),
    )
    with mpmath.workdps(50):
        number = mpmath.mpf
        total = [number(0)] * 9
        for x1, x2, y in POINTS:
            a1 = mpmath.tanh(number(W1[0][0]) * x1 + number(W1[0][1]) * x2 + B1[0])
            a2 = mpmath.tanh(number(W1[1][0]) * x1 + number(W1[1][1]) * x2 + B1[1])
            p = 1 / (1 + mpmath.exp(-(W2[0][0] * a1 + W2[0][1] * a2 + B2[0])))
            d = p - y if loss == "cross-entropy" else 2 * (p - y) * p * (1 - p)
            d1, d2 = d * W2[0][0] * (1 - a1**2), d * W2[0][1] * (1 - a2**2)
            parts = [d1 * x1, d1 * x2, d1, d2 * x1, d2 * x2, d2, d * a1, d * a2, d]
            total = [t + part for t, part in zip(total, parts, strict=True)]
        start = [*W1[0], B1[0], *W1[1], B1[1], *W2[0], *B2]
        expected = [float(s - t / 4 / 2) for s, t in zip(start, total, strict=True)]
    down = descent(experiment)
    down.step()
    np.testing.assert_allclose(down.stack.theta[:, 0], expected, rtol=4e-16, atol=1e-16)


def test_first_parameters_are_drawn_from_the_seed_of_the_run() -> None:
    experiment = Experiment(runs=(Run(init=Normal(scale=1.0, seed=11)),))
    drawn = initialize_parameters((2, 2, 1), Normal(scale=1.0, seed=11))
    expected = [*drawn["W1"][0], 0.0, *drawn["W1"][1], 0.0, *drawn["W2"][0], 0.0]
    assert first_parameters(experiment.network.layers, experiment.runs[0]).tolist() == expected


def test_runs_of_a_stack_have_their_own_rates_and_edits() -> None:
    slow = Run(init=GIVEN, learning_rate=0.01)
    edited = Run(
        init=GIVEN,
        edits=(
            Edit(step=0, parameter="b2", index=(0,), value=3.0),
            Edit(step=2, parameter="W1", index=(1, 0), value=-7.0),
            Edit(step=2, parameter="W1", index=(1, 0), value=-8.0),
        ),
    )
    experiment = Experiment(runs=(slow, edited, Run(init=GIVEN)))
    together = descent(experiment)
    alone = [descent(experiment, [run]) for run in experiment.runs]
    for frame in range(5):
        for column, single in enumerate(alone):
            np.testing.assert_array_equal(together.stack.theta[:, column], single.stack.theta[:, 0])
        b2, w21 = together.stack.theta[8], together.stack.theta[3]
        if frame == 0:
            assert b2.tolist() == [0.25, 3.0, 0.25]
        assert (w21[1] == -8.0) == (frame == 2)  # the last one counts; then training continues
        for each in (together, *alone):
            each.step()
    assert (together.stack.theta[:, 0] != together.stack.theta[:, 2]).any()


def test_descent_resumes_from_any_frame() -> None:
    experiment = Experiment(
        runs=(Run(init=GIVEN, edits=(Edit(step=5, parameter="b1", index=(0, 0), value=9.0),)),)
    )
    down, other = descent(experiment), descent(experiment)
    for _ in range(5):
        down.step()
    other.go_to(5, down.stack.theta.copy())
    assert other.stack.theta[2, 0] == 9.0
    for _ in range(3):
        down.step()
        other.step()
    np.testing.assert_array_equal(down.stack.theta, other.stack.theta)
    assert other.frame == 8
