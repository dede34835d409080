"""A central difference agrees with right gradients only, and reports when it is inconclusive."""

import numpy as np
import pytest
from hypothesis import given, settings

from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment.quantity import FIRST, Quantity
from engine.explain.central_difference import Difference, Verdict, central_difference
from engine.nn.initializers import Normal, Zeros
from engine.training.recording import Frame
from engine.training.training import train
from tests.engine.explain.networks import experiments, gradients, trained


def compared(experiment: Experiment, quantity: Quantity = FIRST) -> Difference:
    recording, frame = trained(experiment)
    return central_difference(recording.spec, recording.data, frame, quantity)


@settings(max_examples=40)  # each is a training
@given(experiments())
def test_difference_never_disagrees_with_the_engine(experiment: Experiment) -> None:
    recording, frame = trained(experiment)
    for quantity in gradients(experiment):
        found = central_difference(recording.spec, recording.data, frame, quantity)
        assert found.verdict is not Verdict.DISAGREES
        if found.verdict is Verdict.AGREES:
            assert found.relative < 0.1


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_difference_agrees_with_an_ordinary_gradient(activation: str) -> None:
    network = NetworkSpec(layers=(2, 3, 1), hidden=activation)
    start = Run(init=Normal(scale=0.7, seed=1))
    experiment = Experiment(network=network, training=TrainingSpec(steps=3), runs=(start,))
    for quantity in gradients(experiment):
        found = compared(experiment, quantity)
        assert found.verdict is Verdict.AGREES
        assert found.relative < 1e-7


def test_difference_disagrees_with_a_wrong_gradient() -> None:
    recording, frame = trained(Experiment(runs=(Run(init=Normal(scale=0.7, seed=1)),)))
    wrong = _with_gradient(frame, frame.dW[1] * 1.0001)
    found = central_difference(recording.spec, recording.data, wrong, FIRST)
    assert found.verdict is Verdict.DISAGREES


def test_difference_is_inconclusive_across_a_corner_of_relu() -> None:
    experiment = Experiment(
        network=NetworkSpec(hidden="relu"),
        training=TrainingSpec(steps=0),
        runs=(Run(init=Zeros(bias=0.0)),),
    )
    recording = train(experiment)[0]
    frame = recording[0]
    found = central_difference(recording.spec, recording.data, frame, Quantity("db", 1, 0))
    assert found.verdict is Verdict.KINK


def test_difference_is_inconclusive_below_the_rounding_of_the_loss() -> None:
    experiment = Experiment(
        data=DataSpec(name="moons", samples=20),
        network=NetworkSpec(layers=(2, 2, 2, 2, 1)),
        training=TrainingSpec(steps=1),
        runs=(Run(init=Normal(scale=1e-4, seed=1)),),
    )
    found = compared(experiment)
    assert found.verdict is Verdict.TOO_SMALL


def test_difference_is_inconclusive_for_subnormal_numbers() -> None:
    experiment = Experiment(
        data=DataSpec(points=((1e-322, 1.0, 0.0),)),
        training=TrainingSpec(steps=0),
        runs=(Run(init=Normal(scale=1.0, seed=1)),),
    )
    _, frame = trained(experiment)
    assert 0.0 < abs(frame.dW[1][0, 0]) < 1e-321
    assert compared(experiment).verdict is Verdict.TOO_SMALL


def _with_gradient(frame: Frame, gradient: np.ndarray) -> Frame:
    object.__setattr__(frame, "dW", (frame.dW[0], gradient, *frame.dW[2:]))
    return frame
