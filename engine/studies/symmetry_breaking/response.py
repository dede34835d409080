"""The response of equal units to a small nudge: whether their difference grows, and until when."""

from dataclasses import dataclass
from math import ceil, log, log10, nan
from typing import final

import numpy as np

from engine import Array, plain_text
from engine.training import VISIBLE_GAP, first_true

LEAST_SHARE = 0.1
"""The phase of growth has at least this share of its greatest rate."""
LEAST_RISE = 1.0
"""The least growth of such a phase, in e-foldings."""
LEAST_CHANGE = 0.01
"""A smaller change, in e-foldings, is none."""
WINDOWS = 50
"""Rates are measured over windows of this share of all frames."""
LONGEST_WINDOW = 20


@final
@dataclass(frozen=True)
class Response:
    """How a gap that was small from the nudge to the last frame has changed.

    While it is small, the gap after another small nudge is the same but for a factor. The units are
    then close to the equal state, which repels where the gap grows, and attracts where it shrinks.

    Attributes
    ----------
    last : int
        The last frame.
    factor : float
        The gap there, relative to that at the nudge; exactly 0 if the units are equal again.
    peak : int
        The frame of the greatest gap.
    peak_factor : float
        The gap there, relative to that at the nudge.
    first, end : int
        The phase of growth: the frames from the first to the last in which the growth rate is at
        least `LEAST_SHARE` of its greatest; −1 without growth by a factor e.
    rate : float
        The mean growth rate in that phase, e-foldings a frame; NaN without one.
    has_ended : bool
        Whether the phase ends before the last frame.
    """

    last: int
    factor: float
    peak: int
    peak_factor: float
    first: int
    end: int
    rate: float
    has_ended: bool

    @property
    def change(self) -> float:
        """The change from the nudge to the last frame in e-foldings; its sign is that of the rate.

        A change below `LEAST_CHANGE` is 0.
        """
        change = log(self.factor) if self.factor else -np.inf
        return change if abs(change) >= LEAST_CHANGE else 0.0

    @property
    def turns(self) -> bool:
        """Whether the difference grows at first, and shrinks from `peak` on."""
        grown = log(self.peak_factor)
        return grown >= LEAST_CHANGE and self.change < grown - 0.1

    @property
    def text(self) -> str:
        """Whether the equal state attracts or repels, in a sentence."""
        repels = "The equal state repels"
        if self.turns:
            grown = _fold(self.peak_factor)
            return f"{repels} up to frame {self.peak:,}: a difference grows {grown}, then shrinks."
        if self.change > 0.0:
            grown = _fold(self.factor)
            return f"{repels}: a difference grows {grown} up to frame {self.last:,}."
        if self.change < 0.0:
            shrunk = f"{plain_text(self.factor, 2)} times its size" if self.factor else "exactly 0"
            return f"The equal state attracts: a difference shrinks to {shrunk}."
        return "The equal state neither repels nor attracts: a difference keeps its size."

    @property
    def end_text(self) -> str:
        """When growth by more than a factor e ends; empty without it."""
        if self.first < 0:
            return ""
        end = f"ends near frame {self.end:,}" if self.has_ended else "continues at the last frame"
        return f"fast growth {end}"


def response(gaps: Array, step: int) -> Response | None:
    """Return the response of a gap (frames,) to a nudge at a frame; None if it starts at 0."""
    later = gaps[step:]
    known = later[: int(np.isfinite(later).argmin())] if not np.isfinite(later).all() else later
    if not len(known) or known[0] == 0.0:
        return None
    peak = int(known.argmax())
    first, end, rate, has_ended = _growth(known)
    return Response(
        step + len(known) - 1,
        float(known[-1] / known[0]),
        step + peak,
        float(known[peak] / known[0]),
        step + first if first >= 0 else -1,
        step + end if end >= 0 else -1,
        rate,
        has_ended,
    )


def nudge_text(gaps: Array, step: int, epsilon: float) -> str:
    """Return what a nudge that was to break the symmetry shows, when, and if nothing, what to try.

    Parameters
    ----------
    gaps : array (frames,)
        The gap between units (see `Diagnostics`) of the nudged run.
    step : int
        The frame of the nudge.
    epsilon : float
        Its size.
    """
    found = response(gaps, step)
    if np.isnan(gaps[step]):
        return "no hidden layer has two units, so there is no symmetry to break"
    if gaps[step] > 2.0 * epsilon or (step and gaps[step - 1] > 0.0):
        return "the units differ without it, so there is no symmetry to break"
    if found is None:
        return "the units stay equal, because this number does not belong to one unit of a layer"
    visible = first_true(gaps[step:] > VISIBLE_GAP)
    if visible is not None:
        return f"units visibly differ from frame {step + visible:,} on (press N to go there)"
    size = f"{plain_text(float(gaps[step:].max()), 2)}, while {VISIBLE_GAP:g} is visible"
    unseen = f"nothing is visible up to frame {found.last:,}"
    if found.turns or found.change <= 0.0:
        return (
            f"{unseen}. {found.text} Try other data or another start; press H to measure every size"
        )
    needed = 10.0 ** ceil(log10(VISIBLE_GAP / found.peak_factor))
    try_size = f"a nudge of {plain_text(needed, 1)}, " if needed < VISIBLE_GAP else ""
    return (
        f"{unseen}, because the difference grows only {_fold(found.factor)}, to {size}. Try "
        f"{try_size}more steps or other data; press H to measure every size"
    )


def _growth(gaps: Array) -> tuple[int, int, float, bool]:
    """Return the first and the last frame of the phase of growth, its rate, and if it has ended."""
    positive = gaps[: int((gaps > 0.0).argmin())] if not gaps.all() else gaps
    window = int(np.clip(len(positive) // WINDOWS, 1, LONGEST_WINDOW))
    logarithms = np.log(positive)
    rates = (logarithms[window:] - logarithms[:-window]) / window
    if rates.max(initial=0.0) > 0.0:
        grows = np.flatnonzero(rates >= LEAST_SHARE * rates.max())
        first, end = int(grows[0]), int(grows[-1]) + window
        rise = float(logarithms[end] - logarithms[first])
        if rise >= LEAST_RISE:
            return first, end, rise / (end - first), end < len(positive) - 1
    return -1, -1, nan, False


def _fold(factor: float) -> str:
    """Return a factor as text.

    >>> _fold(1.26), _fold(779.67), _fold(5.1e13)
    ('1.3-fold', '780-fold', '5.1·10¹³-fold')
    """
    text = f"{float(f'{factor:.2g}'):,.6g}" if factor < 1e6 else plain_text(factor, 2)
    return f"{text}-fold"
