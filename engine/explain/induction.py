"""Why equal units stay equal: the links of the proof by induction, measured in a frame."""

from dataclasses import dataclass, fields
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.training.recording import Frame


@final
@dataclass(frozen=True)
class Links:
    """The greatest difference between two units of one hidden layer, in all that one unit has.

    Each is exactly 0 if and only if the units of every hidden layer are equal in it.

    Attributes
    ----------
    incoming, bias, outgoing : float
        Of the row of W[l], of b[l], and of the column of W[l+1]: what the proof supposes.
    activation, error, gradient : float
        Of the rows of A[l], dZ[l] and dW[l], over the examples or the inputs: what follows.
    """

    incoming: float
    bias: float
    outgoing: float
    activation: float
    error: float
    gradient: float

    @property
    def factors(self) -> tuple[str, ...]:
        """Which of the three that the proof supposes differ."""
        return tuple(each.name for each in fields(self)[:3] if getattr(self, each.name) != 0.0)


def links(frame: Frame) -> Links:
    """Return the links of a frame; all are 0 where no hidden layer has two units."""
    hidden = range(1, len(frame.W) - 1)

    def greatest(rows: list[NDArray[np.float64]]) -> float:
        with np.errstate(invalid="ignore"):  # inf − inf, in the last frame before divergence
            spreads = [float(np.ptp(each, axis=0).max()) for each in rows]
        return max(spreads, default=0.0)

    return Links(
        greatest([frame.W[layer] for layer in hidden]),
        greatest([frame.b[layer] for layer in hidden]),
        greatest([frame.W[layer + 1].T for layer in hidden]),
        greatest([frame.A[layer] for layer in hidden]),
        greatest([frame.dZ[layer] for layer in hidden]),
        greatest([frame.dW[layer] for layer in hidden]),
    )


@final
@dataclass(frozen=True)
class Pair:
    """Two units of a hidden layer, counted from 0; the layer from 1."""

    layer: int
    first: int
    second: int


@final
@dataclass(frozen=True)
class Entry:
    """The numbers of two units in one place: an input, an output or an example, from 0."""

    place: int
    first: float
    second: float

    @property
    def difference(self) -> float:
        """How far they are apart; NaN where both are the same infinity."""
        with np.errstate(invalid="ignore"):
            return float(abs(np.subtract(self.first, self.second)))


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
        with np.errstate(invalid="ignore"):
            spread = np.ptp(own, axis=0)
        place = int(spread.argmax())
        if spread[place] > most:
            most = float(spread[place])
            low, high = sorted((int(own[:, place].argmin()), int(own[:, place].argmax())))
            best = Pair(layer, low, high)
    return best


def entries(frame: Frame, pair: Pair) -> dict[str, Entry]:
    """Return what two units have of each link, where they differ most; where equal, the first."""
    layer = pair.layer
    rows = {
        "incoming": frame.W[layer],
        "bias": frame.b[layer],
        "outgoing": frame.W[layer + 1].T,
        "activation": frame.A[layer],
        "error": frame.dZ[layer],
        "gradient": frame.dW[layer],
    }
    found = {}
    for name, each in rows.items():
        one, other = each[pair.first], each[pair.second]
        with np.errstate(invalid="ignore"):
            place = int(np.abs(one - other).argmax())
        found[name] = Entry(place, float(one[place]), float(other[place]))
    return found
