"""A central difference, compared with a gradient within its uncertainty."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.experiment import NetworkSpec, Quantity
from engine.explain.chain import frame_value
from engine.nn import Data
from engine.training import Frame

EPSILON = float(np.finfo(np.float64).eps)
STEPS = (1.0, 0.1, 0.01, 10.0)
"""The steps to try, in units of the cube root of the rounding error."""
ROUNDING = 8.0
"""The error of each intermediate number, in units in the last place."""
CLOSE = 1e-6
"""A difference with at most this relative uncertainty is used without trying other steps."""
CONCLUSIVE = 0.05
"""A difference with a greater relative uncertainty is inconclusive."""


class Verdict(Enum):
    """The result of the comparison, as the explanation words it."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    TOO_SMALL = "is inconclusive: the gradient is below the rounding of the loss"
    KINK = "is inconclusive: a unit crosses a corner of its activation within the step"
    NOT_FINITE = "is inconclusive: the loss is not finite here"


@final
@dataclass(frozen=True)
class Difference:
    """(J(w + h) − J(w − h)) / 2h.

    Attributes
    ----------
    step : float
        h, after rounding of the parameters.
    value : float
    uncertainty : float
        The estimated error from rounding and curvature.
    relative : float
        |value − gradient| over the larger of the two; 0 where both are 0.
    verdict : Verdict
    """

    step: float
    value: float
    uncertainty: float
    relative: float
    verdict: Verdict


@np.errstate(all="ignore")
def central_difference(
    spec: NetworkSpec, data: Data, frame: Frame, quantity: Quantity
) -> Difference:
    """Compare an entry of dW or db in a frame with the losses on both sides of its parameter.

    Several steps are tried. The first that is accurate enough is used, else the most accurate
    one; a step across a corner of an activation is used only if every step crosses one.
    """
    layer, row, column = quantity.layer, quantity.row, quantity.column
    weight = float(
        frame.b[layer][row, 0] if quantity.array == "db" else frame.W[layer][row, column]
    )
    rounding, best = _rounding(frame, quantity), None
    for share in STEPS:
        h = share * EPSILON ** (1.0 / 3.0) * max(1.0, abs(weight))
        values = weight + h * np.array([0.0, 1.0, -1.0, 2.0, -2.0])
        samples = _sample(spec, data, frame, quantity, values)
        tried = _judged(frame_value(frame, quantity), rounding, values, samples)
        if best is None or _rank(tried) < _rank(best):
            best = tried
        if tried.verdict is Verdict.AGREES and tried.uncertainty <= CLOSE * abs(tried.value):
            break
    assert best is not None
    return best


class _Samples(NamedTuple):
    """The losses at w, w + h, w − h, w + 2h and w − 2h."""

    losses: Array
    logit_change: float
    """The change of the logits between w + h and w − h: summed, mean over the examples."""
    crosses_corner: bool
    """Whether a unit crosses a corner of its activation."""


def _sample(
    spec: NetworkSpec, data: Data, frame: Frame, quantity: Quantity, values: Array
) -> _Samples:
    """Compute the loss for each of these values of a parameter, the frame's own first."""
    logits, pieces = zip(*(_pass(spec, frame, quantity, value) for value in values), strict=True)
    losses = [float(spec.head.mean_loss(z[..., None], data.Y[..., None])[0]) for z in logits]
    crosses = any(
        (now != first).any() for each in pieces for now, first in zip(each, pieces[0], strict=True)
    )
    change = float(np.abs(logits[1] - logits[2]).sum(axis=0).mean())
    return _Samples(np.array(losses), change, crosses)


def _pass(
    spec: NetworkSpec, frame: Frame, quantity: Quantity, value: float
) -> tuple[Array, list[NDArray[np.intp]]]:
    """Return the logits (n_L, m), and on which piece between corners each changed z is.

    The layers below the parameter are unchanged, and in its own layer only one unit changes.
    """
    own, unit, units = quantity.layer, quantity.row, spec.hidden_activations
    weights, bias = frame.W[own][unit].copy(), frame.b[own][unit, 0]
    if quantity.array == "db":
        bias = value
    else:
        weights[quantity.column] = value
    row = weights @ frame.A[own - 1] + bias
    if own > len(units):
        z = frame.Z[own].copy()
        z[unit] = row
        return z, []
    pieces = [np.searchsorted(units[own - 1].corners, row)]
    change = units[own - 1](row) - frame.A[own][unit]
    z = frame.Z[own + 1] + frame.W[own + 1][:, unit, None] * change
    for layer in range(own + 2, len(units) + 2):
        pieces.append(np.searchsorted(units[layer - 2].corners, z))
        z = frame.W[layer] @ units[layer - 2](z) + frame.b[layer]
    return z, pieces


def _rounding(frame: Frame, quantity: Quantity) -> float:
    """Return the rounding error of the loss: its own, and that of each z, propagated.

    Where weights cancel in z, the error is relative to their size and not to z. The layers below
    the parameter contribute nothing, as they are the same on both sides of it.
    """
    propagated = 0.0
    for layer in range(quantity.layer, len(frame.W)):
        rows = slice(None) if layer > quantity.layer else slice(quantity.row, quantity.row + 1)
        size = np.abs(frame.W[layer][rows]) @ np.abs(frame.A[layer - 1])
        size += np.abs(frame.b[layer][rows])
        propagated += float((np.abs(frame.dZ[layer][rows]) * size).sum(axis=0).mean())
    return ROUNDING * EPSILON * (abs(frame.loss) + propagated)


def _judged(gradient: float, rounding: float, values: Array, samples: _Samples) -> Difference:
    """Judge a gradient by the losses around its parameter, at w, w + h, w − h, w + 2h, w − 2h."""
    losses = samples.losses
    h = float(values[1] - values[2]) / 2.0
    near = float(losses[1] - losses[2]) / (2.0 * h)
    far = float(losses[3] - losses[4]) / float(values[3] - values[4])
    # The gradient inherits the rounding error of ŷ − y, which is large relative to a small ŷ − y.
    own = ROUNDING * EPSILON * samples.logit_change / (2.0 * h)
    uncertainty = rounding / h + abs(far - near) / 3.0 + own
    error, size = abs(near - gradient), max(abs(near), abs(gradient))
    if not np.isfinite([gradient, near, uncertainty]).all():
        verdict = Verdict.NOT_FINITE
    elif samples.crosses_corner:
        verdict = Verdict.KINK
    elif error > 2.0 * uncertainty:
        verdict = Verdict.DISAGREES
    elif size > 0.0 and uncertainty > CONCLUSIVE * size:
        verdict = Verdict.TOO_SMALL
    else:
        verdict = Verdict.AGREES
    return Difference(h, near, uncertainty, error / size if size else 0.0, verdict)


def _rank(each: Difference) -> tuple[int, float]:
    unusable = (Verdict.KINK, Verdict.NOT_FINITE)
    return int(each.verdict in unusable), each.uncertainty
