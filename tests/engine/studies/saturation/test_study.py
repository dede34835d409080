"""The saturation scene beside networks written with `@`, and the law of steepness."""

import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Experiment
from engine.library.built_ins import built_in
from engine.library.experiment_file import parse_experiment
from engine.studies.saturation.study import SaturationSpec, SaturationStudy
from tests.engine.reference import Reference

MOONS = DataSpec(name="moons", samples=20)


def studied(spec: SaturationSpec, data: DataSpec = MOONS) -> SaturationStudy:
    study = SaturationStudy(Experiment(scene=spec, data=data))
    study.compute_all()
    return study


@pytest.mark.parametrize("unit", ["sigmoid", "tanh", "relu", "linear"])
@pytest.mark.parametrize("beta", [1.0, 3.0])
def test_every_scale_equals_a_plain_network(unit: str, beta: float) -> None:
    spec = SaturationSpec(
        units=(unit,), hidden=3, low=-1.0, high=1.0, frames=5, steps=12, beta=beta, seed=4
    )
    study = studied(spec)
    (response,) = study.responses
    X, Y = study.data.X, study.data.Y
    rng = np.random.Generator(np.random.PCG64(4))
    first = [rng.standard_normal((3, 2)), rng.standard_normal((1, 3))]
    plain = Reference((unit,), "sigmoid", "cross-entropy", beta)
    for frame, scale in enumerate([0.1, 10**-0.5, 1.0, 10**0.5, 10.0]):
        assert study.scales[frame] == pytest.approx(scale)
        W = [w * scale for w in first]
        b = [np.zeros((3, 1)), np.zeros((1, 1))]
        Z, A = plain.forward(W, b, X)
        steep = beta if unit in ("sigmoid", "tanh") else 1.0
        np.testing.assert_allclose(response.z[:, frame].reshape(3, 20), steep * Z[0], rtol=1e-9)
        dW, _ = plain.gradients(W, b, X, Y)
        assert response.gradient[frame] == pytest.approx(np.abs(dW[0]).mean(), rel=1e-9)
        assert response.first_loss[frame] == pytest.approx(plain.mean_loss(W, b, X, Y), rel=1e-9)
        if unit == "tanh":
            assert response.saturated[frame] == pytest.approx(np.mean(np.abs(A[1]) > 0.99))
        for _ in range(12):
            dW, db = plain.gradients(W, b, X, Y)
            W = [w - 0.5 * d for w, d in zip(W, dW, strict=True)]
            b = [v - 0.5 * d for v, d in zip(b, db, strict=True)]
        assert response.loss[frame] == pytest.approx(
            plain.mean_loss(W, b, X, Y), rel=1e-5, abs=1e-8
        )


@pytest.mark.parametrize("beta", [0.25, 0.5, 1.0, 2.0, 8.0])
def test_steepness_of_a_power_of_two_is_exactly_a_scale(beta: float) -> None:
    for response in studied(
        SaturationSpec(units=("sigmoid", "tanh"), frames=31, beta=beta)
    ).responses:
        assert (response.difference == 0.0).all()


def test_other_steepness_is_a_scale_up_to_rounding() -> None:
    spec = SaturationSpec(units=("tanh",), frames=7, low=-2.0, high=0.0, beta=3.0, steps=20)
    study = studied(spec)
    (response,) = study.responses
    assert 0.0 < response.difference.max() < 1e-12
    assert study.other_beta == 2.0
    assert (response.other_difference == 0.0).all()


def test_other_beta_is_no_power_of_two_if_beta_is_one() -> None:
    spec = SaturationSpec(units=("tanh", "relu"), frames=7, low=-2.0, high=0.0, beta=4.0, steps=20)
    study = studied(spec)
    assert study.other_beta == 3.0
    tanh, relu = study.responses
    assert (tanh.difference == 0.0).all()
    assert 0.0 < tanh.other_difference.max() < 1e-12
    assert np.isnan(relu.other_difference).all()
    alone = studied(
        SaturationSpec(units=("tanh",), frames=7, low=-2.0, high=0.0, beta=3.0, steps=20)
    )
    assert np.array_equal(tanh.other_difference, alone.responses[0].difference)


def test_caption_formats_the_scale_like_the_axes() -> None:
    study = SaturationStudy(Experiment(scene=SaturationSpec(frames=7), data=MOONS))
    captions = [study.caption(index) for index in range(7)]
    assert captions[0] == "weights × 0.001"
    assert captions[-1] == "weights × 1000"
    huge = SaturationSpec(frames=2, low=-8.0, high=8.0)
    study = SaturationStudy(Experiment(scene=huge, data=MOONS))
    assert [study.caption(0), study.caption(1)] == ["weights × 1·10⁻⁸", "weights × 1·10⁸"]


def test_relu_ignores_steepness() -> None:
    (response,) = studied(SaturationSpec(units=("relu",), frames=3, steps=2)).responses
    assert np.isnan(response.difference).all()


def test_built_in_experiment_shows_the_expected_saturation() -> None:
    study = SaturationStudy(built_in("saturation-scale"))
    study.compute_all()
    sigmoid, tanh, relu = study.responses
    for response in (sigmoid, tanh):
        assert response.saturated[0] == 0.0
        assert response.saturated[-1] > 0.95
        assert (np.diff(response.saturated) >= 0.0).all()
        assert response.loss.argmin() not in (0, 120)
    assert np.ptp(relu.saturated) < 1e-12
    assert relu.gradient[-1] > 1e5 * relu.gradient[0]


def test_marked_z_changes_no_number() -> None:
    one = Experiment(scene=SaturationSpec(), data=MOONS)
    assert one.computes_like(Experiment(scene=SaturationSpec(z=3.0), data=MOONS))
    assert not one.computes_like(Experiment(scene=SaturationSpec(beta=3.0), data=MOONS))


def test_invalid_parameters_are_rejected() -> None:
    for line, message in (
        ("low = 2.0\nhigh = 1.0", "scene.high: must be above low"),
        ('units = ["tanh", "tanh"]', "scene.units: give each activation once"),
        ('units = ["softplu"]', r"scene.units\[0\]: unknown activation"),
        ("hidden = 0", "scene.hidden: expected a whole number, at least 1"),
    ):
        with pytest.raises(UsageError, match=message):
            parse_experiment(f'format = 1\n[scene]\nkind = "saturation"\n{line}\n')
