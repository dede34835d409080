"""Counting plateaus block by block gives the count over all losses."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.ensemble.plateaus import PlateauCount
from engine.training.events import PLATEAU_CHANGE, PLATEAU_FRAMES, PLATEAU_LOSS


def counted(losses: list[float], reach: int) -> int:
    """Count the looks that lie in a flat stretch of `reach` looks and one more."""
    on = set()
    for first in range(len(losses) - reach):
        stretch = losses[first : first + reach + 1]
        high = max(stretch)
        if min(stretch) >= PLATEAU_LOSS and high - min(stretch) < PLATEAU_CHANGE * high:
            on |= set(range(first, first + reach + 1))
    return len(on)


pieces = st.lists(st.tuples(st.sampled_from([0.05, 0.3, 0.30002, 0.7]), st.integers(1, 40)))


@given(pieces, pieces, st.lists(st.integers(1, 50)), st.sampled_from([1, 4, 5, 20, 33]))
def test_block_by_block_count_equals_count_of_all_losses(
    one: list[tuple[float, int]], other: list[tuple[float, int]], cuts: list[int], every: int
) -> None:
    first, second = ([loss for loss, n in each for _ in range(n)] for each in (one, other))
    length = min(len(first), len(second))
    losses = np.array([first[:length], second[:length]]).T.reshape(length, 2)
    count = PlateauCount(2, every)
    start = 0
    for cut in [*cuts, length]:
        count.add(losses[start : start + cut])
        start += cut
    reach = max(1, PLATEAU_FRAMES // every)
    expected = [counted(each[:length], reach) for each in (first, second)]
    assert count.total().tolist() == expected
