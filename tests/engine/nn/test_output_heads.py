"""An output head whose outputs depend on one another works in one place: softmax."""

from collections.abc import Iterator
from typing import final

import numpy as np
import pytest

from engine.codegen.scripts import SCRIPTS
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment.quantity import Quantity
from engine.explain.central_difference import Verdict, central_difference
from engine.explain.chain import error, forward
from engine.explain.lines import explain
from engine.nn.code import Code
from engine.nn.initializers import Normal
from engine.nn.inspection import inspect
from engine.nn.network import predict
from engine.nn.output_heads import JOINT_HEADS, OutputHead, output_head, output_names
from engine.training.recording import Recording
from engine.training.training import train
from engine.types import Array
from tests.engine.codegen.script_runner import run_here

POINTS = tuple(
    (x, y, float(k == 0), float(k == 1), float(k == 2))
    for k, (x, y) in enumerate([(0.0, 1.0), (1.0, -0.5), (-1.0, -0.5)] * 2)
    for k in [k % 3]
)
EXPERIMENT = Experiment(
    data=DataSpec(points=POINTS),
    network=NetworkSpec(layers=(2, 2, 3)),
    training=TrainingSpec(steps=9, learning_rate=0.3),
    runs=(Run(init=Normal(scale=0.8, seed=1)),),
)


@final
class Softmax(OutputHead):
    """Softmax with cross-entropy over classes, −Σ y ln ŷ."""

    output = "softmax"
    target_range = (0.0, 1.0)
    prediction_code = Code(numpy="np.exp({z}) / np.exp({z}).sum(axis=0)")
    loss_code = Code(numpy="np.log(np.exp(Z).sum(axis=0)) - (Z * {y}).sum(axis=0)")
    delta_code = Code(numpy="{a} - {y}", latex="{a} - {y}")

    def __init__(self, beta: float) -> None:
        assert beta == 1.0

    def predict(self, z: Array, out: Array) -> None:
        np.exp(z - z.max(axis=0), out)
        np.divide(out, out.sum(axis=0), out)

    def terms(self, z: Array, y: Array) -> Array:
        highest = z.max(axis=0)
        logarithm = highest + np.log(np.exp(z - highest).sum(axis=0))
        result: Array = (logarithm - (z * y).sum(axis=0))[None]
        return result

    def delta(self, z: Array, a: Array, y: Array, out: Array) -> None:
        np.subtract(a, y, out)


@pytest.fixture
def softmax() -> Iterator[Recording]:
    JOINT_HEADS["softmax", "cross-entropy"] = Softmax
    network = EXPERIMENT.network.replace(output="softmax")
    yield train(EXPERIMENT.replace(network=network))[0]
    del JOINT_HEADS["softmax", "cross-entropy"]


def test_joint_head_is_found_and_offered_by_its_names(softmax: Recording) -> None:
    assert isinstance(output_head("softmax", "cross-entropy"), Softmax)
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
    np.testing.assert_allclose(found.losses, softmax.losses, rtol=1e-12)
    np.testing.assert_allclose(found.W[1], softmax[-1].W[2], rtol=1e-9)
