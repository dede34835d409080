"""Whether a line parts two classes of points, by a linear programme."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def is_separable(X: NDArray[np.float64], labels: Sequence[int]) -> bool:
    """Tell whether some line has all points of either class strictly on its own side.

    A linear programme looks for b and w with label · (b + w·x) ≥ 1 for every point. What it finds
    is checked without rounding, so True is proved; False rests on the solver's tolerance of 1e-7.

    Parameters
    ----------
    X : array (2, points)
    labels : sequence of int
        ±1 for each point; with one class only, any distant line parts it from nothing.
    """
    from scipy.optimize import linprog  # 0.2 s that only some scenes need

    signs = np.array(labels, dtype=np.float64)
    signed = signs * np.vstack([np.ones(X.shape[1]), X])
    found = linprog(np.zeros(3), A_ub=-signed.T, b_ub=-np.ones(X.shape[1]), bounds=(None, None))
    if found.x is None:
        return False
    weights = [Fraction(w) for w in found.x.tolist()]
    columns = ([Fraction(value) for value in column] for column in signed.T.tolist())
    return all(sum(w * x for w, x in zip(weights, c, strict=True)) > 0 for c in columns)
