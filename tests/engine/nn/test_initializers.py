"""Schemes of first weights are compared with their formulas, written independently."""

import mpmath
import numpy as np
import pytest

from engine.errors import UsageError
from engine.nn.initializers import (
    SCHEMES,
    Constant,
    Explicit,
    Initializer,
    Normal,
    Ones,
    Orthogonal,
    Perturbed,
    Symmetric,
    TorchLinear,
    TruncatedNormal,
    Uniform,
    Zeros,
    initialize_parameters,
)
from engine.types import Array

SIZES = (3, 5, 4, 2)


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def drawn(scheme: Initializer | str, sizes: tuple[int, ...] = SIZES) -> dict[str, Array]:
    return initialize_parameters(sizes, scheme, rng())


def shapes(sizes: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(zip(sizes[1:], sizes, strict=False))


def test_schemes_of_the_file_format_are_registered() -> None:
    assert set(SCHEMES) == {
        "zeros", "ones", "constant", "normal", "uniform", "uniform-fan-in", "lecun-normal",
        "xavier-fan-in", "glorot-normal", "glorot-uniform", "he-normal", "he-uniform",
        "orthogonal", "explicit", "symmetric", "perturbed", "truncated-normal", "lecun-uniform",
        "torch-linear", "keras-dense",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(SCHEMES) - {"explicit"}))
def test_scheme_returns_new_arrays_in_order(name: str) -> None:
    first, second = drawn(name), drawn(name)
    assert list(first) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    for layer, (n_out, n_in) in enumerate(shapes(SIZES), start=1):
        assert first[f"W{layer}"].shape == (n_out, n_in)
        assert first[f"b{layer}"].shape == (n_out, 1)
        assert first[f"b{layer}"].any() == (name == "torch-linear")
    for key in first:
        assert first[key].dtype == np.float64
        assert first[key].flags.owndata
        assert first[key].flags.writeable
        np.testing.assert_array_equal(first[key], second[key])
    other = initialize_parameters(SIZES, name, rng(8))
    is_same = all(np.array_equal(first[key], other[key]) for key in first)
    assert is_same == (not SCHEMES[name].random)


def test_fixed_schemes_have_their_values() -> None:
    for scheme, value in ((Zeros(), 0.0), (Ones(), 1.0), (Constant(value=0.3), 0.3)):
        parameters = drawn(scheme)
        assert all((parameters[f"W{layer}"] == value).all() for layer in (1, 2, 3))


@pytest.mark.parametrize(
    ("scheme", "deviation"),
    [
        (Normal(scale=0.01), lambda n_in, n_out: 0.01),
        (SCHEMES["lecun-normal"](), lambda n_in, n_out: n_in**-0.5),
        (SCHEMES["xavier-fan-in"](), lambda n_in, n_out: n_in**-0.5),
        (SCHEMES["glorot-normal"](), lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5),
        (SCHEMES["he-normal"](), lambda n_in, n_out: (2 / n_in) ** 0.5),
    ],
)
def test_normal_schemes_draw_layer_by_layer(scheme: Initializer, deviation) -> None:  # type: ignore[no-untyped-def]
    source, parameters = rng(), drawn(scheme)
    for layer, (n_out, n_in) in enumerate(shapes(SIZES), start=1):
        expected = [
            [source.standard_normal() * deviation(n_in, n_out) for _ in range(n_in)]
            for _ in range(n_out)
        ]
        np.testing.assert_allclose(parameters[f"W{layer}"], expected, rtol=1e-15)


@pytest.mark.parametrize(
    ("scheme", "limit"),
    [
        (Uniform(limit=0.5), lambda n_in, n_out: 0.5),
        (SCHEMES["uniform-fan-in"](), lambda n_in, n_out: n_in**-0.5),
        (SCHEMES["torch-linear"](), lambda n_in, n_out: n_in**-0.5),
        (SCHEMES["lecun-uniform"](), lambda n_in, n_out: (3 / n_in) ** 0.5),
        (SCHEMES["keras-dense"](), lambda n_in, n_out: (6 / (n_in + n_out)) ** 0.5),
        (SCHEMES["glorot-uniform"](), lambda n_in, n_out: (6 / (n_in + n_out)) ** 0.5),
        (SCHEMES["he-uniform"](), lambda n_in, n_out: (6 / n_in) ** 0.5),
    ],
)
def test_uniform_schemes_draw_layer_by_layer(scheme: Initializer, limit) -> None:  # type: ignore[no-untyped-def]
    source, parameters = rng(), drawn(scheme)
    for layer, (n_out, n_in) in enumerate(shapes(SIZES), start=1):
        expected = (2.0 * source.random((n_out, n_in)) - 1.0) * limit(n_in, n_out)
        np.testing.assert_allclose(parameters[f"W{layer}"], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("uniform-fan-in", 1 / (3 * 300)),
        ("torch-linear", 1 / (3 * 300)),
        ("lecun-uniform", 1 / 300),
        ("keras-dense", 2 / 500),
        ("truncated-normal", 0.7737413035 * 0.05**2),
        ("lecun-normal", 1 / 300),
        ("xavier-fan-in", 1 / 300),
        ("glorot-normal", 2 / 500),
        ("glorot-uniform", 2 / 500),
        ("he-normal", 2 / 300),
        ("he-uniform", 2 / 300),
        ("orthogonal", 1 / 300),  # 200 orthonormal rows of 300
    ],
)
def test_variance_agrees_with_the_formula(name: str, variance: float) -> None:
    W1 = drawn(name, (300, 200))["W1"]
    # The variance of 60,000 draws scatters by √(2 / 60,000) = 0.6 % of itself.
    assert W1.var() == pytest.approx(variance, rel=0.03)
    assert abs(W1.mean()) < 4 * (variance / W1.size) ** 0.5


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5)])
def test_orthogonal_weights_are_orthonormal(shape: tuple[int, int]) -> None:
    n_out, n_in = shape
    W = drawn(Orthogonal(gain=2.0), (n_in, n_out))["W1"] / 2.0
    gram = W.T @ W if n_out >= n_in else W @ W.T
    np.testing.assert_allclose(gram, np.eye(min(shape)), atol=1e-14)


@pytest.mark.parametrize("seed", range(5))
def test_symmetric_units_are_equal_in_every_layer(seed: int) -> None:
    parameters = initialize_parameters((3, 4, 5, 1), Symmetric(seed=seed, scale=2.0))
    assert (parameters["W1"] == parameters["W1"][0]).all()
    assert len(set(parameters["W1"][0].tolist())) == 3
    for name in ("W2", "W3"):
        assert len(set(parameters[name].ravel().tolist())) == 1
    source = rng(seed)
    expected = source.standard_normal(3) * 2.0
    assert parameters["W1"][0].tolist() == expected.tolist()
    assert parameters["W2"][0, 0] == source.standard_normal() * 2.0


def test_perturbed_adds_noise_drawn_after_the_base() -> None:
    scheme = Perturbed(base=Normal(scale=1.0), epsilon=1e-3)
    source, parameters = rng(), drawn(scheme)
    base = [source.standard_normal(shape) for shape in shapes(SIZES)]
    for layer, weights in enumerate(base, start=1):
        expected = weights + 1e-3 * source.standard_normal(weights.shape)
        np.testing.assert_array_equal(parameters[f"W{layer}"], expected)
    plain = drawn(Perturbed(base=Constant(value=0.5), epsilon=0.0))
    assert (plain["W1"] == 0.5).all()


def test_bias_is_a_number_or_drawn_after_the_weights() -> None:
    assert (drawn(Normal(bias=0.25))["b2"] == 0.25).all()
    parameters = drawn(Normal(scale=1.0, bias=Uniform(limit=0.1)))
    source = rng()
    for layer, shape in enumerate(shapes(SIZES), start=1):
        np.testing.assert_array_equal(parameters[f"W{layer}"], source.standard_normal(shape))
    biases = [parameters[f"b{layer}"] for layer in (1, 2, 3)]
    assert all(0.0 < abs(value) <= 0.1 for bias in biases for value in bias.ravel().tolist())
    np.testing.assert_array_equal(parameters["W1"], drawn(Normal(scale=1.0))["W1"])


def test_explicit_returns_the_given_numbers() -> None:
    scheme = Explicit(W=(((1.0, 2.0), (3.0, 4.0)), ((5.0, 6.0),)), b=((7.0, 8.0),))
    parameters = initialize_parameters((2, 2, 1), scheme)
    assert parameters["W1"].tolist() == [[1, 2], [3, 4]]
    assert parameters["b1"].tolist() == [[7], [8]]
    assert parameters["W2"].tolist() == [[5, 6]]
    assert parameters["b2"].tolist() == [[0]]


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        (Explicit(), "W1 to W2"),
        (Explicit(W=(((1.0, 2.0),), ((5.0, 6.0),))), "W1: give 2 rows of 2 numbers"),
        (Explicit(W=(((1.0, 2.0), (3.0, 4.0)), ((5.0,),))), "W2: give 1 rows of 2 numbers"),
        (Explicit(W=(((1.0, 2.0), (3.0, 4.0)), ((5.0, 6.0),)), b=((1.0,),)), "b1: give 2 numbers"),
    ],
)
def test_explicit_numbers_must_fit_the_layers(scheme: Initializer, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        initialize_parameters((2, 2, 1), scheme)


def test_unknown_and_invalid_schemes_are_refused() -> None:
    with pytest.raises(UsageError, match='did you mean "he-normal"'):
        initialize_parameters((2, 1), "he-nrmal")
    with pytest.raises(UsageError, match=r"^scale: "):
        Normal(scale=-1.0)
    with pytest.raises(UsageError, match=r"^base\.seed: "):
        Perturbed(base=Normal(seed=3))
    with pytest.raises(UsageError, match=r"^bias: "):
        Normal(bias=Explicit())


def test_seed_is_used_without_a_generator() -> None:
    first = initialize_parameters((2, 2, 1), Normal(seed=5))
    np.testing.assert_array_equal(first["W1"], rng(5).standard_normal((2, 2)) * 0.01)


def test_biases_of_torch_linear_are_drawn_after_the_weights() -> None:
    parameters, source = drawn("torch-linear"), rng()
    for n_out, n_in in shapes(SIZES):
        source.random((n_out, n_in))
    for layer, (n_out, n_in) in enumerate(shapes(SIZES), start=1):
        # As the first column of a matrix of this layer.
        expected = (2.0 * source.random((n_out, n_in)) - 1.0)[:, :1] * n_in**-0.5
        np.testing.assert_allclose(parameters[f"b{layer}"], expected, rtol=1e-12)
    assert not drawn(TorchLinear(bias=0.0))["b1"].any()


@pytest.mark.parametrize(
    ("scheme", "low", "high"),
    [
        (Uniform(low=1.0, high=4.0), 1.0, 4.0),
        (Uniform(low=-3.0), -3.0, 0.5),
        (Uniform(high=2.0, limit=1.0), -1.0, 2.0),
        (Uniform(), -0.5, 0.5),
    ],
)
def test_uniform_has_its_ends(scheme: Uniform, low: float, high: float) -> None:
    W1 = drawn(scheme, (300, 200))["W1"]
    np.testing.assert_array_equal(W1, rng().uniform(low, high, (200, 300)))
    known = scheme.distribution(1, 1)
    assert known.mean == pytest.approx(0.5 * (low + high))
    assert known.variance == pytest.approx((high - low) ** 2 / 12)
    below, above = known.density(np.array([low - 1e-6, high + 1e-6]))
    assert below == above == 0.0
    assert known.density(np.array([low, high])) == pytest.approx(1.0 / (high - low))


def test_limit_of_a_uniform_scheme_is_dropped_where_both_ends_are_given() -> None:
    assert Uniform(limit=2.0, low=0.0, high=1.0) == Uniform(low=0.0, high=1.0)
    assert Uniform(low=0.0, high=1.0).replace(high=None).limit == 0.5
    with pytest.raises(UsageError, match=r"low: 0\.7 is above high, which is 0\.5"):
        Uniform(low=0.7)


def test_truncated_normal_agrees_with_mpmath() -> None:
    with mpmath.workdps(30):
        share = mpmath.erf(mpmath.sqrt(2))
        second = mpmath.quad(lambda t: t**2 * mpmath.npdf(t), [-2, 2]) / share
        fourth = mpmath.quad(lambda t: t**4 * mpmath.npdf(t), [-2, 2]) / share
    known = TruncatedNormal(scale=3.0).distribution(1, 1)
    assert known.variance == pytest.approx(float(9 * second), rel=1e-14)
    assert known.kurtosis == pytest.approx(float(fourth / second**2), rel=1e-13)
    W1 = drawn(TruncatedNormal(scale=3.0), (300, 200))["W1"]
    assert 5.99 < np.abs(W1).max() <= 6.0
    source = rng().standard_normal((200, 300))
    inside = np.abs(source) <= 2.0
    np.testing.assert_array_equal(W1[inside], 3.0 * source[inside])
    # The others are drawn in order, again and again.
    assert len(np.unique(W1)) == W1.size
