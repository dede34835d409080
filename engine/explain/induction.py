"""The links of the proof that equal units stay equal, measured in a frame."""

from dataclasses import dataclass, fields
from typing import final

import numpy as np

from engine import Array
from engine.training import Frame


@final
@dataclass(frozen=True)
class Links:
    """The greatest difference between two units of one hidden layer, for each link of the proof.

    Each is exactly 0 if and only if the units of every hidden layer are equal in it.

    Attributes
    ----------
    incoming, bias, outgoing : float
        The row of W[l], the entry of b[l], and the column of W[l+1]: the assumptions.
    activation, error, gradient : float
        The rows of A[l], dZ[l] and dW[l], over the examples or the inputs: the conclusions.
    """

    incoming: float
    bias: float
    outgoing: float
    activation: float
    error: float
    gradient: float

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of the assumptions that are violated."""
        return tuple(each.name for each in fields(self)[:3] if getattr(self, each.name) != 0.0)


def _units(frame: Frame, layer: int) -> dict[str, Array]:
    """Return the arrays of each link in a hidden layer, with a row for each unit."""
    return {
        "incoming": frame.W[layer],
        "bias": frame.b[layer],
        "outgoing": frame.W[layer + 1].T,
        "activation": frame.A[layer],
        "error": frame.dZ[layer],
        "gradient": frame.dW[layer],
    }


@np.errstate(invalid="ignore")  # inf − inf, in the last frame before divergence
def links(frame: Frame) -> Links:
    """Return the links of a frame; all are 0 where no hidden layer has two units."""
    layers = [_units(frame, layer) for layer in range(1, len(frame.W) - 1)]

    def greatest(name: str) -> float:
        return max((float(np.ptp(each[name], axis=0).max()) for each in layers), default=0.0)

    return Links(**{each.name: greatest(each.name) for each in fields(Links)})


@final
@dataclass(frozen=True)
class Pair:
    """Two units of a hidden layer, counted from 0; the layer is counted from 1."""

    layer: int
    first: int
    second: int


@final
@dataclass(frozen=True)
class Entry:
    """The numbers of two units at one place: an input, an output or an example, from 0."""

    place: int
    first: float
    second: float

    @property
    def difference(self) -> float:
        """The absolute difference; NaN where both are the same infinity."""
        return abs(self.first - self.second)


@np.errstate(invalid="ignore")
def widest_pair(frame: Frame) -> Pair | None:
    """Return the two units that differ most in a weight or bias; the first two if none differ.

    None where no hidden layer has two units.
    """
    best: Pair | None = None
    most = 0.0
    for layer in range(1, len(frame.W) - 1):
        own = np.hstack([frame.W[layer], frame.b[layer], frame.W[layer + 1].T])
        if len(own) < 2:
            continue
        best = best or Pair(layer, 0, 1)
        spread = np.ptp(own, axis=0)
        place = int(spread.argmax())
        if spread[place] > most:
            most = float(spread[place])
            low, high = sorted((int(own[:, place].argmin()), int(own[:, place].argmax())))
            best = Pair(layer, low, high)
    return best


@np.errstate(invalid="ignore")
def entries(frame: Frame, pair: Pair) -> dict[str, Entry]:
    """Return the entries of two units by link, where they differ most; the first if nowhere."""
    found = {}
    for name, units in _units(frame, pair.layer).items():
        first, second = units[pair.first], units[pair.second]
        place = int(np.abs(first - second).argmax())
        found[name] = Entry(place, float(first[place]), float(second[place]))
    return found
