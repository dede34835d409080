"""An output head whose outputs depend on one another works in one place: softmax."""

import numpy as np
import pytest

from engine.codegen.scripts import SCRIPTS
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment.quantity import Quantity
from engine.explain.central_difference import Verdict, central_difference
from engine.explain.chain import error, forward
from engine.explain.lines import explain
from engine.nn.initializers import Normal
from engine.nn.inspection import inspect
from engine.nn.network import predict
from engine.nn.output_heads import output_head, output_names
from engine.training.recording import Recording
from engine.training.training import train
from tests.engine.codegen.script_runner import run_here

POINTS = tuple(
    (x, y, float(k == 0), float(k == 1), float(k == 2))
    for k, (x, y) in enumerate([(0.0, 1.0), (1.0, -0.5), (-1.0, -0.5)] * 2)
    for k in [k % 3]
)
EXPERIMENT = Experiment(
    data=DataSpec(points=POINTS),
    network=NetworkSpec(layers=(2, 2, 3), output="softmax"),
    training=TrainingSpec(steps=9, learning_rate=0.3),
    runs=(Run(init=Normal(scale=0.8, seed=1)),),
)


@pytest.fixture(scope="module")
def softmax() -> Recording:
    return train(EXPERIMENT)[0]


def test_joint_head_is_found_and_offered_by_its_names(softmax: Recording) -> None:
    assert output_head("softmax", "cross-entropy").output == "softmax"
    assert "softmax" in output_names()
    assert softmax.spec.activations[-1] is None


def test_joint_head_trains_along_its_gradient(softmax: Recording) -> None:
    assert softmax.losses[0] > softmax.losses[-1]
    frame = softmax[4]
    np.testing.assert_allclose(frame.A[2].sum(axis=0), 1.0)
    for layer, row in ((1, 0), (1, 1), (2, 0), (2, 2)):
        for quantity in (Quantity("dW", layer, row, 1), Quantity("db", layer, row)):
            found = central_difference(softmax.spec, softmax.data, frame, quantity)
            assert found.verdict is Verdict.AGREES


def test_joint_head_is_explained_exactly(softmax: Recording) -> None:
    spec, data, frame = softmax.spec, softmax.data, softmax[3]
    for unit in range(3):
        assert forward(spec, frame, (2, unit, 1)).is_exact
        assert error(spec, frame, data.Y, (2, unit, 1)).is_exact
    for quantity in (Quantity("dW", 2, 1, 0), Quantity("A", 2, 1), Quantity("Z", 1, 0)):
        assert explain(spec, data, frame, quantity).latex


def test_joint_head_predicts_and_is_inspected(softmax: Recording) -> None:
    frame = softmax[-1]
    np.testing.assert_allclose(predict(softmax.spec, frame.W, frame.b, softmax.data.X), frame.A[2])
    report = inspect(Normal(), softmax.spec, softmax.data.X)[-1]
    assert (report.saturated, report.idle) == (0.0, "")


def test_joint_head_is_copied_to_numpy(softmax: Recording) -> None:
    found = run_here(SCRIPTS["NumPy"](softmax.experiment, 0))
    assert found.losses == softmax.losses.tolist()
    np.testing.assert_array_equal(found.W[1], softmax[-1].W[2])
