"""The optima of logistic regression on two inputs, for cross-entropy and for the squared error."""

from dataclasses import dataclass
from typing import final

import numpy as np

from engine import Array

NEWTON_STEPS = 60
LARGEST = 1e4
"""If Newton's method exceeds this weight, a line separates the classes."""
FLAT = 1e-7
"""The least curvature of a minimum of the squared error, rather than a plateau at infinity."""


@final
@dataclass(frozen=True, eq=False)
class Optimum:
    """The minimum of a loss: its parameters (bias, w1, w2) and its value."""

    parameters: Array
    loss: float


def newton(X: Array, Y: Array) -> Optimum | None:
    """Return the optimum of cross-entropy by Newton's method; None if there is none.

    The loss is convex. Its minimum is at infinity if a line separates the classes or there is only
    one class, and it is not unique if all inputs are on a line.

    Parameters
    ----------
    X : array (2, m)
    Y : array (1, m) of 0 and 1
    """
    inputs = _with_ones(X)
    if on_a_line(X):
        return None

    def loss(theta: Array) -> float:
        z = theta @ inputs
        return float(np.mean(np.logaddexp(0.0, z) - Y[0] * z))

    theta = np.zeros(3)
    for _ in range(NEWTON_STEPS):
        p = _sigmoid(theta @ inputs)
        gradient = inputs @ (p - Y[0])
        curvature = (inputs * (p * (1.0 - p))) @ inputs.T
        try:
            step = np.linalg.solve(curvature, gradient)
        except np.linalg.LinAlgError:
            return None
        while loss(theta - step) > (1.0 + 1e-12) * loss(theta):  # too large a step
            step = step / 2.0
        theta = theta - step
        if not np.isfinite(theta).all() or np.abs(theta).max() > LARGEST:
            return None
        if np.abs(step).max() <= 1e-12 * max(1.0, float(np.abs(theta).max())):
            return Optimum(theta, loss(theta))
    return None


def least_squares(X: Array, Y: Array, start: Array) -> Optimum | None:
    """Return the minimum of the squared error (ŷ − y)² downhill from a start; None at infinity.

    The loss is not convex, so there may be other minima.

    Parameters
    ----------
    X : array (2, m)
    Y : array (1, m) of 0 and 1
    start : array (3,)
        Bias, w1, w2; the optimum of cross-entropy is a good one.
    """
    from scipy.optimize import minimize  # takes 0.2 s, for this study only

    inputs, y = _with_ones(X), Y[0]

    def loss(theta: Array) -> float:
        return float(np.mean((_sigmoid(theta @ inputs) - y) ** 2))

    def gradient(theta: Array) -> Array:
        p = _sigmoid(theta @ inputs)
        return np.asarray(inputs @ (2.0 * (p - y) * p * (1.0 - p)) / y.size)

    def curvature(theta: Array) -> Array:
        p = _sigmoid(theta @ inputs)
        slope = p * (1.0 - p)
        bend = 2.0 * slope * (slope + (p - y) * (1.0 - 2.0 * p)) / y.size
        return np.asarray((inputs * bend) @ inputs.T)

    found = minimize(
        loss, start, jac=gradient, hess=curvature, method="trust-exact", options={"gtol": 1e-8}
    )
    theta: Array = found.x
    if not found.success or np.linalg.eigvalsh(curvature(theta)).min() <= FLAT:
        return None
    theta = theta - np.linalg.solve(curvature(theta), gradient(theta))  # to the last digits
    return Optimum(theta, loss(theta))


def _sigmoid(z: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -700.0, 700.0))))


def _with_ones(X: Array) -> Array:
    return np.vstack([np.ones(X.shape[1]), X])


def on_a_line(X: Array) -> bool:
    """Tell whether all inputs (2, m) are on one line, so that the optimum is not unique."""
    return bool(np.linalg.matrix_rank(_with_ones(X)) < 3)
