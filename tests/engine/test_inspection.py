"""What is told of an initializer, beside plain NumPy."""

import numpy as np
import pytest

from engine.experiment import NetworkSpec
from engine.initializers import (
    SCHEMES,
    Explicit,
    HeNormal,
    Normal,
    Perturbed,
    initialize_parameters,
)
from engine.inspection import inspect

LESSON = NetworkSpec(layers=(3, 4, 1))
X = np.random.Generator(np.random.PCG64(1)).standard_normal((3, 50))


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "explicit"])
def test_every_scheme_fits_the_lessons_network(scheme: str) -> None:
    first, second = inspect(SCHEMES[scheme](), LESSON, X)
    assert first.shapes == ((4, 3), (4, 1))
    assert second.shapes == ((1, 4), (1, 1))
    assert first.fits
    assert second.fits


def test_the_numbers_are_those_of_the_first_pass() -> None:
    init = HeNormal(seed=3)
    drawn = initialize_parameters((3, 4, 1), init)
    first, second = inspect(init, LESSON, X)
    z1 = drawn["W1"] @ X
    z2 = drawn["W2"] @ np.tanh(z1)
    assert np.array_equal(first.weights, drawn["W1"])
    assert (first.mean, first.deviation) == (drawn["W1"].mean(), drawn["W1"].std())
    assert first.z_deviation == pytest.approx(z1.std())
    assert first.a_mean == pytest.approx(np.tanh(z1).mean())
    assert second.z_mean == pytest.approx(z2.mean())
    assert second.a_deviation == pytest.approx((1.0 / (1.0 + np.exp(-z2))).std())
    assert first.saturated == np.mean(np.abs(np.tanh(z1)) > 0.99)


def test_the_sampling_errors_are_those_of_many_draws() -> None:
    seeds = range(3000)
    reports = [inspect(Normal(scale=0.3, seed=seed), LESSON, X[:, :2])[0] for seed in seeds]
    spread = np.std([report.mean for report in reports])
    assert spread == pytest.approx(reports[0].mean_error, rel=0.05)
    spread = np.std([report.deviation for report in reports])
    assert spread == pytest.approx(reports[0].deviation_error, rel=0.15)  # for a dozen weights


def test_what_promises_nothing_is_measured_by_itself() -> None:
    for init in (Perturbed(), Explicit(W=(((1.0, 2.0, 3.0),) * 4, ((1.0,) * 4,)))):
        report = inspect(init, LESSON, X)[0]
        assert report.promised is None
        assert report.mean_error == report.deviation / np.sqrt(12)
