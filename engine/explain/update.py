"""One step of gradient descent on a layer: W := W − η dW, between a frame and the next."""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn import Batches, NetworkStack
from engine.training import Recording


@final
@dataclass(frozen=True, eq=False)
class Step:
    """One step of an array of parameters.

    Attributes
    ----------
    before, gradient, after : array
        The parameters of the frame, dW or db, and the parameters of the next frame.
    by_hand : array of bool
        Which entries were set by hand in the next frame, and so do not follow from the step.
    is_exact : bool
        Whether before − η gradient equals after to the last bit, except where set by hand.
    """

    before: Array
    gradient: Array
    after: Array
    by_hand: NDArray[np.bool_]
    is_exact: bool


@final
@dataclass(frozen=True, eq=False)
class Update:
    """A layer's step from frame `start` to the next.

    Attributes
    ----------
    start : int
    layer : int
    rate : float
        η.
    batch : int or None
        The number of examples in this step's batch; None where a step uses all.
    weights, biases : Step
        (n_l, n_{l-1}) and (n_l, 1).
    """

    start: int
    layer: int
    rate: float
    batch: int | None
    weights: Step
    biases: Step


def update(recording: Recording, frame: int, layer: int) -> Update | None:
    """Explain the step from a frame, or from the frame before if it is the last so far.

    None if there is no step.
    """
    start = min(frame, len(recording) - 2)
    if start < 0:
        return None
    thetas = recording.parameters(start, start + 2)
    experiment, run, layout = recording.experiment, recording.run, recording.layout
    rate = experiment.learning_rate_for(run, start)
    gradient, batch = _applied(recording, start)
    computed = thetas[0] - gradient * rate
    by_hand = np.zeros(layout.size, dtype=bool)
    for edit in run.edits:
        if edit.step == start + 1:
            by_hand[layout.position(edit.parameter, edit.index)] = True

    def step(view: str) -> Step:
        part = getattr(layout, view)
        hand = part(by_hand, layer)
        before, applied, after = (part(each, layer) for each in (thetas[0], gradient, thetas[1]))
        same = (part(computed, layer) == after) | hand
        return Step(before, applied, after, hand, bool(same.all()))

    return Update(start, layer, rate, batch, step("weights"), step("biases"))


@np.errstate(all="ignore")
def _applied(recording: Recording, frame: int) -> tuple[Array, int | None]:
    """Return the gradient (size,) that the step from a frame subtracts, and its batch's size."""
    training, data, layout = recording.experiment.training, recording.data, recording.layout
    if training.batch_size is None or training.batch_size >= data.examples:
        seen = recording[frame]
        weights = {f"W{layer}": seen.dW[layer] for layer in layout.layers}
        biases = {f"b{layer}": seen.db[layer] for layer in layout.layers}
        return layout.flatten(weights | biases), None
    chosen = Batches(data.examples, training.batch_size, training.order_seed).examples_of(frame)
    done = NetworkStack(recording.spec_at(frame), data.X[:, chosen], data.Y[:, chosen], 1)
    done.evaluate(recording.parameters(frame, frame + 1).T)
    return done.gradient[:, 0].copy(), len(chosen)
