"""Full-batch gradient descent of a stack of networks, one step at a time."""

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.datasets import Data
from engine.experiment import Experiment, Run
from engine.network import Layout, Pass

Array = NDArray[np.float64]


def first_parameters(experiment: Experiment, run: Run) -> Array:
    """Return a run's first parameters (size,) as drawn, before any edit, in `Layout` order."""
    layers = experiment.network.layers
    rng = np.random.Generator(np.random.PCG64(run.init.seed))
    return Layout(layers).flatten(run.init.parameters(layers, rng))


@final
class Descent:
    """Runs that share data and network, trained together: W := W − η dW.

    It stands nowhere until `begin` or `go_to` has put it on a frame.

    Parameters
    ----------
    experiment : Experiment
    runs : sequence of Run
        Runs of the experiment for which `network_for` gives the same network.
    data : Data
        The examples of the experiment.

    Attributes
    ----------
    at : Pass
        The present parameters and, after `step`, the pass that led away from the last ones.
    frame : int
        The frame the present parameters belong to.
    """

    def __init__(self, experiment: Experiment, runs: Sequence[Run], data: Data) -> None:
        self.at = Pass(experiment.network_for(runs[0]), data.X, data.Y, len(runs))
        self.frame = 0
        self._experiment = experiment
        self._runs = tuple(runs)
        rates = [experiment.learning_rate_for(run) for run in runs]
        self._update = np.empty_like(self.at.theta)
        # One for each parameter: to stretch a row at every step costs more than to multiply.
        self._rates = np.full_like(self.at.theta, rates[-1])  # a stack may exceed its runs
        self._rates[:, : len(rates)] = rates
        self._edits: dict[int, list[tuple[int, int, float]]] = {}
        for column, run in enumerate(runs):
            for edit in run.edits:
                row = self.at.layout.position(edit.parameter, edit.index)
                self._edits.setdefault(edit.step, []).append((row, column, edit.value))

    def begin(self) -> None:
        """Draw the first parameters, and set what is set by hand at frame 0."""
        first = [first_parameters(self._experiment, run) for run in self._runs]
        self.go_to(0, np.stack(first, axis=1))
        self._edit()

    def go_to(self, frame: int, theta: Array) -> None:
        """Stand on a frame whose parameters (size, runs) are known, its own edits included."""
        self.frame = frame
        self.at.load(theta)

    def step(self) -> None:
        """Go one step down, to the next frame, and set what is set there by hand."""
        self.at.forward()
        self.at.backward()
        np.multiply(self.at.gradient, self._rates, self._update)
        np.subtract(self.at.theta, self._update, self.at.theta)
        self.frame += 1
        if self.frame in self._edits:
            self._edit()

    def _edit(self) -> None:
        for row, column, value in self._edits.get(self.frame, ()):
            self.at.theta[row, column] = value
