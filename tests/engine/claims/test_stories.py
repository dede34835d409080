"""The stories that claims are measured beside: their notes say what happens."""

import numpy as np
import pytest

from engine.claims.depth import DEEP_RELU, DEEP_SIGMOID, profiles
from engine.claims.runs import comparison
from engine.library.built_ins import built_in
from engine.studies.logistic.study import LogisticStudy
from engine.studies.saturation.study import SaturationStudy


def test_larger_rates_help_saturated_units_until_they_are_too_large() -> None:
    runs = comparison("saturated-rates")
    assert runs.diagnostics[0].saturated[0] > 0.85
    accuracy = [diagnostic.accuracy[-1] for diagnostic in runs.diagnostics]
    assert [round(64 * (1.0 - share)) for share in accuracy[:3]] == [8, 3, 0]
    assert accuracy[3] < 0.9  # its course depends on the last digit, so no number is told


def test_a_small_start_of_relu_ends_as_one_line() -> None:
    small, he = comparison("relu-small-start").recordings
    np.testing.assert_allclose(np.sqrt(2 / 2) * small[0].W[1], 0.01 * he[0].W[1], rtol=1e-12)
    assert small.losses[-1] == pytest.approx(0.28, abs=0.01)
    assert he.losses[-1] < 0.02


def test_errors_of_sigmoid_vanish_though_activations_do_not() -> None:
    runs = profiles(DEEP_SIGMOID)
    for profile in runs.values():
        assert np.all((profile.activation[:-1] > 0.45) & (profile.activation[:-1] < 0.75))
    assert runs["1/n"].gradient_ratio == pytest.approx(1e-31, rel=0.5)
    assert runs["16/n"].gradient_ratio == pytest.approx(3e-11, rel=0.2)
    assert 0.2 < runs["N(0, 1)"].gradient_ratio < 0.4


def test_relu_keeps_its_signal_with_twice_the_variance() -> None:
    runs = profiles(DEEP_RELU)
    assert runs["2/n"].activation_ratio == pytest.approx(1.0, abs=0.1)
    assert runs["2/n"].gradient_ratio == pytest.approx(8.0, abs=0.5)
    assert np.log2(runs["1/n"].activation_ratio) == pytest.approx(-24.0, abs=0.5)


def test_the_gradient_does_not_vanish_with_the_scale_but_active_units_do() -> None:
    study = SaturationStudy(built_in("saturation-scale"))
    for _ in study.compute():
        pass
    large = (study.scales >= 1.0) & (study.scales <= 100.0)
    sigmoid, tanh, _ = study.responses
    assert np.all((sigmoid.gradient[large] > 0.08) & (sigmoid.gradient[large] < 0.15))
    assert np.all((tanh.gradient[large] > 0.2) & (tanh.gradient[large] < 0.4))
    assert tanh.saturated[large][-1] > 0.98


def test_an_extreme_start_leaves_slowly_with_squared_error() -> None:
    study = LogisticStudy(built_in("logistic-starts"))
    for _ in study.compute():
        pass
    np.testing.assert_allclose(np.ptp(study.parameters[0, 200], axis=0), 0.0, atol=0.04)
    squared = study.losses[1]
    np.testing.assert_allclose(squared[[480, 800], -1], [0.83, 0.46], atol=0.005)
    np.testing.assert_allclose(squared[800, :-1], 0.04, atol=0.005)
