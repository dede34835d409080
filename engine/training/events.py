"""Events: the frames of a run at which something noteworthy happens."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.nn import ACTIVATIONS
from engine.training.diagnostics import Diagnostics
from engine.training.recording import Finish

VISIBLE_GAP = 0.1
"""Units that differ by more than this in a weight differ visibly."""
PLATEAU_FRAMES = 20
PLATEAU_CHANGE = 1e-3
"""On a plateau the loss changes by less than this share of itself in `PLATEAU_FRAMES` frames."""
PLATEAU_LOSS = 0.1
"""A flat loss below this means that training succeeded, not a plateau."""
MOST_UNIT_EVENTS = 12
"""The most events about single units in one run; the text of the last says if more follow."""


class EventKind(Enum):
    """The kinds of events."""

    SYMMETRY_BROKEN = "symmetry-broken"
    SYMMETRY_VISIBLE = "symmetry-visible"
    PLATEAU_ENTERED = "plateau-entered"
    PLATEAU_LEFT = "plateau-left"
    UNIT_SATURATED = "unit-saturated"
    UNIT_DEAD = "unit-dead"
    UNIT_ACTIVE = "unit-active"
    SOLVED = "solved"
    DIVERGED = "diverged"
    ROUNDED = "rounded"
    DIFFERENT = "different"
    CHANGED = "changed"
    ENDLESS = "endless"


@final
@dataclass(frozen=True)
class Event:
    """An event: its frame, its run or track, its kind and a short text."""

    frame: int
    run: int
    kind: EventKind
    text: str


def ordered(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events ordered by frame, then by run."""
    return tuple(sorted(events, key=lambda event: (event.frame, event.run)))


@final
class EventLog:
    """The events of one run, which grow with its diagnostics.

    - Symmetry broken: the first frame in which units of a hidden layer differ (`gap` > 0).
      Symmetry visible: the first with a gap above `VISIBLE_GAP`, if it is later.
    - Plateau entered: the first of at least `PLATEAU_FRAMES` frames in which the loss is at least
      `PLATEAU_LOSS` and stays within `PLATEAU_CHANGE` of itself. Left: the first frame after it.
      Adjacent plateaus are one; there is none where all examples are right; and a plateau at the
      end of a run is not left.
    - Unit saturated, unit dead (for ReLU): a frame from which this is true for every example. Unit
      active: a frame from which it no longer is, because the unit or its inputs have changed.
      Units of a layer that change in the same frame share an event.
    - Solved: the first frame in which all examples are right. They may become wrong again.
    - Diverged: the last finite frame.
    - Changed: a frame from which the run has another learning rate or other activations.

    Parameters
    ----------
    run : int
        The number of the run in its experiment.
    diagnostics : Diagnostics
        The diagnostics of the run.

    Attributes
    ----------
    events : tuple of Event
        In the order of their frames. Replaced as a whole, so another thread may read it.
    """

    def __init__(self, run: int, diagnostics: Diagnostics) -> None:
        self.events: tuple[Event, ...] = ()
        self._run = run
        self._diagnostics = diagnostics
        self._recording = diagnostics.recording
        self._length = 0
        self._visible: int | None = None
        self._solved: int | None = None
        self._plateaus: list[tuple[int, int]] = []  # first and last frame

    def extend(self) -> None:
        """Find the events of the new frames; to be called from the training thread."""
        start, stop = self._length, len(self._diagnostics)
        if stop > start:
            if self._visible is None:
                self._visible = first_true(self._diagnostics.gap[start:] > VISIBLE_GAP, start)
            if self._solved is None:
                self._solved = first_true(self._diagnostics.accuracy[start:] == 1.0, start)
            self._find_plateaus(start, stop)
            self._length = stop
        parts = self._symmetry, self._plateau, self._units, self._outcome, self._changes
        self.events = ordered(event for part in parts for event in part())

    def _find_plateaus(self, start: int, stop: int) -> None:
        """Store the plateaus whose last frame is one of start … stop − 1."""
        losses = self._recording.losses[max(0, start - PLATEAU_FRAMES) : stop]
        if len(losses) <= PLATEAU_FRAMES:
            return
        windows = np.lib.stride_tricks.sliding_window_view(losses, PLATEAU_FRAMES + 1)
        lowest, highest = windows.min(axis=1), windows.max(axis=1)
        flat = (lowest >= PLATEAU_LOSS) & (highest - lowest < PLATEAU_CHANGE * highest)
        edges = np.flatnonzero(np.diff(flat, prepend=False, append=False))
        end = stop - len(flat)  # the last frame of the first window
        for first, beyond in edges.reshape(-1, 2).tolist():
            begin, last = end + first - PLATEAU_FRAMES, end + beyond - 1
            if self._plateaus and begin <= self._plateaus[-1][1] + 1:
                begin = self._plateaus.pop()[0]
            self._plateaus.append((begin, last))

    def _event(self, frame: int, kind: EventKind, text: str) -> Event:
        return Event(frame, self._run, kind, text)

    def _symmetry(self) -> Iterator[Event]:
        broken, visible = self._diagnostics.symmetric_until, self._visible
        if broken < self._length:
            text = "symmetry broken: units differ" if broken else "units differ from the start"
            yield self._event(broken, EventKind.SYMMETRY_BROKEN, text)
        if visible is not None and visible > broken:
            text = f"units visibly differ: by more than {VISIBLE_GAP:g}"
            yield self._event(visible, EventKind.SYMMETRY_VISIBLE, text)

    def _plateau(self) -> Iterator[Event]:
        for first, last in self._plateaus:
            if self._diagnostics.accuracy[first] == 1.0:
                continue
            text = f"plateau: the loss stays near {self._recording.losses[first]:.3g}"
            yield self._event(first, EventKind.PLATEAU_ENTERED, text)
            if last + 1 < self._length:
                yield self._event(last + 1, EventKind.PLATEAU_LEFT, "plateau left")

    def _units(self) -> Iterator[Event]:
        sizes = self._recording.spec.layers[1:-1]
        places = [
            (layer, unit) for layer, size in enumerate(sizes, start=1) for unit in range(size)
        ]
        units: dict[tuple[int, bool, int], list[int]] = {}
        for frame, unit, is_saturated in self._diagnostics.saturation_changes:
            layer, number = places[unit]
            units.setdefault((frame, is_saturated, layer), []).append(number + 1)
        events = [
            self._unit_event(frame, is_saturated, layer, numbers)
            for (frame, is_saturated, layer), numbers in units.items()
        ]
        if len(events) > MOST_UNIT_EVENTS:
            last = events[MOST_UNIT_EVENTS - 1]
            text = f"{last.text}; later changes of units are not marked"
            events[MOST_UNIT_EVENTS - 1] = replace(last, text=text)
        yield from events[:MOST_UNIT_EVENTS]

    def _unit_event(
        self, frame: int, is_saturated: bool, layer: int, units: Sequence[int]
    ) -> Event:
        # A unit that ceases to be saturated may have another activation from this frame on.
        spec = self._recording.spec_at(frame if is_saturated else max(0, frame - 1))
        # A saturated unit without an asymptote, such as ReLU, is inactive: dead.
        has_limits = bool(ACTIVATIONS[spec.hidden_names[layer - 1]].asymptotes)
        which = _named(units, layer)
        if not is_saturated:
            again = "no longer saturated for every" if has_limits else "active again for some"
            return self._event(frame, EventKind.UNIT_ACTIVE, f"{which} {again} example")
        kind = EventKind.UNIT_SATURATED if has_limits else EventKind.UNIT_DEAD
        state = "saturated" if has_limits else "dead"
        return self._event(frame, kind, f"{which} {state} for every example")

    def _outcome(self) -> Iterator[Event]:
        if self._solved is not None:
            yield self._event(self._solved, EventKind.SOLVED, "all examples right")
        recording = self._recording
        if recording.finish is Finish.DIVERGED and self._length == len(recording):
            yield self._event(self._length - 1, EventKind.DIVERGED, recording.reason)

    def _changes(self) -> Iterator[Event]:
        """Yield the changes of settings that have an effect."""
        experiment, run = self._recording.experiment, self._recording.run
        for change in run.changes:
            before, step = change.step - 1, change.step
            changed = []
            rate = experiment.learning_rate_for(run, step)
            if rate != experiment.learning_rate_for(run, before):
                changed.append(f"learning rate {rate:g}")
            names = experiment.network_for(run, step).hidden_names
            if names != experiment.network_for(run, before).hidden_names:
                changed.append(", ".join(dict.fromkeys(names)))
            if changed and step < self._length:
                text = f"from here on {' and '.join(changed)}"
                yield self._event(step, EventKind.CHANGED, text)


def events_text(events: Sequence[Event], letters: str = "") -> list[str]:
    """Return a line for each event: the letter of its run if there are any, its frame, its text."""
    return [
        f"{f'{letters[each.run]} · ' if letters else ''}frame {each.frame:,}: {each.text}"
        for each in events
    ]


def first_true(found: NDArray[np.bool_], start: int = 0) -> int | None:
    """Return the index of the first true entry, counted from `start`, or None."""
    return start + int(found.argmax()) if found.any() else None


def _named(units: Sequence[int], layer: int) -> str:
    """Return the numbers of hidden units, from 1, or their count."""
    if len(units) > 3:
        return f"{len(units)} hidden units of layer {layer}"
    plural = "s" if len(units) > 1 else ""
    return f"hidden unit{plural} {', '.join(map(str, units))} of layer {layer}"
