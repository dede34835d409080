"""Activations and their derivatives are compared with mpmath."""

from typing import final

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.nn.activations import ACTIVATIONS, Activation, activation
from engine.nn.code import Code
from engine.types import Array

EXACT = {
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "linear": lambda z: z,
    "leaky-relu": lambda z: z if z > 0 else mpmath.mpf(0.01) * z,
    "elu": lambda z: z if z > 0 else mpmath.expm1(z),
    "gelu": lambda z: z * mpmath.erfc(-z / mpmath.sqrt(2)) / 2,
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)) if z < 50 else z + mpmath.exp(-z),
    "softsign": lambda z: z / (1 + abs(z)),
}


def slope(unit: Activation, z: Array) -> Array:
    return unit.value_and_slope(z)[1]


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("beta", [1.0, 0.25, 3.0])
def test_values_agree_with_mpmath(name: str, beta: float) -> None:
    z = np.array([-1e4, -800.0, -40.0, -1.5, -1e-9, 0.0, 1e-9, 0.3, 2.0, 40.0, 800.0, 1e4])
    steep = beta if ACTIVATIONS[name].scalable else 1.0
    with np.errstate(over="ignore"):  # as training runs it: e^800 is infinite, 1/inf is right
        got = activation(name, beta)(z)
    with mpmath.workdps(40):
        exact = [float(EXACT[name](mpmath.mpf(steep) * mpmath.mpf(x))) for x in z.tolist()]
    np.testing.assert_allclose(got, exact, rtol=4e-15, atol=1e-300)


@pytest.mark.parametrize("name", EXACT)
@given(
    z=st.floats(-8.0, 8.0).filter(lambda z: abs(z) > 1e-6),  # relu has a corner at 0
    beta=st.sampled_from([1.0, 0.5, 2.0]),
)
def test_slopes_agree_with_differences_of_mpmath(name: str, z: float, beta: float) -> None:
    steep = beta if ACTIVATIONS[name].scalable else 1.0
    with mpmath.workdps(60):
        h = mpmath.mpf(10) ** -20
        rise = EXACT[name](steep * (z + h)) - EXACT[name](steep * (z - h))
        exact = float(rise / (2 * h))
    got = slope(activation(name, beta), np.array([z]))[0]
    assert got == pytest.approx(exact, rel=1e-12, abs=1e-15)


def test_relu_slope_is_zero_at_zero() -> None:
    assert slope(activation("relu"), np.array([-1.0, -0.0, 0.0, 5e-324])).tolist() == [0, 0, 0, 1]


def test_saturated_is_true_near_asymptotes_and_for_inactive_relu() -> None:
    sigmoid = np.array([0.0, 0.0099, 0.0101, 0.5, 0.9899, 0.9901, 1.0])
    expected = [True, True, False, False, False, True, True]
    assert activation("sigmoid").saturated(sigmoid).tolist() == expected
    assert activation("sigmoid", 2.0).saturated(sigmoid).tolist() == expected
    assert activation("tanh").saturated(2 * sigmoid - 1)[[0, 3, 6]].tolist() == [True, False, True]
    assert activation("relu").saturated(np.array([0.0, 1e-300])).tolist() == [True, False]
    elu, softplus = activation("elu"), activation("softplus")
    z = np.array([-9.0, -4.7, -4.5, 0.0, 9.0])
    assert elu.saturated(elu(z)).tolist() == [True, True, False, False, False]
    assert softplus.saturated(softplus(z)).tolist() == [True, True, False, False, False]
    assert not activation("linear").saturated(np.array([-1e9, 0.0, 1.0])).any()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (5, 100_003)])
def test_saturated_share_equals_the_mean_of_saturated(name: str, shape: tuple[int, int]) -> None:
    a = np.random.Generator(np.random.PCG64(0)).uniform(-1.0, 1.0, shape)
    expected = [sum(row) / shape[1] for row in activation(name).saturated(a).tolist()]
    assert activation(name).saturated_share(a).tolist() == expected


def test_steepness_applies_to_scalable_activations() -> None:
    z = np.array([0.7])
    assert activation("tanh", 3.0)(z)[0] == pytest.approx(np.tanh(2.1))
    assert activation("relu", 3.0) is activation("relu")


def test_unknown_activation_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match='did you mean "tanh"'):
        activation("tahn")


def test_caption_names_units_with_a_vanished_slope() -> None:
    words = {name: ACTIVATIONS[name].idle_word for name in EXACT}
    assert words == {
        "sigmoid": "saturated",
        "tanh": "saturated",
        "relu": "inactive",
        "linear": "",
        "leaky-relu": "",
        "elu": "saturated",
        "gelu": "",
        "silu": "",
        "softplus": "saturated",
        "softsign": "saturated",
    }
    assert activation("tanh", 2.0).idle_word == "saturated"


@final
class Wave(Activation):
    """sin z, whose slope is not a function of sin z."""

    name = "wave"
    corners = (1.0,)
    scalable = True
    slope_uses_z = True
    code = Code(numpy="np.sin({z})", latex=r"\sin {z}")
    slope_code = Code(numpy="np.cos({z})", latex=r"\cos {z}")

    def value(self, z: Array, out: Array) -> None:
        np.sin(z, out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.cos(z, out)


def test_steep_activation_scales_the_z_that_its_slope_uses() -> None:
    z = np.linspace(-1.0, 1.0, 7)
    a, slopes = Wave().with_steepness(3.0).value_and_slope(z)
    np.testing.assert_array_equal(a, np.sin(3.0 * z))
    np.testing.assert_array_equal(slopes, 3.0 * np.cos(3.0 * z))


def test_steep_activation_carries_code_range_and_corners_of_its_steepness() -> None:
    steep = Wave().with_steepness(0.5)
    assert steep.code.numpy == "np.sin(0.5 * {z})"
    assert steep.slope_code.numpy == "(np.cos(0.5 * {z})) * 0.5"
    assert steep.reach == 2.0 * Wave().reach
    assert steep.corners == (2.0,)
