"""The complementary error function is compared with the standard library and with mpmath."""

import math

import mpmath
import numpy as np

from engine.nn.error_function import erfc
from engine.types import Array

X = np.concatenate([np.linspace(-7.0, 26.0, 6601), np.linspace(-0.6, 0.6, 1201)])
EDGES = np.array([-4.0, -0.46875, -0.0, 0.0, 0.46875, 4.0])


def units_off(x: Array, exact: Array) -> Array:
    """Return the distance from the exact values, in units of their last place."""
    off: Array = np.abs(erfc(x) - exact) / np.spacing(exact)
    return off


def test_erfc_agrees_with_the_standard_library() -> None:
    x = np.concatenate([X, EDGES])
    exact = np.array([math.erfc(each) for each in x.tolist()])
    assert units_off(x, exact).max() <= 8.0
    assert np.median(units_off(x, exact)) <= 1.0


def test_erf_agrees_with_the_standard_library_to_two_units_of_one() -> None:
    exact = np.array([math.erf(each) for each in X.tolist()])
    assert np.abs(1.0 - erfc(X) - exact).max() <= 2.0 * np.finfo(float).eps


def test_erfc_agrees_with_mpmath() -> None:
    x = X[::53]
    with mpmath.workdps(40):
        exact = np.array([float(mpmath.erfc(each)) for each in x.tolist()])
    assert units_off(x, exact).max() <= 8.0


def test_erfc_of_extreme_numbers() -> None:
    assert erfc(np.array([-np.inf, -1e300, 0.0, 1e300, np.inf])).tolist() == [2, 2, 1, 0, 0]
    assert np.isnan(erfc(np.array([np.nan]))).all()


def test_equal_numbers_have_equal_bits_wherever_they_are() -> None:
    x = np.repeat(X[::100], 7)
    assert (erfc(x).reshape(-1, 7) == erfc(X[::100])[:, None]).all()
