"""A central difference beside a gradient: a second opinion, and how far it can be trusted."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from engine.experiment.experiment import NetworkSpec
from engine.experiment.quantity import Quantity
from engine.explain.chain import held
from engine.nn.datasets import Data
from engine.training.recording import Frame
from engine.types import Array

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
    KINK = "cannot tell: a unit crosses a corner of its activation within the step"
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
    nearby = _Nearby(spec, data, frame, quantity)
    weight = nearby.parameter
    best: Difference | None = None
    with np.errstate(all="ignore"):
        rounding = _rounding(frame, quantity)
        for share in STEPS:
            h = share * EPSILON ** (1.0 / 3.0) * max(1.0, abs(weight))
            places = weight + h * np.array([0.0, 1.0, -1.0, 2.0, -2.0])
            tried = _judged(held(frame, quantity), rounding, places, nearby.seen(places))
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


@final
class _Nearby:
    """The network of a frame with one parameter a little off.

    Of what is below it nothing changes, and in its layer only the unit that it belongs to.
    """

    def __init__(self, spec: NetworkSpec, data: Data, frame: Frame, quantity: Quantity) -> None:
        self._units, self._head = spec.hidden_activations, spec.head
        self._Y, self._frame = data.Y, frame
        self._layer, self._unit = quantity.layer, quantity.row
        self._column = quantity.column if quantity.array == "dW" else None

    @property
    def parameter(self) -> float:
        """The value of the parameter in the frame."""
        weights, biases = self._frame.W[self._layer], self._frame.b[self._layer]
        if self._column is None:
            return float(biases[self._unit, 0])
        return float(weights[self._unit, self._column])

    def seen(self, places: Array) -> _Seen:
        """Look at the loss where the parameter has each of these values, the frame's own first."""
        losses, active, logits = [], [], []
        for z, signs in map(self._pass, places):
            losses.append(float(self._head.mean_loss(z[..., None], self._Y[..., None])[0]))
            active.append(signs)
            logits.append(z)
        switches = any(
            (now != first).any()
            for each in active[1:]
            for now, first in zip(each, active[0], strict=True)
        )
        moved = float(np.abs(logits[1] - logits[2]).sum(axis=0).mean())
        return _Seen(np.array(losses), moved, switches)

    def _pass(self, place: float) -> tuple[Array, list[NDArray[np.intp]]]:
        """Return the logits (n_L, m), and of which relu units that may differ z is above 0."""
        frame, unit = self._frame, self._unit
        signs: list[NDArray[np.intp]] = []
        weights = frame.W[self._layer][unit].copy()
        bias = frame.b[self._layer][unit, 0]
        if self._column is None:
            bias = place
        else:
            weights[self._column] = place
        row = weights @ frame.A[self._layer - 1] + bias
        if self._layer > len(self._units):
            z = frame.Z[self._layer].copy()
            z[unit] = row
            return z, signs
        self._note(self._layer, row, signs)
        change = self._units[self._layer - 1](row) - frame.A[self._layer][unit]
        layer = self._layer + 1
        z = frame.Z[layer] + frame.W[layer][:, unit, None] * change
        for layer in range(self._layer + 2, len(self._units) + 2):
            self._note(layer - 1, z, signs)
            z = frame.W[layer] @ self._units[layer - 2](z) + frame.b[layer]
        return z, signs

    def _note(self, layer: int, z: Array, signs: list[NDArray[np.intp]]) -> None:
        corners = self._units[layer - 1].corners
        if corners:
            signs.append(np.searchsorted(corners, z))


def _rounding(frame: Frame, quantity: Quantity) -> float:
    """Return by how much rounding may move the loss: what it adds itself, and what each z brings.

    Where weights cancel in z, their size counts and not what is left. What is below the parameter
    is the same on both sides of it.
    """
    brought = 0.0
    for layer in range(quantity.layer, len(frame.W)):
        rows = slice(None) if layer > quantity.layer else slice(quantity.row, quantity.row + 1)
        size = np.abs(frame.W[layer][rows]) @ np.abs(frame.A[layer - 1])
        size += np.abs(frame.b[layer][rows])
        brought += float((np.abs(frame.dZ[layer][rows]) * size).sum(axis=0).mean())
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
