"""Losses against mpmath, their derivatives against differences, their sums against each other."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.activations import activation
from engine.errors import UsageError
from engine.losses import LOSSES, loss

SIGMOID = activation("sigmoid")


@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("beta", [1.0, 2.5])
def test_cross_entropy_is_true_at_huge_logits(y: float, beta: float) -> None:
    z = np.array([-3e8, -1e4, -745.0, -30.0, -1e-8, 0.0, 0.4, 30.0, 745.0, 1e4, 3e8])
    got = loss("cross-entropy").pointwise(z, activation("sigmoid", beta), beta, np.full_like(z, y))
    with mpmath.workdps(50):
        for logit, number in zip(z.tolist(), got.tolist(), strict=True):
            u = mpmath.mpf(beta) * mpmath.mpf(logit)
            # −y ln σ(u) − (1 − y) ln σ(−u), whose logarithms mpmath takes without rounding to 0
            ln_right, ln_wrong = -mpmath.log1p(mpmath.exp(-u)), -mpmath.log1p(mpmath.exp(u))
            exact = -mpmath.mpf(y) * ln_right - (1 - mpmath.mpf(y)) * ln_wrong
            assert number == pytest.approx(float(exact), rel=1e-14, abs=1e-300)


def test_squared_error_has_no_factor_of_one_half() -> None:
    z, y = np.array([3.0]), np.array([1.0])
    assert loss("mean-squared-error").pointwise(z, activation("linear"), 1.0, y)[0] == 4.0


def test_outputs_are_summed_and_examples_averaged() -> None:
    z = np.array([[1.0, 2.0, 3.0], [0.0, 5.0, -1.0]])
    got = loss("mean-squared-error").value(z, activation("linear"), 1.0, np.zeros((2, 3)))
    assert got == pytest.approx((1 + 4 + 9 + 0 + 25 + 1) / 3)


def test_a_stack_gets_the_same_bits_as_one_network() -> None:
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(3, 37, 9)), rng.integers(0, 2, (3, 37, 1)).astype(np.float64)
    for name in LOSSES:
        together = loss(name).value(z, SIGMOID, 1.0, y)
        alone = [
            loss(name).value(np.ascontiguousarray(z[..., i : i + 1]), SIGMOID, 1.0, y)[0]
            for i in range(9)
        ]
        assert together.tolist() == alone


@given(
    z=st.floats(-4.0, 4.0),
    y=st.floats(0.0, 1.0),
    beta=st.sampled_from([1.0, 0.5, 2.0]),
    choice=st.sampled_from([(n, o) for n in LOSSES for o in LOSSES[n].outputs]),
)
def test_delta_is_the_derivative(z: float, y: float, beta: float, choice: tuple[str, str]) -> None:
    name, output = choice
    unit, h = activation(output, beta), 1e-4
    points = np.array([z - 2 * h, z - h, z + h, z + 2 * h])
    values = loss(name).pointwise(points, unit, beta, np.full(4, y))
    difference = (values @ [1.0, -8.0, 8.0, -1.0]) / (12.0 * h)
    a, delta = np.empty(1), np.empty(1)
    unit.value(np.array([z]), a)
    loss(name).delta(a, np.array([y]), unit, beta, delta)
    assert delta[0] == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_an_unknown_loss_is_refused() -> None:
    with pytest.raises(UsageError, match='unknown loss "mse"'):
        loss("mse")
