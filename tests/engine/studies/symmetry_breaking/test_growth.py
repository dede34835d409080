"""The straight part of a curve's logarithm: against lines that are known, and by brute force."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.studies.symmetry_breaking.growth import FEWEST, TOLERANCE, fit_linear_segment
from engine.types import Array


def test_straight_line_is_fitted_exactly() -> None:
    found = fit_linear_segment(0.25 * np.arange(80.0) - 30.0)
    assert found
    assert (found.first, found.last) == (0, 79)
    assert found.rate == pytest.approx(0.25, rel=1e-12)
    assert found.start == pytest.approx(-30.0, rel=1e-12)
    assert found.r_squared == pytest.approx(1.0, abs=1e-12)


def test_segment_between_two_plateaus_is_found() -> None:
    curve = np.concatenate([np.full(50, -20.0), -20.0 + 0.2 * np.arange(1, 81), np.full(70, -4.0)])
    found = fit_linear_segment(curve)
    assert found
    assert abs(found.first - 50) <= 5
    assert abs(found.last - 130) <= 5
    assert found.rate == pytest.approx(0.2, rel=0.02)


@pytest.mark.parametrize("stretch", [7, 40])
def test_sampling_a_long_curve_keeps_the_rate(stretch: int) -> None:
    curve = np.concatenate([np.zeros(20 * stretch), np.linspace(0.0, 20.0, 80 * stretch)])
    found = fit_linear_segment(curve)
    assert found
    assert found.rate == pytest.approx(20.0 / (80 * stretch), rel=0.01)


@pytest.mark.parametrize(
    "curve",
    [
        np.zeros(0),
        np.zeros(3),
        np.zeros(300),
        np.linspace(0.0, 5.0, FEWEST - 1),  # too short to tell
        np.linspace(0.0, 0.9, 300),  # less than a factor e
        np.linspace(0.0, -50.0, 300),  # it shrinks
        np.linspace(0.0, 8.0, 300) % 0.8,  # by fits and starts, each under a factor e
    ],
)
def test_curve_without_growth_has_no_segment(curve: Array) -> None:
    assert fit_linear_segment(curve) is None


def brute_force(y: Array) -> float:
    """The greatest rise of a least squares line over a part that it fits, by `polyfit`."""
    best = -np.inf
    for first in range(len(y)):
        for last in range(first + FEWEST - 1, len(y)):
            x = np.arange(last - first + 1)
            slope, start = np.polyfit(x, y[first : last + 1], 1)
            off = y[first : last + 1] - (start + slope * x)
            if np.sqrt((off**2).mean()) <= TOLERANCE:
                best = max(best, slope * (last - first))
    return best


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-0.1, 0.4), min_size=12, max_size=36))
def test_segment_has_the_largest_rise_of_all_linear_parts(steps: list[float]) -> None:
    curve = np.cumsum(steps)
    found, best = fit_linear_segment(curve), brute_force(curve)
    if found is None:
        assert best < 1.0 + 1e-9
    else:
        assert found.rate * (found.last - found.first) == pytest.approx(best, rel=1e-6)
        part = curve[found.first : found.last + 1]
        r = np.corrcoef(np.arange(len(part)), part)[0, 1]
        assert found.r_squared == pytest.approx(r**2, abs=1e-9)


def test_doubling_has_a_rate_of_ln_2() -> None:
    found = fit_linear_segment(np.log(1e-12 * 2.0 ** np.arange(30)))
    assert found
    assert found.rate == pytest.approx(log(2.0), rel=1e-12)
