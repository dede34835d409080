"""Losses are compared with mpmath, and their derivatives with differences."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.nn.activations import activation
from engine.nn.losses import LOSSES
from engine.nn.output_heads import output_head, outputs_of


@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("beta", [1.0, 2.5])
def test_cross_entropy_is_accurate_at_huge_logits(y: float, beta: float) -> None:
    z = np.array([-3e8, -1e4, -745.0, -30.0, -1e-8, 0.0, 0.4, 30.0, 745.0, 1e4, 3e8])
    y_of_each = np.full_like(z, y)
    got = LOSSES["cross-entropy"].pointwise(z, y_of_each, activation("sigmoid", beta))
    with mpmath.workdps(50):
        for logit, number in zip(z.tolist(), got.tolist(), strict=True):
            u = mpmath.mpf(beta) * mpmath.mpf(logit)
            # −y ln σ(u) − (1 − y) ln σ(−u), whose logarithms mpmath takes without rounding to 0
            ln_right, ln_wrong = -mpmath.log1p(mpmath.exp(-u)), -mpmath.log1p(mpmath.exp(u))
            exact = -mpmath.mpf(y) * ln_right - (1 - mpmath.mpf(y)) * ln_wrong
            assert number == pytest.approx(float(exact), rel=1e-14, abs=1e-300)


def test_squared_error_has_no_factor_of_one_half() -> None:
    z, y = np.array([3.0]), np.array([1.0])
    assert LOSSES["mean-squared-error"].pointwise(z, y, activation("linear"))[0] == 4.0


def test_outputs_are_summed_and_examples_averaged() -> None:
    z = np.array([[1.0, 2.0, 3.0], [0.0, 5.0, -1.0]])
    got = output_head("linear", "mean-squared-error").mean_loss(z, np.zeros((2, 3)))
    assert got == pytest.approx((1 + 4 + 9 + 0 + 25 + 1) / 3)


def test_mean_loss_of_a_stack_has_the_bits_of_one_network() -> None:
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(3, 37, 9)), rng.integers(0, 2, (3, 37, 1)).astype(np.float64)
    for name in LOSSES:
        head = output_head(outputs_of(name)[0], name)
        together = head.mean_loss(z, y)
        alone = [head.mean_loss(np.ascontiguousarray(z[..., i : i + 1]), y)[0] for i in range(9)]
        assert together.tolist() == alone


@given(
    z=st.floats(-4.0, 4.0),
    y=st.floats(0.0, 1.0),
    beta=st.sampled_from([1.0, 0.5, 2.0]),
    choice=st.sampled_from([(output, name) for name in LOSSES for output in LOSSES[name].outputs]),
)
def test_delta_is_the_derivative(z: float, y: float, beta: float, choice: tuple[str, str]) -> None:
    head, h = output_head(*choice, beta), 1e-4
    points = np.array([[z - 2 * h, z - h, z + h, z + 2 * h]])
    values = head.terms(points, np.full((1, 4), y))[0]
    difference = (values @ [1.0, -8.0, 8.0, -1.0]) / (12.0 * h)
    at, a, delta = np.array([[z]]), np.empty((1, 1)), np.empty((1, 1))
    head.predict(at, a)
    head.delta(at, a, np.array([[y]]), delta)
    assert delta[0, 0] == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_unknown_loss_is_refused() -> None:
    with pytest.raises(UsageError, match='unknown loss "mse"'):
        LOSSES.find("mse")


def test_output_outside_the_domain_of_the_loss_is_refused() -> None:
    with pytest.raises(UsageError, match='cross-entropy needs sigmoid or softmax, not "linear"'):
        output_head("linear", "cross-entropy")


@given(
    st.integers(1, 40),
    st.integers(2, 6),
    st.floats(0.01, 2.0),
    st.sampled_from(["cross-entropy", "mean-squared-error"]),
    st.integers(0, 2**32),
    st.booleans(),
)
def test_is_loss_below_agrees_with_the_mean_loss(
    m: int, n: int, bound: float, name: str, seed: int, near: bool
) -> None:
    rng = np.random.default_rng(seed)
    head = output_head("sigmoid", name)
    y = np.round(rng.random((1, m, 1)))
    z = (2.0 * y - 1.0) * rng.normal(3.0, 4.0, (1, m, n))
    a = np.empty_like(z)
    head.predict(z, a)
    losses = head.mean_loss(z, y)
    if near:  # as near as floating point allows, on one side or the other
        bound = float(rng.choice([losses[0], np.nextafter(losses[0], np.inf)]))
    below = head.is_loss_below(bound, z, a, y)
    np.testing.assert_array_equal(below, losses < bound)
    delta = np.empty_like(z)
    head.delta(z, a, y, delta)
    below = head.is_loss_below(bound, z, a, y, delta, np.empty_like(z))
    np.testing.assert_array_equal(below, losses < bound)


def test_is_loss_below_is_false_for_nan() -> None:
    z = np.array([[[np.nan, np.inf, -np.inf, 50.0]]])
    head, a = output_head("sigmoid", "cross-entropy"), np.empty_like(z)
    with np.errstate(all="ignore"):
        head.predict(z, a)
        below = head.is_loss_below(0.1, z, a, np.ones((1, 1, 1)))
    assert below.tolist() == [False, True, False, True]
