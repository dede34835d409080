"""Linear separability of two classes of points, by a linear program."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def is_separable(X: NDArray[np.float64], labels: Sequence[int]) -> bool:
    """Return whether a line, or a plane, separates the two classes strictly.

    A linear program searches for b and w with label · (b + w·x) ≥ 1 for every point. The result is
    verified without rounding, so True is proved; False depends on the solver's tolerance of 1e-7.

    Parameters
    ----------
    X : array (inputs, points)
    labels : sequence of int
        ±1 for each point; a single class is separable.
    """
    from scipy.optimize import linprog  # takes 0.2 s, and only some studies need it

    signs = np.array(labels, dtype=np.float64)
    signed = signs * np.vstack([np.ones(X.shape[1]), X])
    found = linprog(
        np.zeros(len(signed)), A_ub=-signed.T, b_ub=-np.ones(X.shape[1]), bounds=(None, None)
    )
    if found.x is None:
        return False
    weights = [Fraction(w) for w in found.x.tolist()]
    columns = ([Fraction(value) for value in column] for column in signed.T.tolist())
    return all(sum(w * x for w, x in zip(weights, c, strict=True)) > 0 for c in columns)
