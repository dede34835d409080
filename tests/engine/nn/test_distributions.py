"""The distributions of schemes are compared with the weights that they draw."""

import numpy as np
import pytest

from engine.nn.distributions import Distribution, SampleDistribution
from engine.nn.initializers import SCHEMES, LayerInitializer, Symmetric

FANS = (12, 30)
LAYERS = [
    scheme()
    for scheme in SCHEMES.values()
    if issubclass(scheme, LayerInitializer)
    and scheme is not Symmetric  # whose weights are copies of few numbers
    and scheme().distribution(*FANS) is not None
]
NETWORKS = 400


def drawn(scheme: LayerInitializer) -> np.ndarray:
    rng = np.random.Generator(np.random.PCG64(7))
    return np.stack([scheme.weights(FANS, 1, rng) for _ in range(NETWORKS)])


@pytest.mark.parametrize("scheme", LAYERS, ids=lambda scheme: str(scheme.scheme))
def test_moments_agree_with_the_drawn_weights(scheme: LayerInitializer) -> None:
    promised, w = scheme.estimated_distribution(*FANS), drawn(scheme)
    error = promised.deviation / np.sqrt(w.size)
    assert w.mean() == pytest.approx(promised.mean, abs=4.0 * error)
    spread = np.sqrt(max(promised.kurtosis - 1.0, 0.0) / w.size)
    assert w.var() == pytest.approx(promised.variance, rel=4.0 * spread + 1e-12)
    if promised.variance:
        fourth = np.mean((w - w.mean()) ** 4) / w.var() ** 2
        assert fourth == pytest.approx(promised.kurtosis, rel=0.02)


@pytest.mark.parametrize("scheme", LAYERS, ids=lambda scheme: str(scheme.scheme))
def test_density_agrees_with_the_drawn_weights(scheme: LayerInitializer) -> None:
    promised, w = scheme.estimated_distribution(*FANS), drawn(scheme)
    if not promised.variance:
        assert np.isnan(promised.density(np.zeros(3))).all()
        return
    reach = 5.0 * promised.deviation
    edges = np.linspace(-reach, reach, 41)
    counted = np.histogram(w, edges)[0] / w.size
    expected = _shares(promised, edges)
    assert expected.sum() == pytest.approx(1.0, abs=1e-3)
    assert np.abs(counted - expected).max() < 5.0 * np.sqrt(expected.max() / w.size)


def _shares(promised: Distribution, edges: np.ndarray) -> np.ndarray:
    """The share of weights between two edges, by the midpoints of many thin slices."""
    slices = 400
    width = (edges[1] - edges[0]) / slices
    middles = edges[:-1, None] + width * (np.arange(slices) + 0.5)
    shares: np.ndarray = (
        promised.density(middles.ravel()).reshape(middles.shape).sum(axis=1) * width
    )
    return shares


def test_sample_distribution_has_the_moments_of_its_sample() -> None:
    sample = np.random.Generator(np.random.PCG64(0)).standard_normal(50_000)
    found = SampleDistribution(sample)
    assert (found.mean, found.variance) == (sample.mean(), sample.var())
    assert found.kurtosis == pytest.approx(3.0, rel=0.05)
    assert np.isnan(found.density(np.zeros(2))).all()
    assert SampleDistribution(np.ones(3)).kurtosis == 1.0
