"""Softmax with cross-entropy over 2 to 10 classes: its values, gradients, bits and errors."""

import mpmath
import numpy as np
import pytest

from engine.ensemble.shards import Shard, SweepCell, single, train_shard
from engine.errors import UsageError
from engine.experiment.experiment import (
    DataSpec,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.experiment.quantity import Quantity
from engine.explain.chain import error, through_outputs
from engine.explain.lines import explain
from engine.explain.notation import latex_of
from engine.nn.initializers import Explicit, Normal, Zeros
from engine.nn.output_heads import output_head
from engine.studies.ensemble.study import EnsembleSpec
from engine.training.comparison import Comparison, compare
from engine.training.training import train
from engine.types import Array

HEAD = output_head("softmax", "cross-entropy")


def softmax_experiment(classes: int, run: Run, steps: int = 20, hidden: int = 4) -> Experiment:
    return Experiment(
        data=DataSpec(name="blobs", samples=5 * classes),
        network=NetworkSpec(layers=(2, hidden, classes), output="softmax"),
        training=TrainingSpec(steps=steps, learning_rate=0.5),
        runs=(run,),
    )


def one_hot(classes: int, labels: list[int]) -> Array:
    return np.eye(classes)[:, labels]


@pytest.mark.parametrize("size", [1.0, 1e4, 1e12])
def test_loss_and_predictions_are_accurate_at_huge_logits(size: float) -> None:
    z = size * np.array([[0.3, -1.0, 1.0], [0.2, 1.0, 1.0], [-0.7, 0.5, -0.5], [0.0, 0.0, 0.25]])
    y = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.25], [0.0, 0.0, 0.25], [0.0, 0.0, 0.0]])
    a, delta = np.empty_like(z), np.empty_like(z)
    HEAD.predict(z, a)
    HEAD.delta(z, a, y, delta)
    losses = HEAD.terms(z, y).sum(axis=0)
    with mpmath.workdps(60):
        for column in range(3):
            powers = [mpmath.exp(mpmath.mpf(each)) for each in z[:, column].tolist()]
            shares = [each / sum(powers) for each in powers]
            exact = -sum(
                mpmath.mpf(t) * mpmath.log(p)
                for t, p in zip(y[:, column].tolist(), shares, strict=True)
                if t
            )
            assert losses[column] == pytest.approx(float(exact), rel=1e-14, abs=1e-300)
            np.testing.assert_allclose(a[:, column], [float(p) for p in shares], rtol=1e-12)
    np.testing.assert_array_equal(delta, a - y)


@pytest.mark.parametrize("classes", range(2, 11))
def test_delta_is_the_derivative_for_every_number_of_classes(classes: int) -> None:
    rng, h = np.random.default_rng(classes), 1e-5
    z, y = rng.normal(size=(classes, 1)), one_hot(classes, [classes - 1])
    a, delta = np.empty_like(z), np.empty_like(z)
    HEAD.predict(z, a)
    HEAD.delta(z, a, y, delta)
    for k in range(classes):
        step = h * np.eye(classes)[:, k : k + 1]
        rise = HEAD.mean_loss(z + step, y) - HEAD.mean_loss(z - step, y)
        assert delta[k, 0] == pytest.approx(float(rise) / (2 * h), rel=1e-8, abs=1e-9)


def test_one_network_and_a_stack_in_any_layout_have_the_same_bits() -> None:
    rng = np.random.default_rng(1)
    z, y = rng.normal(0.0, 9.0, (7, 31, 6)), one_hot(7, rng.integers(0, 7, 31).tolist())[..., None]
    a = np.empty_like(z)
    HEAD.predict(z, a)
    losses = HEAD.mean_loss(z, y)
    for i in range(6):
        alone = np.asfortranarray(z[..., i : i + 1])
        answer = np.empty_like(alone)
        HEAD.predict(alone, answer)
        np.testing.assert_array_equal(answer[..., 0], a[..., i])
        assert HEAD.mean_loss(np.ascontiguousarray(alone), y)[0] == losses[i]


def plain_training(X: Array, labels: list[int], W: list[Array], b: list[Array]) -> list[float]:
    """Train as a textbook does, example by example, and return the losses."""
    losses, m = [], X.shape[1]
    for _ in range(21):
        grads_W, grads_b = [0 * w for w in W], [0 * v for v in b]
        total = 0.0
        for i in range(m):
            hidden = np.tanh(W[0] @ X[:, i] + b[0][:, 0])
            z = W[1] @ hidden + b[1][:, 0]
            p = np.exp(z) / np.exp(z).sum()
            total -= np.log(p[labels[i]]) / m
            dz = p.copy()
            dz[labels[i]] -= 1.0
            dh = (W[1].T @ dz) * (1.0 - hidden**2)
            grads_W[1] = grads_W[1] + np.outer(dz, hidden) / m
            grads_b[1] = grads_b[1] + dz[:, None] / m
            grads_W[0] = grads_W[0] + np.outer(dh, X[:, i]) / m
            grads_b[0] = grads_b[0] + dh[:, None] / m
        losses.append(float(total))
        W = [w - 0.5 * g for w, g in zip(W, grads_W, strict=True)]
        b = [v - 0.5 * g for v, g in zip(b, grads_b, strict=True)]
    return losses


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_training_agrees_with_an_independent_implementation(classes: int) -> None:
    recording = train(softmax_experiment(classes, Run(init=Normal(scale=0.7, seed=2))))[0]
    start = recording[0]
    labels = recording.data.Y.argmax(axis=0).tolist()
    expected = plain_training(recording.data.X, labels, list(start.W[1:]), list(start.b[1:]))
    np.testing.assert_allclose(recording.losses, expected, rtol=1e-12)


def test_equal_hidden_units_stay_equal_to_the_last_bit() -> None:
    rng = np.random.default_rng(3)
    W1 = np.tile(rng.normal(size=(1, 2)), (4, 1))
    W2 = np.tile(rng.normal(size=(3, 1)), (1, 4))
    init = Explicit(W=(tuple(map(tuple, W1.tolist())), tuple(map(tuple, W2.tolist()))))
    recording = train(softmax_experiment(3, Run(init=init), steps=60))[0]
    last = recording[-1]
    assert recording.losses[-1] < recording.losses[0]
    for units in (last.W[1], last.b[1], last.W[2].T, last.dZ[1], last.A[1]):
        np.testing.assert_array_equal(units, units[:1].repeat(4, axis=0))


@pytest.mark.parametrize("solved", ["loss", "accuracy"])
def test_networks_of_an_ensemble_have_the_bits_of_single_runs(solved: str) -> None:
    experiment = softmax_experiment(3, Run(init=Normal(scale=0.5)), steps=40).replace(
        scene=EnsembleSpec(seeds=5, solved=solved, below=0.4)  # type: ignore[arg-type]
    )
    cell = SweepCell(0)
    results = train_shard(experiment, Shard(cell, 0, 5))
    for seed in range(5):
        alone = compare(single(experiment, cell, seed))
        losses, accuracy = alone.recordings[0].losses, alone.diagnostics[0].accuracy
        assert results.loss[seed] == losses[-1]
        assert results.accuracy[seed] == accuracy[-1]
        reached = losses < 0.4 if solved == "loss" else accuracy == 1.0
        assert results.solved[seed] == (int(reached.argmax()) if reached.any() else -1)
    assert (results.solved > 0).any()


def test_accuracy_is_the_share_of_greatest_outputs_at_the_right_class() -> None:
    comparison = compare(softmax_experiment(4, Run(init=Normal(scale=0.5, seed=1)), steps=80))
    recording = comparison.recordings[0]
    labels = recording.data.Y.argmax(axis=0)
    for index in (0, 7, 80):
        expected = (recording[index].A[2].argmax(axis=0) == labels).mean()
        assert comparison.diagnostics[0].accuracy[index] == expected
    solved = [event.frame for event in comparison.events if event.kind.value == "solved"]
    assert solved == [int((comparison.diagnostics[0].accuracy == 1.0).argmax())]


def test_training_from_weights_of_ten_thousand_stays_finite() -> None:
    recording = train(softmax_experiment(10, Run(init=Normal(scale=1e4, seed=0))))[0]
    assert np.isfinite(recording.losses).all()
    assert recording.losses[0] > 100.0
    np.testing.assert_allclose(recording[-1].A[2].sum(axis=0), 1.0, rtol=1e-15)


def test_zero_start_sends_back_one_over_the_classes_minus_the_target() -> None:
    recording = train(softmax_experiment(3, Run(init=Zeros()), steps=1))[0]
    np.testing.assert_array_equal(recording[0].dZ[2], 1.0 / 3.0 - recording.data.Y)


def test_chain_rule_over_all_outputs_is_the_short_form() -> None:
    recording = train(softmax_experiment(3, Run(init=Normal(scale=0.8, seed=1))))[0]
    spec, data, frame = recording.spec, recording.data, recording[9]
    for unit in range(3):
        for example in range(6):
            place = 2, unit, example
            found = through_outputs(spec, frame, data.Y, place)
            assert found is not None
            assert len(found.left) == 3
            short = error(spec, frame, data.Y, place).value
            assert found.total == pytest.approx(short, rel=1e-12, abs=1e-15)
    text = " ".join(
        latex_of(line.formula) for line in explain(spec, data, frame, Quantity("dW", 2, 1, 0)).lines
    )
    assert r"\frac{\partial L}{\partial" in text
    assert r"\hat{y}^{(1)}_{k} ( [ k = 2 ] - \hat{y}^{(1)}_{2} )" in text
    assert r"( -\frac{ y^{(1)}_{k} }{ \hat{y}^{(1)}_{k} } )" in text
    assert explain(spec, data, frame, Quantity("A", 2, 1)).latex.count(r"\sum_{k} e^{z_k}") == 1


def test_sigmoid_outputs_have_no_chain_over_other_outputs() -> None:
    recording = train(Experiment(training=TrainingSpec(steps=1)))[0]
    assert through_outputs(recording.spec, recording[0], recording.data.Y, (2, 0, 0)) is None


POINTS = ((0.0, 0.0, 1.0, 0.0, 0.0), (1.0, 0.0, 0.0, 1.0, 0.0), (0.0, 1.0, 0.0, 0.0, 1.0))
THREE = NetworkSpec(layers=(2, 4, 3), output="softmax")


def test_points_with_a_column_for_each_class_train() -> None:
    experiment = Experiment(data=DataSpec(points=POINTS), network=THREE)
    comparison: Comparison = compare(experiment)
    assert comparison.diagnostics[1].accuracy[-1] == 1.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"loss": "mean-squared-error"}, 'output: softmax needs the loss cross-entropy, not "mean'),
        ({"layers": (2, 1)}, "layers: ends with 1, but softmax needs 2 to 10 outputs, one for"),
        ({"layers": (2, 11)}, "layers: ends with 11, but softmax needs 2 to 10 outputs"),
    ],
)
def test_network_that_softmax_cannot_have_is_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError) as refused:
        THREE.replace(**changes)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ((1.0, 1.0, 0.0), "data.points: softmax needs targets that sum to 1, but those of point 4"),
        ((2.0, -1.0, 0.0), "data.points: cross-entropy needs targets from 0 to 1, but point 4 has"),
    ],
)
def test_targets_that_are_no_shares_of_classes_are_refused(
    targets: tuple[float, ...], message: str
) -> None:
    points = (*POINTS, (1.0, 1.0, *targets))
    with pytest.raises(UsageError) as refused:
        Experiment(data=DataSpec(points=points), network=THREE)
    assert message in str(refused.value)


def test_soft_targets_are_accepted_and_have_no_accuracy() -> None:
    points = (*POINTS, (1.0, 1.0, 0.25, 0.25, 0.5))
    comparison = compare(Experiment(data=DataSpec(points=points), network=THREE))
    assert np.isnan(comparison.diagnostics[0].accuracy).all()
    assert comparison.recordings[1].losses[-1] < comparison.recordings[1].losses[0]
