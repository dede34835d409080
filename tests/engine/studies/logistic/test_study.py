"""The logistic scene beside a plain loop, and its optimum beside finite differences."""

import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import DataSpec, Experiment, TrainingSpec
from engine.library.built_ins import built_in
from engine.studies.logistic.optima import least_squares, newton
from engine.studies.logistic.study import LogisticSpec, LogisticStudy

BLOBS = DataSpec(name="blobs", samples=60, noise=0.8)


def studied(experiment: Experiment) -> LogisticStudy:
    study = LogisticStudy(experiment)
    study.compute_all()
    return study


def mean_loss(theta: np.ndarray, X: np.ndarray, Y: np.ndarray) -> float:
    z = theta[0] + theta[1:] @ X
    return float(np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0.0) - Y[0] * z))


def test_optimum_is_a_flat_minimum() -> None:
    data = BLOBS.load(2, 1)
    optimum = newton(data.X, data.Y)
    assert optimum is not None
    best = mean_loss(optimum.parameters, data.X, data.Y)
    assert optimum.loss == pytest.approx(best, rel=1e-12)
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 1e-5
        up = mean_loss(optimum.parameters + step, data.X, data.Y)
        down = mean_loss(optimum.parameters - step, data.X, data.Y)
        assert abs(up - down) / 2e-5 < 1e-8
        assert min(up, down) > best


def test_squared_error_has_another_minimum() -> None:
    data = BLOBS.load(2, 1)
    optimum = newton(data.X, data.Y)
    assert optimum is not None
    squared = least_squares(data.X, data.Y, optimum.parameters)
    assert squared is not None

    def error(theta: np.ndarray) -> float:
        p = 1.0 / (1.0 + np.exp(-(theta[0] + theta[1:] @ data.X)))
        return float(np.mean((p - data.Y[0]) ** 2))

    assert squared.loss == pytest.approx(error(squared.parameters), rel=1e-12)
    assert squared.loss < error(optimum.parameters)
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 1e-3
        up, down = error(squared.parameters + step), error(squared.parameters - step)
        assert abs(up - down) / 2e-3 < 1e-6
        assert min(up, down) > squared.loss


def test_distances_are_from_the_optimum_of_the_same_loss() -> None:
    study = studied(
        Experiment(
            scene=LogisticSpec(), data=BLOBS, training=TrainingSpec(steps=900, learning_rate=5.0)
        )
    )
    for lane, optimum in enumerate(study.optima):
        assert optimum is not None
        apart = np.linalg.norm(study.parameters[lane, 900, 0] - optimum.parameters)
        assert study.distances(lane)[900, 0] == pytest.approx(apart)
        first = study.arrived[lane, 0]
        assert first > 0
        reached = np.abs(study.parameters[lane, first, 0] - optimum.parameters).max()
        assert reached <= 0.01 * np.abs(optimum.parameters).max()


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)), "linearly separable"),
        (((0.0, 0.0, 1.0), (1.0, 1.0, 1.0)), "one class only"),
        (((0.0, 1.0, 0.0), (0.0, 1.0, 1.0)), "inputs on a line: many optima"),
        (((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 1.0)), "linearly separable"),
    ],
    ids=["parted by a line", "one class", "one place", "parted, in a plane"],
)
def test_missing_optimum_has_a_reason(points: tuple[tuple[float, ...], ...], why: str) -> None:
    data = DataSpec(points=points).load(2, 1)
    assert newton(data.X, data.Y) is None
    study = studied(
        Experiment(
            scene=LogisticSpec(), data=DataSpec(points=points), training=TrainingSpec(steps=3)
        )
    )
    assert study.optima == (None, None)
    assert study.reason_without_optimum(0) == study.reason_without_optimum(1)
    assert study.reason_without_optimum(0).startswith(why)
    assert f"cross-entropy: {study.reason_without_optimum(0)}" in study.findings()
    assert (study.arrived == -1).all()


def test_every_start_equals_a_plain_loop() -> None:
    experiment = Experiment(
        scene=LogisticSpec(), data=BLOBS, training=TrainingSpec(steps=40, learning_rate=0.7)
    )
    study = studied(experiment)
    X, y = study.data.X, study.data.Y[0]
    for start, first in enumerate(study.spec.starts):
        for lane in range(2):
            theta = np.array(first)
            for frame in range(41):
                np.testing.assert_allclose(
                    study.parameters[lane, frame, start], theta, rtol=1e-9, atol=1e-12
                )
                p = 1.0 / (1.0 + np.exp(-(theta[0] + theta[1:] @ X)))
                error = p - y if lane == 0 else 2.0 * (p - y) * p * (1.0 - p)
                theta = theta - 0.7 * np.array([error.mean(), *(X * error).mean(axis=1)])


def test_extreme_start_is_learned_with_cross_entropy_only() -> None:
    study = studied(built_in("logistic-starts"))
    optimum = study.optima[0]
    assert optimum is not None
    assert (study.arrived[0] > 0).all()
    np.testing.assert_allclose(
        study.parameters[0, -1], np.tile(optimum.parameters, (5, 1)), atol=1e-5
    )
    assert study.right[0, 60, 4] > 0.9
    assert study.right[1, 60, 4] < 0.1
    assert study.right[1, 60, 0] > 0.9
    assert len([event for event in study.events if event.run == 0]) == 5


def test_stacking_starts_changes_no_bit() -> None:
    pair = LogisticSpec(starts=((0.0, 2.0, -2.0), (1.0, -2.0, 1.0)))
    training = TrainingSpec(steps=30)
    both = studied(Experiment(scene=pair, data=BLOBS, training=training))
    five = studied(Experiment(scene=LogisticSpec(), data=BLOBS, training=training))
    assert np.array_equal(both.parameters, five.parameters[:, :, 1:3])


def test_invalid_parameters_are_rejected() -> None:
    with pytest.raises(UsageError, match="starts: give each start once"):
        LogisticSpec(starts=((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)))
    with pytest.raises(UsageError, match="needs targets of 0 or 1"):
        Experiment(scene=LogisticSpec(), data=DataSpec(points=((0.0, 0.0, 0.5), (1.0, 1.0, 1.0))))
