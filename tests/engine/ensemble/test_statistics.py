"""Shares, intervals, quantiles and the rank test agree with those of SciPy."""

from collections import Counter
from fractions import Fraction
from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.ensemble.results import NOT_REACHED, TrainingResults
from engine.ensemble.statistics import quantiles, quantiles_of_solved, rank_test, wilson
from engine.ensemble.summary import Summary

steps = st.lists(st.one_of(st.just(NOT_REACHED), st.integers(0, 20)), min_size=2, max_size=60)


@given(st.integers(1, 5000), st.data())
def test_interval_is_that_of_wilson(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    expected = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    low, high = wilson(k, n)
    assert float(low) == pytest.approx(expected.low, abs=1e-12)
    assert float(high) == pytest.approx(expected.high, abs=1e-12)


def test_interval_without_trials_is_zero_to_one() -> None:
    assert [float(end) for end in wilson(0, 0)] == [0.0, 1.0]


def summary(solved: list[int], weight: int = 1) -> Summary:
    n = len(solved)
    none, numbers = np.full(n, NOT_REACHED, dtype=np.int32), np.zeros(n)
    results = TrainingResults(
        solved=np.array(solved, dtype=np.int32),
        diverged=none,
        loss=numbers,
        accuracy=numbers,
        plateau=none,
        distinct=none,
        saturated=numbers,
        losses=np.zeros((n, 0), dtype=np.float32),
        theta=np.zeros((0, 0, 1)),
    )
    bands = np.zeros((3, 0))
    return Summary(n * weight, results, weight, np.arange(0), bands, is_random=weight == 1)


@given(steps)
def test_solved_by_is_the_kaplan_meier_estimate(solved: list[int]) -> None:
    last = 20
    data = stats.CensoredData(
        uncensored=[step for step in solved if step != NOT_REACHED],
        right=[last + 1 for step in solved if step == NOT_REACHED],
    )
    expected = stats.ecdf(data).sf
    frames = np.arange(last + 1)
    left = 1.0 - summary(solved).solved_by(frames) / len(solved)
    np.testing.assert_allclose(left, expected.evaluate(frames), atol=1e-12)


@given(steps)
def test_solved_by_is_the_product_limit(solved: list[int]) -> None:
    """∏ (1 − solved in a frame / not solved before it), in exact fractions."""
    known = [step for step in solved if step != NOT_REACHED]
    left = Fraction(1)
    for frame in range(21):
        at_risk = len(solved) - sum(step < frame for step in known)
        left *= 1 - Fraction(known.count(frame), at_risk) if at_risk else 1
        assert summary(solved).solved_by(frame) == (1 - left) * len(solved)


def test_solved_by_gives_the_published_estimate() -> None:
    """Weeks of remission of the placebo group of Freireich et al., 1963, and their estimate."""
    weeks = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    published = {1: 0.9048, 3: 0.7619, 5: 0.5714, 8: 0.3810, 12: 0.1905, 17: 0.0952, 23: 0.0}
    for week, share in published.items():
        assert 1 - int(summary(weeks).solved_by(week)) / 21 == pytest.approx(share, abs=5e-5)


def test_one_result_represents_all_networks_without_random_numbers() -> None:
    one = summary([7], weight=1000)
    assert one.solved_by([6, 7]).tolist() == [0, 1000]
    assert one.solved == 1000
    assert np.isnan(one.interval).all()
    assert np.isnan(one.intervals_by([6, 7])).all()


@given(steps)
def test_median_of_all_networks_is_that_of_kaplan_and_meier(solved: list[int]) -> None:
    found = summary(solved)
    never = [step for step in solved if step == NOT_REACHED]
    data = stats.CensoredData(
        uncensored=[step for step in solved if step != NOT_REACHED], right=[21] * len(never)
    )
    survival = stats.ecdf(data).sf
    below = survival.quantiles[survival.probabilities <= 0.5 + 1e-9]
    median = below[0] if len(below) and below[0] <= 20 else np.inf
    assert found.steps_of_all[1] == median
    if found.solved:  # the solved networks are the fast ones
        assert found.steps[1] <= found.steps_of_all[1]


def test_interval_is_that_of_the_share_of_networks() -> None:
    half = summary([7, NOT_REACHED])
    expected = stats.binomtest(1, 2).proportion_ci(0.95, "wilson")
    assert half.interval == pytest.approx((expected.low, expected.high))


@given(steps)
def test_quantiles_are_steps_that_occurred(solved: list[int]) -> None:
    known = sorted(step for step in solved if step != NOT_REACHED)
    found = quantiles_of_solved(np.array(solved, dtype=np.int32))
    if not known:
        assert np.isnan(found).all()
        return
    for share, quantile in zip((0.1, 0.5, 0.9), found, strict=True):
        assert quantile in known
        assert sum(step <= quantile for step in known) >= share * len(known) - 1e-9
        assert sum(step < quantile for step in known) < share * len(known) + 1e-9


def test_quantiles_count_nan_as_infinite() -> None:
    losses = np.array([0.1, np.nan, 0.2, np.inf, 0.3])
    assert quantiles(losses).tolist() == [0.1, 0.3, np.inf]


@given(steps, steps)
def test_rank_test_equals_that_of_scipy_and_the_share_of_pairs(
    one: list[int], other: list[int]
) -> None:
    a, b = ([np.inf if step == NOT_REACHED else step for step in each] for each in (one, other))
    pairs = [(x < y) + 0.5 * (x == y) for x in a for y in b]
    found = rank_test(np.array(one, dtype=np.int32), np.array(other, dtype=np.int32))
    assert found.sooner == pytest.approx(np.mean(pairs))
    if len({*a, *b}) > 1:
        ranks = stats.rankdata(a + b)
        # By default SciPy computes small samples without ties exactly.
        expected = stats.mannwhitneyu(ranks[: len(a)], ranks[len(a) :], method="asymptotic")
        assert found.p == pytest.approx(expected.pvalue, rel=1e-9)


@given(steps, steps)
def test_rank_test_is_the_normal_approximation_for_ties(one: list[int], other: list[int]) -> None:
    """Its formula: Lehmann, Nonparametrics (1975), with continuity correction."""
    a, b = ([np.inf if step == NOT_REACHED else step for step in each] for each in (one, other))
    n, m, both = len(a), len(b), Counter(a + b)
    u = sum((x > y) + 0.5 * (x == y) for x in a for y in b)
    ties = sum(count**3 - count for count in both.values()) / ((n + m) * (n + m - 1))
    deviation = sqrt(n * m / 12 * (n + m + 1 - ties))
    found = rank_test(np.array(one, dtype=np.int32), np.array(other, dtype=np.int32))
    assert found.p is not None
    if len(both) == 1:
        assert found.p == 1.0
    else:
        z = (abs(u - n * m / 2) - 0.5) / deviation
        assert found.p == pytest.approx(min(1.0, erfc(z / sqrt(2))), rel=1e-9)


def test_single_network_has_no_p_value() -> None:
    assert (
        rank_test(np.array([NOT_REACHED], dtype=np.int32), np.array([3, 4], dtype=np.int32)).p
        is None
    )
