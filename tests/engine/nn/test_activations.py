"""Activations against mpmath, and their derivatives against its differences."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.nn.activations import ACTIVATIONS, Activation, activation
from engine.types import Array

EXACT = {
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "linear": lambda z: z,
}


def value(unit: Activation, z: Array) -> Array:
    out = np.empty_like(z)
    unit.value(z, out)
    return out


def slope(unit: Activation, z: Array) -> Array:
    out = np.empty_like(z)
    unit.slope(value(unit, z), out)
    return out


def test_every_activation_has_an_exact_twin_here() -> None:
    assert set(EXACT) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("beta", [1.0, 0.25, 3.0])
def test_values_agree_with_mpmath_far_into_saturation(name: str, beta: float) -> None:
    z = np.array([-1e4, -800.0, -40.0, -1.5, -1e-9, 0.0, 1e-9, 0.3, 2.0, 40.0, 800.0, 1e4])
    steep = beta if ACTIVATIONS[name].scalable else 1.0
    with np.errstate(over="ignore"):  # as training runs it: e^800 is infinite, 1/inf is right
        got = value(activation(name, beta), z)
    with mpmath.workdps(40):
        exact = [float(EXACT[name](mpmath.mpf(steep) * mpmath.mpf(x))) for x in z.tolist()]
    np.testing.assert_allclose(got, exact, rtol=4e-15, atol=1e-300)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(
    z=st.floats(-8.0, 8.0).filter(lambda z: abs(z) > 1e-6),  # relu has a corner at 0
    beta=st.sampled_from([1.0, 0.5, 2.0]),
)
def test_slopes_agree_with_differences(name: str, z: float, beta: float) -> None:
    steep = beta if ACTIVATIONS[name].scalable else 1.0
    with mpmath.workdps(60):
        h = mpmath.mpf(10) ** -20
        rise = EXACT[name](steep * (z + h)) - EXACT[name](steep * (z - h))
        exact = float(rise / (2 * h))
    got = slope(activation(name, beta), np.array([z]))[0]
    assert got == pytest.approx(exact, rel=1e-12, abs=1e-15)


def test_relu_has_no_slope_at_zero() -> None:
    assert slope(activation("relu"), np.array([-1.0, -0.0, 0.0, 5e-324])).tolist() == [0, 0, 0, 1]


def test_saturation() -> None:
    sigmoid = np.array([0.0, 0.0099, 0.0101, 0.5, 0.9899, 0.9901, 1.0])
    expected = [True, True, False, False, False, True, True]
    assert activation("sigmoid").saturated(sigmoid).tolist() == expected
    assert activation("sigmoid", 2.0).saturated(sigmoid).tolist() == expected
    assert activation("tanh").saturated(2 * sigmoid - 1)[[0, 3, 6]].tolist() == [True, False, True]
    assert activation("relu").saturated(np.array([0.0, 1e-300])).tolist() == [True, False]
    assert not activation("linear").saturated(np.array([-1e9, 0.0, 1.0])).any()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (5, 100_003)])
def test_shares_are_those_of_all_outputs_however_many(name: str, shape: tuple[int, int]) -> None:
    a = np.random.Generator(np.random.PCG64(0)).uniform(-1.0, 1.0, shape)
    expected = [sum(row) / shape[1] for row in activation(name).saturated(a).tolist()]
    assert activation(name).saturated_share(a).tolist() == expected


def test_steepness_applies_to_what_is_scalable() -> None:
    z = np.array([0.7])
    assert value(activation("tanh", 3.0), z)[0] == pytest.approx(np.tanh(2.1))
    assert activation("relu", 3.0) is activation("relu")


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(UsageError, match='did you mean "tanh"'):
        activation("tahn")
