"""Mini-batches: the examples of each step, as a function of the step."""

from typing import final

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


@final
class Batches:
    """The batches of every step, epoch after epoch.

    An epoch uses every example once, in a random order; its last batch may be smaller. The order
    depends on the seed and the epoch only, so any step can be repeated. Without a seed, every epoch
    has the order of the examples.

    Parameters
    ----------
    examples, size : int
        The number of examples, and the greatest number in a batch.
    seed : int or None
        The seed of the orders; None for the order of the examples.
    """

    def __init__(self, examples: int, size: int, seed: int | None) -> None:
        self.size = min(size, examples)
        self.steps_per_epoch = -(-examples // self.size)
        self._examples = examples
        self._seed = seed
        self._epoch = -1
        self._order: Indices = np.arange(examples)

    def examples_of(self, step: int) -> Indices:
        """Return the indices of the examples in the step from frame `step` to the next."""
        epoch, number = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch and self._seed is not None:
            rng = np.random.Generator(np.random.PCG64([self._seed, epoch]))
            self._order, self._epoch = rng.permutation(self._examples), epoch
        return self._order[number * self.size : (number + 1) * self.size]
