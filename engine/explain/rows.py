"""The factors of two rows of a gradient, compared to explain why the rows are equal or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from engine import Array
from engine.experiment import NetworkSpec, Quantity
from engine.training import Frame


@final
@dataclass(frozen=True)
class Factor:
    """One factor of two units, compared to the last bit.

    Attributes
    ----------
    name : str
        One of `WORDS`.
    difference : float
        The greatest between the two; exactly 0 if and only if they are equal.
    shared : bool
        Whether both units use the same array, so that it cannot differ.
    """

    name: str
    difference: float
    shared: bool = False

    @property
    def is_same(self) -> bool:
        return self.difference == 0.0


WORDS = {
    "inputs": "the activations below",
    "errors above": "the errors of the layer above",
    "outgoing": "the outgoing weights",
    "slope": "the slopes g′(z)",
    "incoming": "the incoming weights",
    "bias": "the biases",
    "outputs": "the outputs",
    "targets": "the targets",
    "error": "the errors dz",
    "gradient": "the rows",
}
"""The name of each factor in a sentence."""


@final
@dataclass(frozen=True)
class Rows:
    """Two rows of dW[l] with their factors, in the order of their computation.

    `causes` are the factors that make the errors dz differ, if anything does.
    """

    layer: int
    first: int
    second: int
    factors: tuple[Factor, ...]
    causes: tuple[Factor, ...]

    def __getitem__(self, name: str) -> Factor:
        return next(factor for factor in self.factors if factor.name == name)

    @property
    def conclusion(self) -> str:
        """A sentence that says why the rows are equal or different."""
        differing = " and ".join(WORDS[each.name] for each in self.causes if not each.is_same)
        if not self["gradient"].is_same:
            return f"The rows differ, because {differing} differ."
        if not differing:
            return "The rows are equal to the last bit, because all their factors are."
        if self["error"].is_same:
            return f"The rows are equal although {differing} differ: their products are the same."
        return f"The rows are equal although {differing} differ: the sums come out the same."


def compared_rows(
    sizes: Sequence[int], quantity: Quantity, other: int | None
) -> tuple[int, int, int] | None:
    """Return the layer, and its two units, whose rows are compared for a number.

    If the number's layer has a single unit, it is the nearest layer with several, preferably the
    one below, where the unit that the weight comes from is the first. None if there is none.
    """
    layer, first = quantity.layer, quantity.row
    if sizes[layer] < 2:
        several = [each for each in range(1, len(sizes)) if sizes[each] > 1]
        if not several:
            return None
        layer = min(several, key=lambda each: (abs(each - quantity.layer), each))
        other = None
        first = quantity.column if layer == quantity.layer - 1 else 0
    if other is None or other == first:
        other = (first + 1) % sizes[layer]
    return layer, first, other


@np.errstate(all="ignore")  # such as inf − inf, in the last frame before divergence
def rows(spec: NetworkSpec, frame: Frame, targets: Array, place: tuple[int, int, int]) -> Rows:
    """Compare two rows of dW of a layer.

    Parameters
    ----------
    spec : NetworkSpec
    frame : Frame
    targets : array (nL, m)
    place : tuple of int
        The layer, and the two units.
    """
    layer, first, second = place

    def compared(name: str, values: Array) -> Factor:
        return Factor(name, float(np.abs(values[first] - values[second]).max(initial=0.0)))

    own = [compared("incoming", frame.W[layer]), compared("bias", frame.b[layer])]
    if layer < len(frame.W) - 1:
        slope = np.empty_like(frame.A[layer])
        spec.hidden_activations[layer - 1].slope(frame.Z[layer], frame.A[layer], slope)
        causes = compared("outgoing", frame.W[layer + 1].T), compared("slope", slope)
        own.append(Factor("errors above", 0.0, shared=True))
    else:
        causes = compared("outputs", frame.A[layer]), compared("targets", targets)
    error, gradient = compared("error", frame.dZ[layer]), compared("gradient", frame.dW[layer])
    factors = (*own, *causes, error, Factor("inputs", 0.0, shared=True), gradient)
    return Rows(layer, first, second, factors, causes)
