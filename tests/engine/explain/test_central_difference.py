"""A central difference agrees with right gradients only, and says when it cannot tell."""

import numpy as np
import pytest
from hypothesis import given

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


@given(experiments())
def test_it_never_speaks_against_the_engine(experiment: Experiment) -> None:
    recording, frame = trained(experiment)
    for quantity in gradients(experiment):
        found = central_difference(recording.spec, recording.data, frame, quantity)
        assert found.verdict is not Verdict.DISAGREES
        if found.verdict is Verdict.AGREES:
            assert found.relative < 0.1


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_an_ordinary_gradient_agrees_to_many_digits(activation: str) -> None:
    network = NetworkSpec(layers=(2, 3, 1), hidden=activation)
    start = Run(init=Normal(scale=0.7, seed=1))
    experiment = Experiment(network=network, training=TrainingSpec(steps=3), runs=(start,))
    for quantity in gradients(experiment):
        found = compared(experiment, quantity)
        assert found.verdict is Verdict.AGREES
        assert found.relative < 1e-7


def test_a_wrong_gradient_is_noticed() -> None:
    recording, frame = trained(Experiment(runs=(Run(init=Normal(scale=0.7, seed=1)),)))
    wrong = _with_gradient(frame, frame.dW[1] * 1.0001)
    found = central_difference(recording.spec, recording.data, wrong, FIRST)
    assert found.verdict is Verdict.DISAGREES


def test_at_the_kink_of_relu_it_cannot_tell() -> None:
    experiment = Experiment(
        network=NetworkSpec(hidden="relu"),
        training=TrainingSpec(steps=0),
        runs=(Run(init=Zeros(bias=0.0)),),
    )
    recording = train(experiment)[0]
    frame = recording[0]
    found = central_difference(recording.spec, recording.data, frame, Quantity("db", 1, 0))
    assert found.verdict is Verdict.KINK


def test_below_the_rounding_of_the_loss_it_cannot_tell() -> None:
    experiment = Experiment(
        data=DataSpec(name="moons", samples=20),
        network=NetworkSpec(layers=(2, 2, 2, 2, 1)),
        training=TrainingSpec(steps=1),
        runs=(Run(init=Normal(scale=1e-4, seed=1)),),
    )
    found = compared(experiment)
    assert found.verdict is Verdict.TOO_SMALL


def test_nor_for_the_least_number_there_is() -> None:
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
