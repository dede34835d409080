"""Reports on initializers are compared with plain NumPy."""

import numpy as np
import pytest

from engine.experiment.experiment import NetworkSpec
from engine.nn.initializers import (
    SCHEMES,
    Explicit,
    HeNormal,
    HeUniform,
    Normal,
    Perturbed,
    Symmetric,
    Zeros,
    initialize_parameters,
)
from engine.nn.inspection import histogram, inspect

LESSON = NetworkSpec(layers=(3, 4, 1))
X = np.random.Generator(np.random.PCG64(1)).standard_normal((3, 50))


@pytest.mark.parametrize("scheme", [each for each in SCHEMES if SCHEMES[each] is not Explicit])
def test_inspected_scheme_has_the_shapes_of_the_layers(scheme: str) -> None:
    first, second = inspect(SCHEMES[scheme](), LESSON, X)
    assert first.shapes == ((4, 3), (4, 1))
    assert second.shapes == ((1, 4), (1, 1))
    assert first.fits
    assert second.fits


def test_report_describes_the_first_pass() -> None:
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


def test_standard_errors_agree_with_many_draws() -> None:
    seeds = range(3000)
    reports = [inspect(Normal(scale=0.3, seed=seed), LESSON, X[:, :2])[0] for seed in seeds]
    spread = np.std([report.mean for report in reports])
    assert spread == pytest.approx(reports[0].mean_error, rel=0.05)
    spread = np.std([report.deviation for report in reports])
    assert spread == pytest.approx(reports[0].deviation_error, rel=0.15)  # for a dozen weights


def test_scheme_without_a_distribution_is_measured_by_its_own_moments() -> None:
    for init in (Perturbed(), Explicit(W=(((1.0, 2.0, 3.0),) * 4, ((1.0,) * 4,)))):
        report = inspect(init, LESSON, X)[0]
        assert report.promised is None
        assert report.mean_error == report.deviation / np.sqrt(12)


def test_copies_of_a_number_count_as_one_draw() -> None:
    reports = [inspect(Symmetric(scale=0.5, seed=seed), LESSON, X[:, :2]) for seed in range(2000)]
    first, second = reports[0]
    assert (first.draws, second.draws) == (3, 1)
    assert first.mean_error == pytest.approx(0.5 / np.sqrt(3.0))
    assert second.mean_error == 0.5
    assert second.deviation == 0.0
    assert second.deviation_error == 0.5  # of one draw there is no deviation
    spread = np.std([each.mean for each, _ in reports])
    assert spread == pytest.approx(first.mean_error, rel=0.05)
    assert second.verdict == "within 2 standard errors of what is promised"


def test_verdict_reports_deviations_from_the_distribution() -> None:
    drawn = initialize_parameters((3, 4, 1), Normal(scale=0.3, seed=2))
    good = inspect(Normal(scale=0.3, seed=2), LESSON, X, drawn)[0]
    assert good.verdict == "within 2 standard errors of what is promised"
    shifted = drawn | {"W1": drawn["W1"] + 1.0}
    bad = inspect(Normal(scale=0.3, seed=2), LESSON, X, shifted)[0]
    off = abs(bad.mean) / bad.mean_error
    assert bad.errors_off[0] == pytest.approx(off)
    assert bad.verdict == f"off by {off:.1f} standard errors, more than 2"
    assert inspect(Zeros(), LESSON, X)[0].verdict == "exactly what is promised"
    assert inspect(Zeros(), LESSON, X, shifted)[0].verdict == "not what is promised"
    assert inspect(Perturbed(), LESSON, X)[0].verdict == ""


def test_histogram_has_area_one_and_a_bar_around_the_expected_mean() -> None:
    network = NetworkSpec(layers=(60, 80, 1))
    report = inspect(HeUniform(seed=2), network, np.zeros((60, 2)))[0]
    found = histogram(report)
    width = np.diff(found.edges)
    assert (found.drawn * width).sum() == pytest.approx(1.0)
    assert (found.promised * width).sum() == pytest.approx(1.0, rel=0.01)
    assert np.abs(found.drawn - found.promised).max() < 0.3 * found.promised.max()
    zeros = histogram(inspect(Zeros(), LESSON, X)[0])
    (bar,) = np.flatnonzero(zeros.drawn)
    assert zeros.edges[bar] == -zeros.edges[bar + 1]
    assert np.array_equal(zeros.drawn, zeros.promised)
