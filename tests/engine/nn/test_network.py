"""Passes are compared with differences, an independent network, and stacks of networks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.experiment.experiment import NetworkSpec
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.network import (
    NetworkStack,
    ParameterLayout,
    keeps_identical_units_identical,
    predict,
)
from engine.types import Array
from tests.engine.reference import KNOWN_ACTIVATIONS, KNOWN_LOSSES, Reference


@dataclass(frozen=True)
class Case:
    spec: NetworkSpec
    X: Array
    Y: Array
    theta: Array

    def run(self, theta: Array) -> NetworkStack:
        done = NetworkStack(self.spec, self.X, self.Y, theta.shape[1])
        done.load(theta)
        with np.errstate(over="ignore"):
            done.forward()
            done.backward()
        return done

    def losses(self, theta: Array) -> Array:
        done = self.run(theta)
        return done.losses(done.Z[-1])[: theta.shape[1]]

    @property
    def reference(self) -> Reference:
        spec = self.spec
        return Reference(spec.hidden_names, spec.output, spec.loss, spec.beta)

    def split(self, vector: Array) -> tuple[list[Array], list[Array]]:
        """Cut a vector (size,) into W[l] and b[l], in the order of `ParameterLayout`."""
        W, b, start = [], [], 0
        for n_in, n_out in zip(self.spec.layers, self.spec.layers[1:], strict=False):
            rows = vector[start : start + n_out * (n_in + 1)].reshape(n_out, n_in + 1)
            W.append(rows[:, :n_in])
            b.append(rows[:, n_in:])
            start += rows.size
        return W, b


@st.composite
def cases(draw: st.DrawFn, most_layers: int = 4) -> Case:
    layers = tuple(draw(st.lists(st.integers(1, 5), min_size=2, max_size=most_layers)))
    name = draw(st.sampled_from(KNOWN_LOSSES))
    spec = NetworkSpec(
        layers=layers,
        hidden=tuple(draw(st.sampled_from(KNOWN_ACTIVATIONS)) for _ in layers[1:-1]),
        output=draw(st.sampled_from(LOSSES[name].outputs)),
        loss=name,
        beta=draw(st.sampled_from([1.0, 0.5, 2.0])),
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    m = draw(st.integers(1, 9))
    X = rng.normal(size=(layers[0], m))
    Y = rng.integers(0, 2, (layers[-1], m)).astype(np.float64)
    return Case(spec, X, Y, rng.normal(size=ParameterLayout(layers).size))


@given(cases())
@settings(max_examples=300)
def test_gradients_agree_with_central_differences(case: Case) -> None:
    done = case.run(case.theta[:, None])
    hidden = zip(case.spec.hidden_names, done.Z[1:], strict=False)
    corners = [np.abs(z).min() for name, z in hidden if name == "relu"]
    assume(all(corner > 0.02 for corner in corners))  # no difference reaches across a corner
    h, size = 2e-4, case.theta.size
    shifts = np.concatenate([k * h * np.eye(size) for k in (-2, -1, 1, 2)], axis=1)
    losses = case.losses(case.theta[:, None] + shifts).reshape(4, size)
    differences = np.array([1.0, -8.0, 8.0, -1.0]) @ losses / (12.0 * h)
    gradient = done.gradient[:, 0]
    tolerance = 1e-6 * max(np.abs(gradient).max(), 1e-4)
    np.testing.assert_allclose(gradient, differences, rtol=0.0, atol=tolerance)


@given(cases(most_layers=6))
@settings(max_examples=300)
def test_passes_agree_with_an_independent_network(case: Case) -> None:
    done, (W, b) = case.run(case.theta[:, None]), case.split(case.theta)
    Z, A = case.reference.forward(W, b, case.X)
    dW, db = case.reference.gradients(W, b, case.X, case.Y)
    for layer in range(1, len(case.spec.layers)):
        close(done.Z[layer][..., 0], Z[layer - 1])
        close(done.A[layer][..., 0], A[layer])
        close(done.layout.weights(done.gradient, layer)[..., 0], dW[layer - 1])
        close(done.layout.biases(done.gradient, layer)[..., 0], db[layer - 1])
    empty = np.empty((0, 0))
    with np.errstate(over="ignore"):
        close(predict(case.spec, (empty, *W), (empty, *b), case.X), A[-1])
    expected = case.reference.mean_loss(W, b, case.X, case.Y)
    assert case.losses(case.theta[:, None])[0] == pytest.approx(expected, rel=1e-12, abs=1e-15)


def close(got: Array, expected: Array) -> None:
    """Compare to 1e-12 of the greatest entry."""
    np.testing.assert_allclose(got, expected, rtol=0.0, atol=1e-12 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("scale", [1.0, 1e4])
@pytest.mark.parametrize("m", [1, 2, 3, 4, 5, 16, 200])
@pytest.mark.parametrize("layers", [(2, 1), (1, 1, 1), (2, 2, 1), (2, 3, 5, 1), (4, 17, 9, 3)])
def test_network_has_the_same_bits_alone_and_in_any_stack(
    layers: tuple[int, ...], m: int, scale: float
) -> None:
    rng = np.random.default_rng(m)
    X, Y = rng.normal(size=(layers[0], m)), np.round(rng.random((layers[-1], m)))
    case = Case(NetworkSpec(layers=layers), X, Y, np.empty(0))
    theta = scale * rng.normal(size=(ParameterLayout(layers).size, 41))
    whole = case.run(theta)
    losses = whole.losses(whole.Z[-1])
    for start, stop in ((0, 1), (40, 41), (3, 5), (7, 10), (5, 38)):
        part = case.run(theta[:, start:stop])
        count = stop - start
        for here, there in zip(
            [part.gradient, *part.Z[1:], *part.A[1:], *part.dZ[1:]],
            [whole.gradient, *whole.Z[1:], *whole.A[1:], *whole.dZ[1:]],
            strict=True,
        ):
            np.testing.assert_array_equal(here[..., :count], there[..., start:stop])
        np.testing.assert_array_equal(part.losses(part.Z[-1])[:count], losses[start:stop])


def test_networks_of_a_stack_may_have_different_data() -> None:
    rng = np.random.default_rng(0)
    spec = NetworkSpec(layers=(2, 3, 1))
    X, Y = rng.normal(size=(2, 6, 4)), np.round(rng.random((1, 6, 4)))
    theta = rng.normal(size=(ParameterLayout(spec.layers).size, 4))
    whole = NetworkStack(spec, X, Y, 4)
    whole.load(theta)
    whole.forward()
    whole.backward()
    for i in range(4):
        alone = Case(spec, X[..., i], Y[..., i], theta[:, i]).run(theta[:, i : i + 1])
        np.testing.assert_array_equal(alone.gradient[:, 0], whole.gradient[:, i])
        assert alone.losses(alone.Z[-1])[0] == whole.losses(whole.Z[-1])[i]


@pytest.mark.parametrize("hidden", [name for name in ACTIVATIONS if name != "softplus"])
def test_gradient_of_an_all_zero_network_on_balanced_data_is_exactly_zero(hidden: str) -> None:
    """Softplus is left out: sums of its outputs at zero, ln 2, are rounded."""
    rng = np.random.default_rng(0)
    spec = NetworkSpec(layers=(2, 8, 1), hidden=hidden)
    for half in range(1, 33):
        X = rng.normal(size=(2, half))
        balanced = np.concatenate([X, X[:, ::-1]], axis=1)  # each point in either class
        Y = np.repeat([[0.0, 1.0]], half, axis=1)
        size = ParameterLayout(spec.layers).size
        done = Case(spec, balanced, Y, np.zeros(size)).run(np.zeros((size, 1)))
        assert not done.gradient.any()


def test_huge_weights_give_finite_losses_and_gradients() -> None:
    spec = NetworkSpec(layers=(2, 2, 1))
    X = np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])
    case = Case(spec, X, np.array([[0.0, 1.0, 1.0, 0.0]]), np.empty(0))
    theta = np.random.default_rng(0).choice([-1e4, 1e4], (9, 64))
    done = case.run(theta)
    losses = done.losses(done.Z[-1])
    assert np.isfinite(losses).all()
    assert losses.max() > 5e3
    assert np.isfinite(done.gradient).all()


def test_layout_names_every_parameter_once() -> None:
    layout = ParameterLayout((3, 4, 2))
    assert (layout.size, layout.depth) == (4 * 4 + 2 * 5, 2)
    vector = np.arange(26.0)
    views = layout.view(vector)
    assert list(views) == ["W1", "b1", "W2", "b2"]
    assert sorted(np.concatenate([view.ravel() for view in views.values()])) == vector.tolist()
    np.testing.assert_array_equal(layout.flatten(views), vector)
    for name, view in views.items():
        for index in np.ndindex(view.shape):
            assert layout.position(name, index) == view[index]
    assert layout.position("b2", (1,)) == views["b2"][1, 0]


def test_platform_sums_rows_equally() -> None:
    assert keeps_identical_units_identical()


def unequal(einsum: Callable[..., Array]) -> Callable[..., Array]:
    """An einsum that, like BLAS, does not sum every row in the same order: here the last one."""

    def replaced(subscripts: str, a: Array, b: Array, out: Array) -> Array:
        einsum(subscripts, a, b, out=out)
        summed = {"oin,imn->omn": (1, 0), "oin,omn->imn": (0, 0), "omn,imn->oin": (1, 1)}
        left, right = summed.get(subscripts, (0, 0))
        out[-1] = einsum(subscripts, np.flip(a, left), np.flip(b, right))[-1]
        return out

    return replaced


def test_platform_that_sums_rows_differently_is_detected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(np, "einsum", unequal(np.einsum))
        assert not keeps_identical_units_identical()
    assert keeps_identical_units_identical()
