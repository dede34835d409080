"""The depth scene beside a network written with `@`."""

import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import Experiment, Run
from engine.library.built_ins import built_in
from engine.library.experiment_file import parse_experiment
from engine.nn.initializers import Explicit, GlorotNormal, HeNormal, Normal, Zeros
from engine.studies.depth.study import BINS, FARTHEST_DECADES, DepthSpec, DepthStudy
from engine.training.events import EventKind
from tests.engine.reference import Reference


def studied(experiment: Experiment) -> DepthStudy:
    study = DepthStudy(experiment)
    study.compute_all()
    return study


def made(spec: DepthSpec, *schemes: object) -> DepthStudy:
    runs = tuple(Run(init=scheme) for scheme in schemes)  # type: ignore[arg-type]
    return studied(Experiment(scene=spec, runs=runs))


def root_mean_square(array: np.ndarray) -> float:
    return float(np.sqrt(np.mean(array**2)))


@pytest.mark.parametrize("unit", ["tanh", "sigmoid", "relu", "linear"])
def test_first_pass_equals_a_plain_network(unit: str) -> None:
    spec = DepthSpec(depth=6, width=5, unit=unit, examples=4, seed=3)
    init = GlorotNormal(seed=8)
    profile = made(spec, init).profile(0, 0)
    X, Y = np.random.Generator(np.random.PCG64(3)).standard_normal((2, 5, 4))
    drawn = init.parameters((5,) * 7, np.random.Generator(np.random.PCG64(8)))
    W = [drawn[f"W{layer}"] for layer in range(1, 7)]
    b = [drawn[f"b{layer}"] for layer in range(1, 7)]
    plain = Reference((unit,) * 5, "linear", "mean-squared-error")
    Z, A = plain.forward(W, b, X)
    assert profile.activation == pytest.approx([root_mean_square(a) for a in A[1:]], rel=1e-12)
    dZ = [2.0 * (A[-1] - Y)]
    for layer in range(5, 0, -1):
        dZ.insert(0, (W[layer].T @ dZ[0]) * plain.derivative(unit, Z[layer - 1]))
    assert profile.gradient == pytest.approx([root_mean_square(d) for d in dZ], rel=1e-9)
    assert profile.loss == pytest.approx(plain.mean_loss(W, b, X, Y), rel=1e-12)
    assert profile.units == pytest.approx(np.array([a[:, 0] for a in A]))
    assert profile.activations.shape == profile.gradients.shape == (6, BINS)
    assert (profile.activations.sum(axis=1) == 20).all()
    assert profile.zeros == pytest.approx([np.mean(a == 0.0) for a in A[1:]])


def test_training_equals_a_plain_network() -> None:
    spec = DepthSpec(depth=3, width=4, examples=5, axis="step", steps=7, learning_rate=0.05)
    init = HeNormal(seed=2)
    study = made(spec, init)
    X, Y = np.random.Generator(np.random.PCG64(0)).standard_normal((2, 4, 5))
    drawn = init.parameters((4,) * 4, np.random.Generator(np.random.PCG64(2)))
    W = [drawn[f"W{layer}"].copy() for layer in (1, 2, 3)]
    b = [drawn[f"b{layer}"].copy() for layer in (1, 2, 3)]
    plain = Reference(("tanh", "tanh"), "linear", "mean-squared-error")
    for step in range(8):
        assert study.profile(0, step).loss == pytest.approx(plain.mean_loss(W, b, X, Y), rel=1e-10)
        dW, db = plain.gradients(W, b, X, Y)
        W = [w - 0.05 * d for w, d in zip(W, dW, strict=True)]
        b = [v - 0.05 * d for v, d in zip(b, db, strict=True)]


def test_overflow_is_an_event() -> None:
    relu = built_in("depth-relu")
    study = studied(relu)
    reported = [event for event in study.events if event.kind is EventKind.DIVERGED]
    assert [(event.run, event.frame) for event in reported] == [(2, 38)]
    assert "from layer 39 on, a is too large for floats of 32 bits" in reported[0].text
    sizes = study.profile(2, 0).activation
    assert sizes[37] < np.finfo(np.float32).max < sizes[38]
    huge = made(DepthSpec(depth=40, width=10, unit="relu"), Normal(scale=1e12))
    assert ["32 bits" in huge.events[0].text, "64 bits" in huge.events[1].text] == [True, True]
    assert np.isnan(huge.profile(0, 0).gradient).any() or np.isinf(huge.profile(0, 0).loss)
    assert any("64 bits" in line for line in huge.findings())
    (back,) = (event for event in huge.events if "dZ" in event.text)
    broken = np.flatnonzero(~(huge.profile(0, 0).gradient < np.inf))
    assert back.frame == broken[-1]
    assert back.text == f"from layer {broken[-1] + 1} back, dZ is too large for floats of 64 bits"
    assert not any(
        "dZ" in event.text for event in made(DepthSpec(depth=4, width=5), HeNormal()).events
    )


def test_exploding_run_does_not_widen_the_axes() -> None:
    study = studied(built_in("depth-relu"))
    low, high = FARTHEST_DECADES
    assert low - 2.0 <= study.decades[0] < study.decades[-1] <= high + 1.0
    exploded = study.profile(2, 0)
    assert exploded.activation[-1] > 10.0**high
    # Values beyond are counted in the last bin.
    assert (exploded.activations.sum(axis=1) == 200 * study.spec.examples).all()
    assert exploded.activations[45, -1] > 0


def test_findings_report_both_ratios() -> None:
    lines = made(DepthSpec(depth=5, width=8), HeNormal(), Zeros()).findings()
    assert lines[0].startswith("he-normal: size of a, layer 4 ÷ layer 1: ")
    assert "; size of dZ, layer 1 ÷ layer 5: " in lines[0]
    assert "begins with 0" in lines[1]


def test_diverging_run_ends_at_its_last_finite_step() -> None:
    spec = DepthSpec(depth=3, width=4, unit="linear", axis="step", steps=300, learning_rate=5.0)
    study = made(spec, Normal(scale=1.0), Zeros())
    (event,) = (event for event in study.events if event.run == 0)
    assert event.kind is EventKind.DIVERGED
    assert len(study.profiles[0]) == event.frame + 1 < 300
    assert study.profile(0, 300) is study.profiles[0][-1]


def test_largest_network_is_computed() -> None:
    study = studied(built_in("depth-relu"))
    lecun, he, _ = (study.profile(run, 0) for run in range(3))
    assert 0.05 < he.activation_ratio < 20.0
    assert lecun.activation_ratio < 1e-5


def test_invalid_parameters_are_rejected() -> None:
    explicit = Explicit(W=(((1.0, 2.0),) * 2, ((1.0, 1.0),)))
    with pytest.raises(UsageError, match=r"run\[0\].init: this scene draws layers of its own"):
        Experiment(scene=DepthSpec(), runs=(Run(init=explicit),))
    for line, message in (
        ("depth = 51", "scene.depth: expected a whole number, at most 50"),
        ("depth = 1", "scene.depth: expected a whole number, at least 2"),
        ('unit = "tan"', 'scene.unit: unknown activation "tan": did you mean "tanh"'),
        ('axis = "width"', "scene.axis: invalid enum value 'width'"),
    ):
        with pytest.raises(UsageError, match=message):
            parse_experiment(f'format = 1\n[scene]\nkind = "depth"\n{line}\n')
