"""Sizes through deep networks agree with matrix products, and overflow is reported."""

import numpy as np
import pytest

from engine.errors import UsageError
from engine.nn.initializers import HeNormal, LecunNormal, Normal, Orthogonal
from engine.studies.depth.signal_propagation import deep_pass, depth_profile


def test_depth_profile_equals_matrix_products() -> None:
    depth, width, examples = 6, 20, 8
    profile = depth_profile(LecunNormal(), "tanh", depth, width, examples, seed=4)
    rng = np.random.Generator(np.random.PCG64(4))
    W = [rng.standard_normal((width, width)) / np.sqrt(width) for _ in range(depth)]
    X, errors = rng.standard_normal((2, width, examples))
    A = [X]
    for layer, weights in enumerate(W, start=1):
        A.append(weights @ A[-1] if layer == depth else np.tanh(weights @ A[-1]))
    dZ = [2.0 * errors]
    for layer in range(depth - 1, 0, -1):
        dZ.insert(0, (W[layer].T @ dZ[0]) * (1.0 - A[layer] ** 2))
    np.testing.assert_allclose(profile.A, [np.sqrt(np.mean(a**2)) for a in A[1:]], rtol=1e-10)
    np.testing.assert_allclose(profile.dZ, [np.sqrt(np.mean(d**2)) for d in dZ], rtol=1e-10)
    assert profile.gradient_ratio == pytest.approx(profile.dZ[0] / profile.dZ[-1])
    assert profile.activation_ratio == pytest.approx(profile.A[-2] / profile.A[0])


def test_orthogonal_layers_preserve_sizes() -> None:
    profile = depth_profile(Orthogonal(), "linear", 50, 30)
    np.testing.assert_allclose(profile.Z, profile.Z[0], rtol=1e-12)
    assert profile.gradient_ratio == pytest.approx(1.0, rel=1e-12)


def test_he_weights_preserve_a_random_error_through_relu() -> None:
    """As He's rule promises; an error that contained the output would come back larger."""
    ratios = [
        depth_profile(HeNormal(), "relu", 30, 60, seed=seed).gradient_ratio for seed in range(20)
    ]
    assert np.exp(np.mean(np.log(ratios))) == pytest.approx(0.85, abs=0.25)


def test_errors_are_not_lost_beside_a_large_output() -> None:
    done = deep_pass(Normal(scale=1.0), "relu", 40, 100)
    assert np.abs(done.A[40]).max() > 1e30
    size = np.sqrt(np.mean(np.square(done.A[40])))
    assert np.std(done.dZ[40]) == pytest.approx(2.0 * size, rel=0.1)


def test_root_mean_square_does_not_underflow() -> None:
    profile = depth_profile(Normal(scale=1e-5), "linear", 50, 20)
    assert 0.0 < profile.A[-1] < 1e-160


def test_overflow_names_the_layer() -> None:
    with pytest.raises(UsageError, match=r"^Z of layer \d+ is too large for floats; use smaller"):
        deep_pass(Normal(scale=1e9), "relu", 60, 50)


def test_network_without_hidden_layers_has_no_activation_ratio() -> None:
    with pytest.raises(UsageError, match="layers"):
        depth_profile(HeNormal(), "relu", 64, 10)
