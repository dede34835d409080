"""Mini-batches: which examples each step looks at, known from the number of the step alone."""

from typing import final

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


@final
class Batches:
    """The batches of every step, epoch after epoch.

    An epoch goes through all examples once, in an order of its own; its last batch is what is
    left. The order depends on the seed and the epoch only, so any step can be taken again.

    Parameters
    ----------
    examples, size : int
        How many examples there are, and how many a batch has at most.
    seed : int
        Of the orders.
    """

    def __init__(self, examples: int, size: int, seed: int) -> None:
        self.size = min(size, examples)
        self.steps_per_epoch = -(-examples // self.size)
        self._examples = examples
        self._seed = seed
        self._epoch = -1
        self._order: Indices = np.arange(examples)

    def examples_of(self, step: int) -> Indices:
        """Return the examples that the step from frame `step` to the next one looks at."""
        epoch, number = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            rng = np.random.Generator(np.random.PCG64([self._seed, epoch]))
            self._order, self._epoch = rng.permutation(self._examples), epoch
        return self._order[number * self.size : (number + 1) * self.size]
