"""A changed formula in the engine changes at least one verdict."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

import engine.claims.catalogue  # noqa: F401 - registers every claim
from engine.claims import perceptron as perceptron_claims
from engine.claims.claim import DIFFERS, REGISTERED, Verdict, clear_cache, measure
from engine.library.built_ins import BUILT_INS, built_in
from engine.nn.activations import Relu, Sigmoid
from engine.nn.initializer import Generator
from engine.nn.initializers import (
    Constant,
    Explicit,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LayerInitializer,
    LecunNormal,
    Normal,
    Ones,
    Orthogonal,
    Perturbed,
    Symmetric,
    Uniform,
    UniformFanIn,
    XavierFanIn,
    Zeros,
)
from engine.nn.layer_initializer import VarianceScaling
from engine.nn.losses import CrossEntropy, MeanSquaredError
from engine.nn.network import NetworkStack
from engine.studies.perceptron import perceptron

Array = np.ndarray


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Measure everything again, and discard what a mutant measured."""
    clear_cache()
    yield
    clear_cache()


def different(*claims: str) -> list[str]:
    """Return which of the claims differ from their stated verdict."""
    return [name for name in claims if not measure(REGISTERED[name]).agrees]


MUTATED: list[tuple[type[LayerInitializer], tuple[str, ...]]] = [
    (Zeros, ("zero-first-pass",)),
    (Ones, ("constants-start-late", "random-is-faster")),
    (Constant, ("all-weights-change-alike", "one-unit-per-layer")),
    (Normal, ("standard-normal-times-scale",)),
    (Uniform, ("standard-normal-times-scale", "n-is-the-number-of-hidden-units")),
    (UniformFanIn, ("uniform-variance-is-a-third-of-1-over-n",)),
    (LecunNormal, ("rules-have-their-variances",)),
    (XavierFanIn, ("rules-have-their-variances",)),
    (GlorotNormal, ("rules-have-their-variances",)),
    (GlorotUniform, ("rules-have-their-variances",)),
    (HeNormal, ("rules-have-their-variances",)),
    (HeUniform, ("rules-have-their-variances",)),
    (Orthogonal, ("one-rule-for-every-depth",)),
    (Symmetric, ("symmetry-survives-rounding",)),
]
"""Schemes, each with claims that depend on its formula."""


def test_claims_have_the_stated_verdict_without_a_mutant() -> None:
    assert different(*{name for _, claims in MUTATED for name in claims}) == []


def test_every_scheme_of_a_built_in_experiment_has_a_mutant() -> None:
    used = {type(run.init) for name in BUILT_INS for run in built_in(name).runs}
    assert used <= {scheme for scheme, _ in MUTATED} | {Explicit, Perturbed}


def _with(scheme: type[LayerInitializer], change: Callable[[Array], Array]) -> Callable[..., Array]:
    original = scheme.weights

    def weights(self: LayerInitializer, sizes: Sequence[int], layer: int, rng: Generator) -> Array:
        return change(original(self, sizes, layer, rng))

    return weights


def _tilted(weights: Array) -> Array:
    """Return each weight increased by a tenth, and by 0.01 times the number of its unit."""
    return 1.1 * weights + 0.01 * np.arange(len(weights))[:, None]


@pytest.mark.parametrize(("scheme", "claims"), MUTATED)
def test_claims_detect_another_formula_of_a_scheme(
    scheme: type[LayerInitializer], claims: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheme, "weights", _with(scheme, _tilted))
    assert different(*claims)


@pytest.mark.parametrize(
    ("scheme", "claims"), [each for each in MUTATED if issubclass(each[0], VarianceScaling)]
)
def test_claims_detect_another_gain_of_a_variance(
    scheme: type[VarianceScaling], claims: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheme, "gain", scheme.gain * 1.1)
    assert different(*claims)


@pytest.mark.parametrize("scheme", [GlorotNormal, GlorotUniform])
def test_claims_detect_glorot_without_the_number_of_outputs(
    scheme: type[VarianceScaling], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheme, "averaged", False)
    assert different("rules-have-their-variances")


def test_mutant_does_not_make_a_false_claim_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UniformFanIn, "weights", _with(UniformFanIn, _tilted))
    outcome = measure(REGISTERED["n-is-the-number-of-hidden-units"])
    assert outcome.outside
    assert outcome.verdict is Verdict.FAILS
    assert outcome.phrase == DIFFERS


def test_claims_detect_rounded_explicit_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Explicit.parameters

    def rounded(self: Explicit, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        return {name: np.round(a, 3) for name, a in original(self, sizes, rng).items()}

    monkeypatch.setattr(Explicit, "parameters", rounded)
    assert different("tiny-difference-grows")


def test_claims_detect_an_omitted_perturbation(monkeypatch: pytest.MonkeyPatch) -> None:
    def unperturbed(self: Perturbed, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        return self.base.parameters(sizes, rng)

    monkeypatch.setattr(Perturbed, "parameters", unperturbed)
    assert different("tiny-difference-grows")


def test_claims_detect_an_omitted_division_by_m(monkeypatch: pytest.MonkeyPatch) -> None:
    backward = NetworkStack.backward

    def undivided(self: NetworkStack) -> None:
        backward(self)
        self.gradient *= self.A[0].shape[1]

    monkeypatch.setattr(NetworkStack, "backward", undivided)
    assert different("gradient-is-a-mean")
    assert different("backward-is-the-chain-rule")


def test_claims_detect_a_division_by_m_before_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """It changes the gradient only by rounding, but an all-zero network starts to learn."""
    backward = NetworkStack.backward

    def early(self: NetworkStack) -> None:
        backward(self)
        m = self.A[0].shape[1]
        for layer, out in enumerate(self._gradient_rows, start=1):
            left, right = self.dZ[layer] / m, self._inputs[layer - 1]
            out[...] = np.einsum("omn,imn->oin", left, right)

    monkeypatch.setattr(NetworkStack, "backward", early)
    assert different("balanced-classes-cancel")


def test_claims_detect_another_derivative_of_relu_at_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    def slope(self: Relu, z: Array, a: Array, out: Array) -> None:
        np.greater_equal(a, 0.0, out)

    monkeypatch.setattr(Relu, "slope", slope)
    assert different("symmetry-needs-every-layer-random")


def test_claims_detect_another_derivative_of_sigmoid(monkeypatch: pytest.MonkeyPatch) -> None:
    def slope(self: Sigmoid, z: Array, a: Array, out: Array) -> None:
        np.subtract(1.0, np.multiply(a, a), out)

    monkeypatch.setattr(Sigmoid, "slope", slope)
    assert different("derivatives-of-the-activations")


def test_claims_detect_cross_entropy_from_the_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    def pointwise(self: CrossEntropy, z: Array, y: Array, output: Sigmoid) -> Array:
        p = np.clip(
            1.0 / (1.0 + np.exp(-np.clip(output.beta * z, -700.0, 700.0))), 1e-15, 1.0 - 1e-15
        )
        result: Array = -(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))
        return result

    monkeypatch.setattr(CrossEntropy, "pointwise", pointwise)
    assert different("cross-entropy-tells-how-wrong")


def test_claims_detect_half_the_squared_error(monkeypatch: pytest.MonkeyPatch) -> None:
    delta = MeanSquaredError.delta

    def half(
        self: MeanSquaredError, z: Array, a: Array, y: Array, output: Sigmoid, out: Array
    ) -> None:
        delta(self, z, a, y, output, out)
        out *= 0.5

    monkeypatch.setattr(MeanSquaredError, "delta", half)
    assert different("backward-is-the-chain-rule")
    assert different("error-is-desired-minus-output")


def test_claims_detect_a_perceptron_with_a_changing_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    learn = perceptron.learn

    def damped(points, targets, rate, start=None, epochs=100, tie=1):  # type: ignore[no-untyped-def]
        first = [rate * 0] * (len(points[0]) + 1) if start is None else start
        return learn(points, targets, rate, [w + rate * rate for w in first], epochs, tie)

    monkeypatch.setattr(perceptron_claims, "learn", damped)
    assert different("rate-only-scales-from-zero")
    assert different("every-update-is-rate-times-the-same")
