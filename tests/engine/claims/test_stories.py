"""The numbers in the notes of built-in experiments are correct."""

import numpy as np
import pytest

from engine.claims.depth import DEEP_RELU, DEEP_SIGMOID, profiles
from engine.claims.runs import comparison
from engine.library.built_ins import built_in
from engine.studies.logistic.study import LogisticStudy
from engine.studies.saturation.study import SaturationStudy


def test_saturated_rates_agrees_with_its_notes() -> None:
    runs = comparison("saturated-rates")
    assert runs.diagnostics[0].saturated[0] > 0.85
    accuracy = [diagnostic.accuracy[-1] for diagnostic in runs.diagnostics]
    assert [round(64 * (1.0 - share)) for share in accuracy[:3]] == [8, 3, 0]
    assert accuracy[3] < 0.9  # chaotic, so the notes give no number


def test_relu_small_start_agrees_with_its_notes() -> None:
    small, he = comparison("relu-small-start").recordings
    np.testing.assert_allclose(np.sqrt(2 / 2) * small[0].W[1], 0.01 * he[0].W[1], rtol=1e-12)
    assert small.losses[-1] == pytest.approx(0.28, abs=0.01)
    assert he.losses[-1] < 0.02


def test_depth_sigmoid_agrees_with_its_notes() -> None:
    runs = profiles(DEEP_SIGMOID)
    for profile in runs.values():
        assert np.all((profile.activation[:-1] > 0.45) & (profile.activation[:-1] < 0.75))
    assert runs["1/n"].gradient_ratio == pytest.approx(1e-31, rel=0.5)
    assert runs["16/n"].gradient_ratio == pytest.approx(3e-11, rel=0.2)
    assert 0.2 < runs["N(0, 1)"].gradient_ratio < 0.4


def test_depth_relu_agrees_with_its_notes() -> None:
    runs = profiles(DEEP_RELU)
    assert runs["2/n"].activation_ratio == pytest.approx(1.0, abs=0.1)
    assert runs["2/n"].gradient_ratio == pytest.approx(8.0, abs=0.5)
    assert np.log2(runs["1/n"].activation_ratio) == pytest.approx(-24.0, abs=0.5)


def test_saturation_scale_agrees_with_its_notes() -> None:
    study = SaturationStudy(built_in("saturation-scale"))
    study.compute_all()
    large = (study.scales >= 1.0) & (study.scales <= 100.0)
    sigmoid, tanh, _ = study.responses
    assert np.all((sigmoid.gradient[large] > 0.08) & (sigmoid.gradient[large] < 0.15))
    assert np.all((tanh.gradient[large] > 0.2) & (tanh.gradient[large] < 0.4))
    assert tanh.saturated[large][-1] > 0.98


def test_logistic_starts_agrees_with_its_notes() -> None:
    study = LogisticStudy(built_in("logistic-starts"))
    study.compute_all()
    np.testing.assert_allclose(np.ptp(study.parameters[0, 200], axis=0), 0.0, atol=0.04)
    squared = study.losses[1]
    np.testing.assert_allclose(squared[[480, 800], -1], [0.83, 0.46], atol=0.005)
    np.testing.assert_allclose(squared[800, :-1], 0.04, atol=0.005)
