"""A central difference beside a gradient: a second opinion, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from engine.datasets import Data
from engine.experiment import NetworkSpec
from engine.explaining.chain import held
from engine.explaining.quantity import Quantity
from engine.network import Layout, Pass
from engine.recording import Frame

Array = NDArray[np.float64]

EPSILON = float(np.finfo(np.float64).eps)
STEPS = (1.0, 0.1, 0.01, 10.0)
"""Steps that are tried, in units of the cube root of the rounding error."""
ROUNDING = 8.0
"""Units in the last place by which each number on the way to the loss may be off."""
CLOSE = 1e-6
"""A step known so well is taken at once."""
TELLING = 0.05
"""A difference that is uncertain by more than this share of the gradient tells nothing."""


class Verdict(Enum):
    """What a central difference says of a gradient."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    TOO_SMALL = "cannot tell: the gradient is below the rounding of the loss"
    KINK = "cannot tell: a relu unit is switched within the step"
    NOT_FINITE = "cannot tell: the loss is not finite here"


@final
@dataclass(frozen=True)
class Difference:
    """(J(w + h) − J(w − h)) / 2h.

    Attributes
    ----------
    step : float
        h, as the floating-point parameters have it.
    value : float
    uncertainty : float
        What rounding and the curvature may add, estimated.
    relative : float
        |value − gradient| over the larger of the two; 0 where both are 0.
    verdict : Verdict
    """

    step: float
    value: float
    uncertainty: float
    relative: float
    verdict: Verdict


def central_difference(
    spec: NetworkSpec, data: Data, frame: Frame, quantity: Quantity
) -> Difference:
    """Compare an entry of dW or db in a frame with the losses on both sides of its parameter.

    Of several steps the first is taken that is known well enough, or else the best known one;
    one within which a relu unit switches is taken only if all are so.
    """
    layout = Layout(spec.layers)
    layers = range(1, layout.depth + 1)
    theta = layout.flatten(
        {f"W{layer}": frame.W[layer] for layer in layers}
        | {f"b{layer}": frame.b[layer] for layer in layers}
    )
    parameter = ("W" if quantity.array == "dW" else "b") + str(quantity.layer)
    row = layout.position(parameter, (quantity.row, quantity.column))
    relu = [layer for layer, name in enumerate(spec.hidden_names, start=1) if name == "relu"]
    done = Pass(spec, data.X, data.Y, 1)
    best: Difference | None = None
    with np.errstate(all="ignore"):
        rounding = _rounding(frame)
        for share in STEPS:
            h = share * EPSILON ** (1.0 / 3.0) * max(1.0, abs(float(theta[row])))
            places = theta[row] + h * np.array([0.0, 1.0, -1.0, 2.0, -2.0])
            moved = np.repeat(theta[:, None], len(places), axis=1)
            moved[row] = places
            seen = _seen(done, moved, relu)
            tried = _judged(held(frame, quantity), rounding, places, seen)
            if best is None or _rank(tried) < _rank(best):
                best = tried
            if tried.verdict is Verdict.AGREES and tried.uncertainty <= CLOSE * abs(tried.value):
                break
    assert best is not None
    return best


class _Seen(NamedTuple):
    """The losses at w, w + h, w − h, w + 2h and w − 2h, and what happens between them."""

    losses: Array
    moved: float
    """By how much the logits differ between w + h and w − h: their sum, mean over examples."""
    switches: bool
    """Whether a relu unit switches."""


def _seen(done: Pass, thetas: Array, relu: Sequence[int]) -> _Seen:
    """Look at the loss by each column of parameters."""
    losses, active, logits = [], [], []
    for theta in thetas.T:
        done.load(theta[:, None])
        done.forward()
        losses.append(float(done.losses(done.Z[-1])[0]))
        active.append([done.Z[layer] > 0.0 for layer in relu])
        logits.append(done.Z[-1][..., 0].copy())
    switches = any(
        (now != first).any()
        for each in active[1:]
        for now, first in zip(each, active[0], strict=True)
    )
    moved = float(np.abs(logits[1] - logits[2]).sum(axis=0).mean())
    return _Seen(np.array(losses), moved, switches)


def _rounding(frame: Frame) -> float:
    """Return by how much rounding may move the loss: what it adds itself, and what each z brings.

    Where weights cancel in z, their size counts and not what is left.
    """
    brought = 0.0
    for layer in range(1, len(frame.W)):
        size = np.abs(frame.W[layer]) @ np.abs(frame.A[layer - 1]) + np.abs(frame.b[layer])
        brought += float((np.abs(frame.dZ[layer]) * size).sum(axis=0).mean())
    return ROUNDING * EPSILON * (abs(frame.loss) + brought)


def _judged(gradient: float, rounding: float, places: Array, seen: _Seen) -> Difference:
    """Judge a gradient by the losses around its parameter, at w, w + h, w − h, w + 2h, w − 2h."""
    losses = seen.losses
    h = float(places[1] - places[2]) / 2.0
    near = float(losses[1] - losses[2]) / (2.0 * h)
    far = float(losses[3] - losses[4]) / float(places[3] - places[4])
    # The gradient has the rounding of ŷ − y, which is not small where ŷ is almost y.
    own = ROUNDING * EPSILON * seen.moved / (2.0 * h)
    uncertainty = rounding / h + abs(far - near) / 3.0 + own
    apart, size = abs(near - gradient), max(abs(near), abs(gradient))
    if not np.isfinite([gradient, near, uncertainty]).all():
        verdict = Verdict.NOT_FINITE
    elif seen.switches:
        verdict = Verdict.KINK
    elif apart > 2.0 * uncertainty:
        verdict = Verdict.DISAGREES
    elif size > 0.0 and uncertainty > TELLING * size:
        verdict = Verdict.TOO_SMALL
    else:
        verdict = Verdict.AGREES
    return Difference(h, near, uncertainty, apart / size if size else 0.0, verdict)


def _rank(each: Difference) -> tuple[int, float]:
    unusable = (Verdict.KINK, Verdict.NOT_FINITE)
    return int(each.verdict in unusable), each.uncertainty
