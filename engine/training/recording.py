"""Recordings: the frames of one run as a read-only sequence.

A recording stores causes only, the parameters and the loss; the rest is computed on request by the
same pass as in training. Parameters that exceed the memory budget are stored for every k-th frame,
and the frames between are trained again from there, with the same bits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import ceil
from threading import Lock
from typing import NamedTuple, TypeVar, final, overload

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.experiment import Experiment, NetworkSpec, Run
from engine.nn import Data, NetworkStack, ParameterLayout
from engine.training.descent import Descent

MEMORY_BUDGET = 256 * 2**20
"""The most bytes of the parameters of one recording; beyond it frames are left out."""
REPLAY_BUDGET = 64 * 2**20
"""The most bytes of replayed frames that are cached, so that stepping does not replay each time."""
FRAMES_BUDGET = 64 * 2**20
"""The most bytes of two frames for which both the current and the previous one are cached."""

Number = TypeVar("Number", np.float64, np.int64, np.int8)


class Finish(Enum):
    """The state of a recording: TRAINING → COMPLETED, DIVERGED or CANCELLED."""

    TRAINING = "training"
    COMPLETED = "completed"
    DIVERGED = "diverged"
    CANCELLED = "cancelled"


@final
@dataclass(frozen=True, eq=False)
class Frame:
    """The numbers of one step. Arrays are read-only and indexed by layer; layer 0 is the input.

    Attributes
    ----------
    index : int
        0 is the start, before any update.
    loss : float
        Mean over the examples.
    W, dW : tuple of array (n_l, n_{l-1})
        Row j belongs to unit j. Entry 0 is empty.
    b, db : tuple of array (n_l, 1)
    Z, A, dZ : tuple of array (n_l, m)
        One example a column; A[0] is X. dZ is per example, before the division by m.

    With mini-batches too, loss, dW and db are those of all examples.
    """

    index: int
    loss: float
    W: tuple[Array, ...]
    b: tuple[Array, ...]
    Z: tuple[Array, ...]
    A: tuple[Array, ...]
    dZ: tuple[Array, ...]
    dW: tuple[Array, ...]
    db: tuple[Array, ...]

    @property
    def nbytes(self) -> int:
        """The bytes of the arrays without X, which belongs to the recording."""
        own = self.W, self.b, self.Z, self.A[1:], self.dZ, self.dW, self.db
        return sum(array.nbytes for arrays in own for array in arrays)

    def entries(self) -> dict[str, float]:
        """Return the index, the loss, and every parameter and gradient by name, such as W1[0,1]."""
        entries: dict[str, float] = {"frame": self.index, "loss": self.loss}
        for names in (("W", "b"), ("dW", "db")):
            for layer, name in product(range(1, len(self.W)), names):
                for (row, column), number in np.ndenumerate(getattr(self, name)[layer]):
                    entries[f"{name}{layer}[{row},{column}]"] = float(number)
        return entries


class Phase(NamedTuple):
    """The frames of a run with the same activations: from `start` to the next phase."""

    start: int
    spec: NetworkSpec


@final
class Recording(Sequence[Frame]):
    """The frames of one run; it grows while the run trains, and recorded frames never change.

    One thread may extend it while another reads: `len` counts complete frames. `recording[k]` uses
    shared buffers, so threads that read frames wait for each other. The frame that was read last
    is cached, and the one before it if both are small.

    Parameters
    ----------
    experiment : Experiment
    run : Run
        One of the experiment's.
    data : Data, optional
        The examples of the experiment, if they are loaded already.
    budget : int
        The most bytes of the parameters.

    Attributes
    ----------
    phases : tuple of Phase
        The networks of the run by frame: one, unless the run changes its activations.
    reason : str
        The reason for an early end, in a sentence; empty otherwise.
    stride : int
        Parameters are stored for every stride-th frame.
    capacity : int
        The number of frames of a complete recording: steps + 1.
    """

    def __init__(
        self,
        experiment: Experiment,
        run: Run,
        data: Data | None = None,
        budget: int = MEMORY_BUDGET,
    ) -> None:
        self.experiment = experiment
        self.run = run
        self.phases = _phases(experiment, run)
        self.spec = self.phases[0].spec
        self.layout = ParameterLayout(self.spec.layers)
        self.data = experiment.load_data() if data is None else data
        self.finish = Finish.TRAINING
        self.reason = ""
        self.capacity = frames = experiment.training.steps + 1
        self.stride = max(1, ceil(frames * self.layout.size * 8 / budget))
        self._stored = np.empty((ceil(frames / self.stride), self.layout.size))
        self._losses = np.empty(frames)
        self._length = 0
        # Where frames are left out: the latest ones, and those replayed last, as the index of the
        # first frame and the parameters (frames, size). Replaced as a whole, so thread-safe.
        nothing = (0, np.empty((0, self.layout.size)))
        self._latest: tuple[int, Array] = nothing
        self._replayed: tuple[int, Array] = nothing
        self._lone_pass = NetworkStack(self.spec, self.data.X, self.data.Y, 1)
        self._lone_pass_is_free = Lock()
        self._frames: tuple[Frame, ...] = ()  # replaced as a whole, too

    def __len__(self) -> int:
        return self._length

    @property
    def nbytes(self) -> int:
        """The bytes of the stored parameters and losses.

        The buffers of one pass, the cached frames and replayed parameters are not included.
        """
        return self._stored.nbytes + self._losses.nbytes

    @property
    def losses(self) -> Array:
        """The loss of every frame, (len,), read-only."""
        return frozen(self._losses[: self._length])

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Frame]: ...
    def __getitem__(self, index: int | slice) -> Frame | Sequence[Frame]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"frame {index} of a recording of {len(self)}")
        for frame in self._frames:
            if frame.index == position:
                return frame
        theta = self.parameters(position, position + 1)[0]
        frame = self._frame(position, theta, float(self._losses[position]))
        # All frames of a recording are of one size.
        self._frames = (frame, *self._frames[:1]) if 2 * frame.nbytes <= FRAMES_BUDGET else (frame,)
        return frame

    def seconds_for(self, index: int) -> float:
        """Return the approximate seconds that `recording[index]` takes; 0 if it is cached."""
        if any(frame.index == index for frame in self._frames):
            return 0.0
        steps = 0 if self._known(index, index + 1) is not None else index % self.stride
        return (1 + steps) * self.layout.seconds_for(self.data.examples)

    def what_if(self, index: int, theta: Array) -> Frame:
        """Return frame `index` with other parameters (size,)."""
        return self._frame(index, theta, None)

    def parameters(self, start: int, stop: int) -> Array:
        """Return the parameters of frames start … stop − 1, (stop − start, size), read-only.

        Where frames are left out, at most `stride` − 1 steps are trained again, and none for
        frames trained or replayed last.
        """
        known = self._known(start, stop)
        return self._replay(start, stop) if known is None else known

    def _known(self, start: int, stop: int) -> Array | None:
        """Return the parameters of frames that need no replay; None for others."""
        if self.stride == 1:
            return frozen(self._stored[start:stop])
        for first, theta in (self._latest, self._replayed):
            if first <= start and stop <= first + len(theta):
                return frozen(theta[start - first : stop - first])
        return None

    def sampled(self, stop: int, most: int) -> tuple[NDArray[np.intp], Array]:
        """Return at most `most` frames before `stop` that need no replay, evenly spaced.

        Returns
        -------
        frames : array (count,)
            Multiples of a power of two times the stride, from 0, so that the same frames are
            chosen as `stop` grows.
        theta : array (count, size)
            Their parameters, a view.
        """
        held = -(-stop // self.stride)
        step = 1
        while held > step * most:
            step *= 2
        theta = self._stored[:held:step]
        return np.arange(len(theta)) * (step * self.stride), theta

    def spec_at(self, frame: int) -> NetworkSpec:
        """Return the network of a frame: `spec`, possibly with other activations."""
        return next(phase.spec for phase in reversed(self.phases) if phase.start <= frame)

    def blocks(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Split the frames start … stop − 1 into ranges of one phase and at most `block_size`."""
        while start < stop:
            last = min(start + self.block_size(), stop, self.end_of_phase(start))
            yield start, last
            start = last

    def block_size(self) -> int:
        """Return the number of frames of a call of `passes` that takes about 16 MB of buffers."""
        per_frame = 4 * self.data.examples * sum(self.spec.layers[1:]) + 2 * self.layout.size
        return max(2, 2**21 // per_frame)

    def end_of_phase(self, frame: int) -> int:
        """Return the first frame of the next phase; `capacity` for the last phase."""
        later = (phase.start for phase in self.phases if phase.start > frame)
        return min(next(later, self.capacity), self.capacity)

    def passes(self, start: int, stop: int) -> NetworkStack:
        """Return the finished pass of frames start … stop − 1, stacked along its last axis.

        The frames are of one phase (see `blocks`). With a single example, the stack may have one
        more entry (see `NetworkStack`).
        """
        if stop > self.end_of_phase(start):
            raise ValueError(f"frames {start} … {stop - 1} have different activations")
        done = NetworkStack(self.spec_at(start), self.data.X, self.data.Y, stop - start)
        with np.errstate(all="ignore"):  # the frame before divergence may overflow
            done.evaluate(self.parameters(start, stop).T)
        return done

    def extend(self, theta: Array, losses: Array) -> None:
        """Append frames: theta (frames, size), losses (frames,). For the training thread."""
        start, stop = self._length, self._length + len(losses)
        first = -(-start // self.stride)
        stored = theta[first * self.stride - start :: self.stride]
        self._stored[first : first + len(stored)] = stored
        self._losses[start:stop] = losses
        if self.stride > 1:
            self._latest = (start, np.array(theta))
        self._length = stop

    def _frame(self, index: int, theta: Array, loss: float | None) -> Frame:
        """Return the frame of parameters (size,); the loss is computed if it is None."""
        done = self._lone_pass
        layers = self.layout.layers
        with self._lone_pass_is_free, np.errstate(all="ignore"):
            done.set_activations(self.spec_at(index))
            done.evaluate(theta[:, None])
            return Frame(
                index=index,
                loss=float(done.losses(done.Z[-1])[0]) if loss is None else loss,
                W=_copied([self.layout.weights(done.theta, layer) for layer in layers]),
                b=_copied([self.layout.biases(done.theta, layer) for layer in layers]),
                Z=_copied(done.Z[1:]),
                A=(self.data.X, *_copied(done.A[1:])[1:]),
                dZ=_copied(done.dZ[1:]),
                dW=_copied([self.layout.weights(done.gradient, layer) for layer in layers]),
                db=_copied([self.layout.biases(done.gradient, layer) for layer in layers]),
            )

    def _replay(self, start: int, stop: int) -> Array:
        """Train frames start … stop − 1 again from the nearest known frame before them."""
        keyframe = start // self.stride
        frame, theta = keyframe * self.stride, self._stored[keyframe]
        known, replayed = self._replayed
        last = min(start, known + len(replayed) - 1)
        if last > max(frame, known - 1):
            frame, theta = last, replayed[last - known]
        descent = Descent(self.experiment, [self.run], self.data)
        descent.go_to(frame, theta[:, None])
        room = max(stop - start, REPLAY_BUDGET // (8 * self.layout.size))
        first = max(frame, stop - room)
        result = np.empty((stop - first, self.layout.size))
        with np.errstate(all="ignore"):
            for i in range(frame, stop):
                if i >= first:
                    result[i - first] = descent.stack.theta[:, 0]
                if i + 1 < stop:
                    descent.step()
        self._replayed = (first, result)
        return frozen(result[start - first :])


def _phases(experiment: Experiment, run: Run) -> tuple[Phase, ...]:
    """Return the networks of a run, each with its first frame."""
    phases = [Phase(0, experiment.network_for(run))]
    for change in run.changes:
        spec = experiment.network_for(run, change.step)
        if spec != phases[-1].spec:
            phases.append(Phase(change.step, spec))
    return tuple(phases)


def _copied(arrays: Sequence[Array]) -> tuple[Array, ...]:
    """Return copies of the arrays of the only network of a stack, by layer from layer 1."""
    return frozen(np.empty((0, 0))), *(frozen(array[..., 0].copy()) for array in arrays)


def frozen(array: NDArray[Number]) -> NDArray[Number]:
    """Return a read-only view of an array."""
    view = array.view()
    view.setflags(write=False)
    return view
