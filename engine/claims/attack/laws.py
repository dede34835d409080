"""Laws of gradients, losses and units from any start, as margins of trained networks."""

import numpy as np

from engine.claims.attack.attack import Flags
from engine.claims.attack.networks import everywhere, is_bounded
from engine.claims.attack.trainings import Trained
from engine.training.diagnostics import count_distinct, parameters_of_units
from engine.types import Array

H = 1e-6
"""The step of difference quotients, small because softsign and ELU bend abruptly at z = 0."""


def residual_error(t: Trained) -> Array:
    """Return how far dZ of the last layer is from not being output − desired."""
    first = t.at(0)
    return np.asarray(1e-15 - np.abs(first.dZ[-1] - (first.A[-1] - t.Y)).max(axis=(0, 1)))


def has_cross_entropy(t: Trained) -> Flags:
    """Return where the loss is cross-entropy."""
    return everywhere(t, t.spec.loss == "cross-entropy")


def has_logit(t: Trained) -> Flags:
    """Return where the loss is the cross-entropy of a sigmoid."""
    return has_cross_entropy(t) & (t.spec.output == "sigmoid")


def is_smooth(t: Trained) -> Flags:
    """Return where no unit is near a corner of its activation, or large, at the start."""
    first, result = t.at(0), everywhere(t)
    for layer, unit in enumerate(t.spec.activations, start=1):
        Z = first.Z[layer]
        result = result & (np.abs(Z).max(axis=(0, 1)) < 20.0)
        for corner in () if unit is None else unit.corners:
            result = result & (np.abs(Z - corner).min(axis=(0, 1)) > 0.01)
    return result


def _direction(t: Trained) -> Array:
    """Return a direction (size, n) in the space of the parameters, of size 1."""
    direction = np.random.Generator(np.random.PCG64(0)).standard_normal(t.theta[0].shape)
    return np.asarray(direction / np.sqrt(np.square(direction).sum(axis=0)))


def _derivative_error(t: Trained, gradient: Array) -> Array:
    """Return how far a gradient (size, n) is from disagreeing with a difference quotient."""
    v = _direction(t)
    high, low = (t.one_pass(t.theta[0] + step * v) for step in (H, -H))
    numeric = (high.losses(high.Z[-1]) - low.losses(low.Z[-1])) / (2.0 * H)
    size = 1.0 + np.abs(gradient).max(axis=0) + t.losses[0]
    return np.asarray(1e-5 - np.abs(numeric - (gradient * v).sum(axis=0)) / size)


def gradient_error(t: Trained) -> Array:
    """Return how far the gradient is from disagreeing with a difference quotient of the loss."""
    return _derivative_error(t, t.at(0).gradient)


def update_error(t: Trained) -> Array:
    """Return the same for the first update, divided by minus the learning rate."""
    rates = np.array([each.training.learning_rate for each in t.experiments])
    return _derivative_error(t, (t.theta[0] - t.theta[1]) / rates)


def mean_error(t: Trained) -> Array:
    """Return how far the gradient is from changing when every example is given twice."""
    once, X, Y = t.at(0).gradient, np.tile(t.X, (1, 2, 1)), np.tile(t.Y, (1, 2, 1))
    twice = t.one_pass(t.theta[0], X, Y).gradient
    return np.asarray(1e-9 * (1.0 + np.abs(once).max(axis=0)) - np.abs(twice - once).max(axis=0))


def wrong_shapes(t: Trained) -> Array:
    """Return minus the number of layers whose W or Z has another shape than the layers give."""
    sizes, m, n = t.spec.layers, t.X.shape[1], t.losses.shape[1]
    wrong = 0
    for layer in range(1, len(sizes)):
        wrong += t.layout.weights(t.theta[0], layer).shape[:2] != (sizes[layer], sizes[layer - 1])
        wrong += t.at(0).Z[layer].shape != (sizes[layer], m, n)
    return np.full(n, -float(wrong))


def loss_of_wrong(t: Trained) -> Array:
    """Return how far the loss is from being less than the mean |z| of the wrong outputs.

    −ln p is at least |z| there. Negative also if it is not finite.
    """
    Z = t.at(0).Z[-1]
    least = (np.abs(Z) * ((Z > 0.0) != (t.Y > 0.5))).sum(axis=0).mean(axis=0)
    loss = t.losses[0]
    return np.where(np.isfinite(loss), loss - least * (1.0 - 1e-12), -1.0)


def is_calm(t: Trained) -> Flags:
    """Return where training does not end at a greater loss than it began."""
    return np.asarray(everywhere(t) & (t.losses[-1] <= t.losses[0]))


def _equal_pairs(t: Trained, theta: Array) -> Array:
    """Return how many units fewer than there are differ, with a minus sign."""
    missing = np.zeros(theta.shape[1])
    for layer in t.hidden:
        units = parameters_of_units(t.layout, theta, layer)
        missing -= len(units) - count_distinct(units)
    return missing if t.hidden else np.full(theta.shape[1], np.nan)


def equal_pairs_at_start(t: Trained) -> Array:
    """Return minus the number of hidden units that equal another one at the start."""
    return _equal_pairs(t, t.theta[0])


def equal_pairs(t: Trained) -> Array:
    """Return the same at the end."""
    return _equal_pairs(t, t.theta[-1])


def _weights_change(t: Trained, index: int = -1) -> Array:
    """Return the largest change of a weight until a stored frame, of all layers, (n,)."""
    changes = [
        np.abs(t.layout.weights(t.theta[index] - t.theta[0], layer)).max(axis=(0, 1))
        for layer in range(1, t.layout.depth + 1)
    ]
    return np.asarray(np.max(changes, axis=0))


def changes_weights(t: Trained) -> Array:
    """Return how far the largest change of a weight is above 1e-14."""
    return _weights_change(t) - 1e-14


def last_is_zero(t: Trained) -> Flags:
    """Return where all weights of the last layer are zero at the start."""
    return np.asarray((t.layout.weights(t.theta[0], t.layout.depth) == 0.0).all(axis=(0, 1)))


def cancels(t: Trained) -> Flags:
    """Return where the gradients of all weights are zero in the first two frames."""
    sizes = [
        np.abs(t.layout.weights(t.at(index).gradient, layer)).max(axis=(0, 1))
        for index in (0, 1)
        for layer in range(1, t.layout.depth + 1)
    ]
    return np.asarray(np.max(sizes, axis=0) < 1e-12)


def sends_errors_back(t: Trained) -> Flags:
    """Return where the output has an error, and every hidden layer has an active unit."""
    active = [np.asarray((t.at(0).A[layer] != 0.0).any(axis=(0, 1))) for layer in t.hidden]
    steep = np.abs(t.at(0).dZ[-1]).max(axis=(0, 1)) > 1e-9
    return np.asarray(everywhere(t) & steep & np.all(active, axis=0))


def has_gradient(t: Trained) -> Flags:
    """Return where the gradients of the weights are not all zero in the first two frames."""
    return everywhere(t) & ~cancels(t)


def learns_without_last(t: Trained) -> Flags:
    """Return where all weights of the last layer are zero, and the first steps change weights.

    Later changes may have grown from rounding errors.
    """
    return sends_errors_back(t) & last_is_zero(t) & (_weights_change(t, 3) > 1e-6)


def error_of_doubled_weights(t: Trained) -> Array:
    """Return how far dZ1 is from not doubling when W2 is doubled and dZ2 stays the same.

    dZ2 is computed for the given weights in both cases, so only the way back differs.
    """
    if not t.hidden:
        return np.full(t.losses.shape[1], np.nan)
    first = t.at(0)
    slope = np.empty_like(first.Z[1])
    t.spec.hidden_activations[0].slope(first.Z[1], first.A[1], slope)
    W2 = t.layout.weights(t.theta[0], 2)
    twice = np.einsum("oin,omn->imn", 2.0 * W2, first.dZ[2]) * slope
    error = np.abs(twice - 2.0 * first.dZ[1]).max(axis=(0, 1))
    return np.asarray(1e-12 * (1.0 + np.abs(twice).max(axis=(0, 1))) - error)


def is_awake(t: Trained) -> Flags:
    """Return where every unit of the first hidden layer has a gradient, and their rows differ."""
    if not t.hidden or t.spec.layers[1] < 2:
        return everywhere(t, False)
    rows = np.abs(t.layout.rows(t.at(0).gradient, 1)).max(axis=1)
    moving = rows.min(axis=0) > 1e-12
    different = np.ptp(t.layout.weights(t.theta[0], 1), axis=0).max(axis=0) > 1e-12
    return np.asarray(everywhere(t) & moving & different)


def equal_gradients(t: Trained) -> Array:
    """Return −1 where two rows of [dW1 db1] are equal, else their least relative difference."""
    rows = t.layout.rows(t.at(0).gradient, 1)
    pairs = np.abs(rows[:, None] - rows[None]).max(axis=2)
    pairs[np.diag_indices(len(rows))] = np.inf
    least = pairs.min(axis=(0, 1))
    return np.where(least > 0.0, least, -1.0)


def saturated_share(t: Trained) -> Array:
    """Return the share of saturated activations of the first hidden layer, minus 1/4."""
    saturated = t.spec.hidden_activations[0].saturated(t.at(0).A[1])
    return np.asarray(saturated.mean(axis=(0, 1)) - 0.25)


def is_large_and_bounded(t: Trained) -> Flags:
    """Return where all activations are bounded, and the sums of every first unit are large.

    Their root mean square is above 30 and six times the sum at which the activation saturates.
    """
    if not is_bounded(t):
        return everywhere(t, False)
    sizes = np.sqrt(np.square(t.at(0).Z[1]).mean(axis=1))
    z = np.geomspace(1.0, 1000.0, 1000)
    unit = t.spec.hidden_activations[0]
    large = max(30.0, 6.0 * float(z[unit.saturated(unit(z))].min(initial=np.inf)))
    return np.asarray(everywhere(t) & (sizes.min(axis=0) > large))
