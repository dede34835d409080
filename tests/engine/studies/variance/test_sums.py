"""Weighted sums have the mean and the variance that theory gives them."""

import numpy as np
import pytest

from engine.errors import UsageError
from engine.nn.initializers import Constant, LecunNormal, Normal, UniformFanIn
from engine.studies.variance.sums import Inputs, unit_variances, weighted_sums


@pytest.mark.parametrize("n", [1, 3, 100])
@pytest.mark.parametrize("mean", [0.0, 1.5])
def test_variance_is_n_times_weight_variance_times_mean_square(n: int, mean: float) -> None:
    z = weighted_sums(LecunNormal(), n, 40_000, Inputs(mean=mean, deviation=2.0))
    expected = 4.0 + mean**2
    assert z.var() == pytest.approx(expected, rel=0.06)
    assert z.mean() == pytest.approx(0.0, abs=5.0 * np.sqrt(expected / 40_000))


def test_equal_weights_add_correlations() -> None:
    z = weighted_sums(Constant(value=0.1), 10, 40_000, Inputs(correlation=0.5))
    assert z.var() == pytest.approx(0.01 * (10 + 0.5 * 90), rel=0.05)


def test_correlated_inputs_are_standardised_and_correlated() -> None:
    X = Inputs(correlation=0.9).draw(2, 50_000, np.random.Generator(np.random.PCG64(0)))
    np.testing.assert_allclose(np.cov(X), [[1.0, 0.9], [0.9, 1.0]], atol=0.03)


def test_same_seed_draws_the_same_sums() -> None:
    first = weighted_sums(Normal(), 5, 10, seed=3)
    assert np.array_equal(first, weighted_sums(Normal(), 5, 10, seed=3))
    assert not np.array_equal(first, weighted_sums(Normal(), 5, 10, seed=4))


def test_unit_variance_is_the_sum_of_squared_weights() -> None:
    assert unit_variances(Constant(value=0.5), 4, 3).tolist() == [1.0, 1.0, 1.0]
    few = unit_variances(UniformFanIn(), 2, 50_000)
    assert few.mean() == pytest.approx(1 / 3, rel=0.02)
    assert few.std() == pytest.approx(np.sqrt(4 / 90), rel=0.02)


@pytest.mark.parametrize(
    ("n", "samples", "message"),
    [(0, 10, "n: a sum needs"), (5, 1, "samples: a variance"), (10**5, 10**5, "use fewer")],
)
def test_invalid_sizes_are_rejected(n: int, samples: int, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        weighted_sums(Normal(), n, samples)
