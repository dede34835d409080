"""Why equal units stay equal: the links of the proof by induction, measured in a frame."""

from dataclasses import dataclass, fields
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.recording import Frame


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
