"""The nudges of the symmetry-breaking study: their sizes and results, and what these show."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import final

import numpy as np

from engine import counted, superscript
from engine.editing.parameters import NUDGE_SIZES
from engine.studies.symmetry_breaking.growth import LinearSegment
from engine.studies.symmetry_breaking.response import Response

NEAR = 0.5
"""A size within this number of decades of the visible gap is none of the nudges."""


def nudge_sizes(visible: float) -> tuple[float | None, ...]:
    """Return the sizes of the nudges, largest first; None for one unit in the last place.

    None of them is close to the visible gap: rounding alone would decide whether it is visible at
    once, and the smallest step after it whether it ever is.
    """
    far = [size for size in NUDGE_SIZES if abs(log10(size) - log10(visible)) >= NEAR]
    return (*far, None)


@final
@dataclass(frozen=True)
class Nudge:
    """The result of one ε.

    Attributes
    ----------
    name : str
        Such as "10⁻³", or "1 ulp".
    change : float
        The change of the weight: 0 if the nudge was lost by rounding.
    broken : int or None
        The first frame after the nudge in which units differ.
    visible : int or None
        The first frame in which they visibly differ.
    growth : LinearSegment or None
        Of the gap between: frames are those of the training.
    """

    name: str
    change: float
    broken: int | None
    visible: int | None
    growth: LinearSegment | None


def visibility_texts(
    nudges: Sequence[Nudge], step: int, last: int, response: Response | None
) -> list[str]:
    """Return which nudges become visible, and the cost of a smaller one or why there is none.

    The cost is the difference of consecutive entries of the column "visible after".

    Parameters
    ----------
    nudges : sequence of Nudge
        Those by powers of ten, largest first.
    step, last : int
        The frames of the nudge and of the end of the training.
    response : Response, optional
        Of a small difference.
    """
    seen = [nudge for nudge in nudges if nudge.visible is not None]
    why = f": {response.end_text}" if response is not None and response.end_text else ""
    if not seen:
        return [f"No nudge becomes visible by frame {last:,}{why}."]
    smallest = seen[-1]
    if smallest is nudges[-1]:
        return [_cost_text(nudges) or f"Every nudge is visible by frame {last:,}."]
    frames = counted((smallest.visible or 0) - step, "frame")
    return [
        f"A nudge of {smallest.name} becomes visible after {frames}.",
        f"Smaller nudges stay invisible up to frame {last:,}{why}.",
    ]


def _cost_text(nudges: Sequence[Nudge]) -> str:
    """Return the cost of a factor of ten between nudges that all become visible."""
    frames = [nudge.visible for nudge in nudges if nudge.visible is not None]
    costs = np.diff(frames)
    if len(costs) < 2 or costs.min() <= 0:
        return ""
    low, high = int(costs.min()), int(costs.max())
    cost = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"Each factor of ten smaller takes {cost} more frames to become visible."


def epsilon_text(epsilon: float | None) -> str:
    """Return an ε as text.

    >>> epsilon_text(1e-12), epsilon_text(None)
    ('10⁻¹²', '1 ulp')
    """
    if epsilon is None:
        return "1 ulp"
    exponent = int(f"{epsilon:.0e}".split("e")[1])
    return f"10{superscript(exponent)}"
