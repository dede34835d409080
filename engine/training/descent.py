"""Gradient descent of a stack of networks, one step at a time."""

from collections.abc import Sequence
from typing import final

import numpy as np

from engine import Array
from engine.experiment import Experiment, Run
from engine.nn import Batches, Data, NetworkStack, ParameterLayout


def first_parameters(layers: Sequence[int], run: Run) -> Array:
    """Return a run's first parameters (size,) as drawn, before any edit (see `ParameterLayout`)."""
    rng = np.random.Generator(np.random.PCG64(run.init.seed))
    return ParameterLayout(layers).flatten(run.init.parameters(layers, rng))


@final
class Descent:
    """Runs with equal networks, trained as one stack: W := W − η dW.

    Call `begin` or `go_to` first.

    Parameters
    ----------
    experiment : Experiment
    runs : sequence of Run
        Runs for which `network_for` gives the same network in every frame; they need not be runs
        of the experiment.
    data : Data
        The examples: (n0, m) for all runs, or (n0, m, runs) with different ones for each run.

    Attributes
    ----------
    stack : NetworkStack
        The current parameters and, after `evaluate`, their pass over all examples.
    frame : int
        The frame of the current parameters.
    batches : Batches or None
        The examples of each step; None where each step uses all.
    """

    def __init__(self, experiment: Experiment, runs: Sequence[Run], data: Data) -> None:
        self._spec = experiment.network_for(runs[0])
        self.stack = NetworkStack(self._spec, data.X, data.Y, len(runs))
        self.frame = 0
        self._experiment = experiment
        self._runs = tuple(runs)
        self._update = np.empty_like(self.stack.theta)
        # One for each parameter: broadcasting a row at every step is slower.
        self._rates = np.empty_like(self.stack.theta)
        self._changes = {change.step for run in runs for change in run.changes}
        self._edits: dict[int, list[tuple[int, int, float]]] = {}
        for column, run in enumerate(runs):
            for edit in run.edits:
                row = self.stack.layout.position(edit.parameter, edit.index)
                self._edits.setdefault(edit.step, []).append((row, column, edit.value))
        training = experiment.training
        self.batches: Batches | None = None
        if training.batch_size is not None and training.batch_size < data.examples:
            self.batches = Batches(data.examples, training.batch_size, training.order_seed)
        self._data = data
        self._is_evaluated = False
        self._partial: dict[int, NetworkStack] = {}
        self._set_settings()

    def begin(self, first: Array | None = None) -> None:
        """Go to frame 0, edits included; draw the first parameters (size, runs) unless given."""
        if first is None:
            layers = self._spec.layers
            first = np.stack([first_parameters(layers, run) for run in self._runs], axis=1)
        self.go_to(0, first)
        self._edit()

    def go_to(self, frame: int, theta: Array) -> None:
        """Go to a frame with known parameters (size, runs), which include its edits."""
        self.frame = frame
        self.stack.load(theta)
        self._is_evaluated = False
        if self._changes:
            self._set_settings()

    def evaluate(self) -> None:
        """Compute the forward and the backward pass of all examples."""
        self.stack.evaluate()
        self._is_evaluated = True

    def step(self) -> None:
        """Take one step of gradient descent to the next frame, edits included."""
        if self.batches is not None:
            gradient = self._batch_gradient(self.batches)
        else:
            if not self._is_evaluated:
                self.evaluate()
            gradient = self.stack.gradient
        np.multiply(gradient, self._rates, self._update)
        np.subtract(self.stack.theta, self._update, self.stack.theta)
        self.frame += 1
        self._is_evaluated = False
        if self.frame in self._edits:
            self._edit()
        if self.frame in self._changes:
            self._set_settings()

    def _batch_gradient(self, batches: Batches) -> Array:
        """Return the gradient (size, n) of the mean loss over the batch of the current step."""
        chosen = batches.examples_of(self.frame)
        X, Y = self._data.X[:, chosen], self._data.Y[:, chosen]
        done = self._partial.get(len(chosen))
        if done is None:
            done = self._partial[len(chosen)] = NetworkStack(self._spec, X, Y, self.stack.n)
        else:
            done.set_examples(X, Y)
        done.evaluate(self.stack.theta)
        return done.gradient[:, : self.stack.n]

    def _set_settings(self) -> None:
        """Set the learning rates and the activations of the current frame."""
        rates = [self._experiment.learning_rate_for(run, self.frame) for run in self._runs]
        self._rates[:] = rates[-1]  # a stack may be longer than its runs
        self._rates[:, : len(rates)] = rates
        spec = self._experiment.network_for(self._runs[0], self.frame)
        if spec != self._spec:
            self._spec = spec
            for each in (self.stack, *self._partial.values()):
                each.set_activations(spec)

    def _edit(self) -> None:
        for row, column, value in self._edits.get(self.frame, ()):
            self.stack.theta[row, column] = value
