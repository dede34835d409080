"""Diagnostics: curves derived from the frames of a recording."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn import ParameterLayout
from engine.training.recording import Frame, Number, Recording, frozen

Integers = NDArray[np.int64]

MOST_CHANGES = 10_000
"""The most entries of `Diagnostics.saturation_changes`."""
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without a pattern (2⁶⁴ / φ), for hashes."""


class SaturationChange(NamedTuple):
    """A frame in which a hidden unit becomes or ceases to be saturated for every example.

    Hidden units are counted from 0, layer after layer.
    """

    frame: int
    unit: int
    is_saturated: bool


@final
class Diagnostics:
    """Curves over the frames of a recording, which grow with it.

    One thread may extend them while another reads. All arrays are read-only and have one entry
    for each frame diagnosed so far.

    Attributes
    ----------
    gap : array (n,)
        The greatest difference between two units of a hidden layer in an incoming weight, the
        bias or an outgoing weight. Exactly 0 if and only if all units of every hidden layer are
        equal. NaN without a hidden layer of two units.
    distinct_units : array (n, hidden layers) of int
        The number of different units of each hidden layer, by the same parameters.
    row_difference : array (n,)
        The greatest difference between two rows of dW1 in one column, exactly 0 if and only if
        they are equal; NaN if there is one row.
    gradient_norm : array (n, L)
        The 2-norm of [dW db] of each layer.
    saturated : array (n,)
        The share of hidden activations that are saturated (see `Activation.saturated`), between
        0 and 1: the mean over units and examples. NaN without hidden units.
    accuracy : array (n,)
        The share of examples with every output on its side of one half, or in softmax the
        greatest output (the first of equal ones) for the right class; NaN unless every target is
        0 or 1.
    saturated_from : array (hidden units,) of int
        For each hidden unit, layer after layer, the first frame in which it is saturated for
        every example; −1 while there is none.
    saturation_changes : list of SaturationChange
        By frame, then by unit: a unit that is saturated for every example from frame 0 on is a
        change in frame 0. At most `MOST_CHANGES`; later ones are dropped.
    moved_from : dict of str to int
        For each of W1, b1, W2, …, the first frame in which an entry differs from frame 0; −1
        while there is none.
    symmetric_until : int
        The first frame in which units differ; the length while there is none.
    largest_weight, largest_gradient : float
        The greatest finite size of a weight, and of an entry of dW1, in all frames so far.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.largest_weight = 0.0
        self.largest_gradient = 0.0
        spec, frames = recording.spec, recording.capacity
        self._length = 0
        self._gap = np.empty(frames)
        self._distinct_units = np.empty((frames, len(spec.layers) - 2), dtype=np.int64)
        self._row_difference = np.empty(frames)
        self._gradient_norm = np.empty((frames, recording.layout.depth))
        self._saturated = np.empty(frames)
        self._accuracy = np.empty(frames)
        self._saturated_from = np.full(sum(spec.layers[1:-1]), -1)
        self.saturated_from = frozen(self._saturated_from)
        self.saturation_changes: list[SaturationChange] = []
        self._was_saturated = np.zeros(sum(spec.layers[1:-1]), dtype=np.bool_)
        self.symmetric_until = 0
        self._first = np.empty((recording.layout.size, 1))
        self.moved_from = dict.fromkeys(recording.layout.view(np.empty(recording.layout.size)), -1)
        Y = recording.data.Y
        self._head = spec.head
        self._classes = self._head.classes(Y[..., None])
        self._is_classification = bool(np.isin(Y, (0.0, 1.0)).all())

    def __len__(self) -> int:
        return self._length

    @property
    def gap(self) -> Array:
        return self._read_only(self._gap)

    @property
    def distinct_units(self) -> Integers:
        return self._read_only(self._distinct_units)

    @property
    def row_difference(self) -> Array:
        return self._read_only(self._row_difference)

    @property
    def gradient_norm(self) -> Array:
        return self._read_only(self._gradient_norm)

    @property
    def saturated(self) -> Array:
        return self._read_only(self._saturated)

    @property
    def accuracy(self) -> Array:
        return self._read_only(self._accuracy)

    def extend(self) -> None:
        """Diagnose the new frames of the recording."""
        for start, stop in self.recording.blocks(self._length, len(self.recording)):
            done, count = self.recording.passes(start, stop), stop - start
            A = [a[..., :count] for a in done.A]
            self.observe(done.theta[:, :count], done.gradient[:, :count], A)

    def observe(self, theta: Array, gradient: Array, A: Sequence[Array]) -> None:
        """Diagnose the next frames, of one phase, from their passes; see `training.Observer`."""
        layout, start, count = self.recording.layout, self._length, theta.shape[1]
        stop = start + count
        layers = [parameters_of_units(layout, theta, layer) for layer in range(1, layout.depth)]
        with np.errstate(all="ignore"):  # the gradient of a last frame may be infinite
            gap = unit_gap(layers, count)
            for number, units in enumerate(layers):
                self._distinct_units[start:stop, number] = count_distinct(units)
            rows = layout.weights(gradient, 1)
            self.largest_gradient = _largest([rows], self.largest_gradient)
            weights = [layout.weights(theta, layer) for layer in layout.layers]
            self.largest_weight = _largest(weights, self.largest_weight)
            self._row_difference[start:stop] = _spread(rows) if len(rows) > 1 else np.nan
            for layer in layout.layers:
                # hypot neither overflows nor underflows, as squares would below 1e-154.
                entries = layout.rows(gradient, layer).reshape(-1, count)
                np.hypot.reduce(entries, axis=0, out=self._gradient_norm[start:stop, layer - 1])
        self._gap[start:stop] = gap
        self._find_moves(theta, start)
        self._find_saturation(A, start, stop)
        right = self._head.classes(A[-1]) == self._classes
        accuracy = right.all(axis=0).mean(axis=0) if self._is_classification else np.nan
        self._accuracy[start:stop] = accuracy
        if self.symmetric_until == start:
            broken = gap > 0.0
            self.symmetric_until += int(broken.argmax()) if broken.any() else count
        self._length = stop

    def _find_moves(self, theta: Array, start: int) -> None:
        still = [name for name, frame in self.moved_from.items() if frame < 0]
        if start == 0:
            self._first = theta[:, :1].copy()
        now, then = self.recording.layout.view(theta), self.recording.layout.view(self._first)
        for name in still:
            moved = (now[name] != then[name]).any(axis=(0, 1))
            if moved.any():
                self.moved_from[name] = start + int(moved.argmax())

    def _find_saturation(self, A: Sequence[Array], start: int, stop: int) -> None:
        total, first_unit = np.zeros(stop - start), 0
        changes: list[SaturationChange] = []
        for layer, unit in enumerate(self.recording.spec_at(start).hidden_activations, start=1):
            saturated = unit.saturated(A[layer])
            total += saturated.sum(axis=(0, 1))
            known = self._saturated_from[first_unit : first_unit + len(saturated)]
            throughout = np.asarray(saturated.all(axis=1))
            new = np.asarray(throughout.any(axis=1)) & (known < 0)
            known[new] = start + throughout[new].argmax(axis=1)
            was = self._was_saturated[first_unit : first_unit + len(saturated)]
            before = np.concatenate([was[:, None], throughout[:, :-1]], axis=1)
            for row, at in np.argwhere(throughout != before).tolist():
                is_saturated = bool(throughout[row, at])
                changes.append(SaturationChange(start + at, first_unit + row, is_saturated))
            was[:] = throughout[:, -1]
            first_unit += len(saturated)
        self.saturation_changes += sorted(changes)[: MOST_CHANGES - len(self.saturation_changes)]
        activations = first_unit * self.recording.data.examples
        self._saturated[start:stop] = total / activations if activations else np.nan

    def _read_only(self, array: NDArray[Number]) -> NDArray[Number]:
        return frozen(array[: self._length])


def parameters_of_units(layout: ParameterLayout, theta: Array, layer: int) -> Array:
    """Return the parameters of each unit of a hidden layer, (units, parameters, n).

    The parameters are the incoming weights, the bias and the outgoing weights in theta (size, n).
    """
    outgoing = layout.weights(theta, layer + 1).swapaxes(0, 1)
    return np.concatenate([layout.rows(theta, layer), outgoing], axis=1)


def unit_gap(layers: Sequence[Array], n: int) -> Array:
    """Return the gap (n,) of `Diagnostics` from `parameters_of_units` of each layer."""
    gap = np.full(n, np.nan)
    for units in layers:
        if len(units) > 1:
            np.fmax(gap, _spread(units), gap)
    return gap


def gap_of(frame: Frame) -> float:
    """Return the gap of `Diagnostics` in one frame, which need not be recorded."""
    layers = [
        np.concatenate([frame.W[layer], frame.b[layer], frame.W[layer + 1].T], axis=1)[..., None]
        for layer in range(1, len(frame.W) - 1)
    ]
    return float(unit_gap(layers, 1)[0])


def _spread(units: Array) -> Array:
    """Return the greatest difference between two units in one coordinate: (units, k, n) to (n,).

    The greatest minus the least is the greatest difference of all pairs, and 0 only for equal
    numbers.
    """
    return np.asarray((units.max(axis=0) - units.min(axis=0)).max(axis=0))


def _largest(arrays: Sequence[Array], known: float) -> float:
    """Return the greatest finite size in some arrays, or `known` if that is greater."""
    for array in arrays:
        largest = max(float(array.max()), -float(array.min()))
        if not isfinite(largest):  # a gradient, in the last frame before divergence
            largest = float(np.abs(array[np.isfinite(array)]).max(initial=0.0))
        known = max(known, largest)
    return known


def count_distinct(units: Array) -> Integers:
    """Count the different units in each frame: (units, k, n) to (n,).

    Usually all units differ in one weight, or all are equal. Otherwise units are sorted by a hash
    of their bits, which makes equal ones adjacent, and then compared with their neighbours in all
    parameters: so different units never count as one.
    """
    weight = np.sort(units[:, 0], axis=0)
    if (weight[1:] != weight[:-1]).all():
        return np.full(units.shape[2], len(units))
    if (units == units[:1]).all():
        return np.ones(units.shape[2], dtype=np.int64)
    units = units + 0.0  # −0.0 equals 0.0; now they have the same bits, too
    powers = np.cumprod(np.full(units.shape[1], MULTIPLIER))
    bits = units.view(np.uint64) * MULTIPLIER
    bits ^= bits >> np.uint64(32)  # round numbers have zeros in their lower bits
    order = (bits * powers[:, None]).sum(axis=1).argsort(axis=0)
    ordered = np.take_along_axis(units, order[:, None], axis=0)
    different = (ordered[1:] != ordered[:-1]).any(axis=1)
    return np.asarray(1 + different.sum(axis=0, dtype=np.int64))
