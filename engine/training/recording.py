"""Recordings: what happened in one run, as a read-only sequence of frames.

A recording stores causes only, the parameters and the loss; all else is computed when it is
asked for, by the pass that trained. Parameters that would not fit into the memory budget are
kept for every k-th frame, and the frames between are trained again from there, to the same bits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from math import ceil
from threading import Lock
from typing import NamedTuple, final, overload

import numpy as np
from numpy.typing import NDArray

from engine.experiment.experiment import Experiment, NetworkSpec, Run
from engine.nn.datasets import Data
from engine.nn.network import NetworkStack, ParameterLayout
from engine.training.descent import Descent
from engine.types import Array

MEMORY_BUDGET = 256 * 2**20
"""Bytes that the parameters of one recording may take; beyond it frames are left out."""
REPLAY_BUDGET = 64 * 2**20
"""Bytes of replayed frames that are kept at hand, so that stepping does not replay each time."""
FRAMES_BUDGET = 64 * 2**20
"""Bytes that the frame that is shown and the one that is to be may take, to be both at hand."""


class Finish(Enum):
    """How far a recording is: TRAINING → COMPLETED, DIVERGED or CANCELLED."""

    TRAINING = "training"
    COMPLETED = "completed"
    DIVERGED = "diverged"
    CANCELLED = "cancelled"


@final
@dataclass(frozen=True, eq=False)
class Frame:
    """What happened at one step. Arrays are read-only and indexed by layer, 0 being the input.

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

    With mini-batches loss, dW and db are still those of all examples, about which those of the
    batches scatter.
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
        """Bytes of the arrays, but for X, which is the recording's."""
        own = self.W, self.b, self.Z, self.A[1:], self.dZ, self.dW, self.db
        return sum(array.nbytes for arrays in own for array in arrays)

    def entries(self) -> dict[str, float]:
        """Return the index, the loss, and every parameter and gradient by name, such as W1[0,1]."""
        entries: dict[str, float] = {"frame": self.index, "loss": self.loss}
        for prefix in ("", "d"):
            for layer in range(1, len(self.W)):
                for kind in ("W", "b"):
                    name = f"{prefix}{kind}"
                    array = getattr(self, name)[layer]
                    for (row, column), number in np.ndenumerate(array):
                        entries[f"{name}{layer}[{row},{column}]"] = float(number)
        return entries


class Phase(NamedTuple):
    """A stretch of a run with the same activations: from a frame on, until the next one."""

    start: int
    spec: NetworkSpec


@final
class Recording(Sequence[Frame]):
    """The frames of one run; grows while the run trains, and never changes what it holds.

    One thread may extend it while another reads: a frame counts only once it is complete.
    `recording[k]` works on buffers that are made once, so of several threads that ask for frames
    one waits for the other. The frame that was asked for last is kept, and the one before it
    where both are small.

    Parameters
    ----------
    experiment : Experiment
    run : Run
        One of the experiment's.
    data : Data, optional
        The experiment's examples, if they are at hand.
    budget : int
        Bytes that the parameters may take.

    Attributes
    ----------
    phases : tuple of Phase
        The networks of the run, in the order of their frames: one, unless the run changes it.
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
        """Why it ended early, in a sentence; empty otherwise."""
        frames = experiment.training.steps + 1
        self.stride = max(1, ceil(frames * self.layout.size * 8 / budget))
        """Parameters are kept for every stride-th frame."""
        self._kept = np.empty((ceil(frames / self.stride), self.layout.size))
        self._losses = np.empty(frames)
        self._length = 0
        # Where frames are left out: the latest ones, and those replayed last, each as the first
        # frame's index and the parameters (frames, size). Replaced whole, so safe across threads.
        nothing = (0, np.empty((0, self.layout.size)))
        self._latest: tuple[int, Array] = nothing
        self._replayed: tuple[int, Array] = nothing
        self._lone_pass = NetworkStack(self.spec, self.data.X, self.data.Y, 1)
        self._lone_pass_is_free = Lock()
        self._frames: tuple[Frame, ...] = ()  # replaced whole, too

    def __len__(self) -> int:
        return self._length

    @property
    def capacity(self) -> int:
        """How many frames a complete recording has: steps + 1."""
        return len(self._losses)

    @property
    def nbytes(self) -> int:
        """Bytes of the parameters and losses that are kept for good.

        Beside them there are the buffers of one pass, the frames that were asked for last and,
        where frames are left out, some replayed parameters.
        """
        return self._kept.nbytes + self._losses.nbytes

    @property
    def losses(self) -> Array:
        """The loss of every frame, (len,), read-only."""
        return _frozen(self._losses[: self._length])

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
        """Return about how long `recording[index]` takes; 0 if it is one that is kept."""
        if any(frame.index == index for frame in self._frames):
            return 0.0
        steps = 0 if self._known(index, index + 1) is not None else index % self.stride
        return (1 + steps) * self.layout.seconds_for(self.data.examples)

    def what_if(self, index: int, theta: Array) -> Frame:
        """Return frame `index` as it would be with other parameters (size,); as `recording[k]`."""
        return self._frame(index, theta, None)

    def parameters(self, start: int, stop: int) -> Array:
        """Return the parameters of frames start … stop − 1, (stop − start, size), read-only.

        Where frames are left out, at most `stride` − 1 steps are trained again, and none for a
        frame that was among those trained or replayed last.
        """
        known = self._known(start, stop)
        return self._replay(start, stop) if known is None else known

    def _known(self, start: int, stop: int) -> Array | None:
        """Return the parameters of frames that need no replay, as `parameters` does."""
        if self.stride == 1:
            return _frozen(self._kept[start:stop])
        for first, theta in (self._latest, self._replayed):
            if first <= start and stop <= first + len(theta):
                return _frozen(theta[start - first : stop - first])
        return None

    def sampled(self, stop: int, most: int) -> tuple[NDArray[np.intp], Array]:
        """Return at most so many frames before `stop` that need no replay, evenly spaced.

        Returns
        -------
        frames : array (count,)
            Multiples of a power of two times the stride, from 0: as `stop` grows, the frames
            chosen stay.
        theta : array (count, size)
            Their parameters, a view.
        """
        held = -(-stop // self.stride)
        step = 1
        while held > step * most:
            step *= 2
        theta = self._kept[:held:step]
        return np.arange(len(theta)) * (step * self.stride), theta

    def spec_at(self, frame: int) -> NetworkSpec:
        """Return the network of a frame: `spec`, but for its activations."""
        return next(phase.spec for phase in reversed(self.phases) if phase.start <= frame)

    def blocks(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Cut the frames start … stop − 1 into ranges, each of one phase and `block_size`."""
        while start < stop:
            last = min(start + self.block_size(), stop, self.end_of_phase(start))
            yield start, last
            start = last

    def block_size(self) -> int:
        """Return how many frames to ask of `passes` at a time, for some 16 MB of buffers."""
        per_frame = 4 * self.data.examples * sum(self.spec.layers[1:]) + 2 * self.layout.size
        return max(2, 2**21 // per_frame)

    def end_of_phase(self, frame: int) -> int:
        """Return the first frame after one that has another network; if none has, `capacity`."""
        later = (phase.start for phase in self.phases if phase.start > frame)
        return min(next(later, self.capacity), self.capacity)

    def passes(self, start: int, stop: int) -> NetworkStack:
        """Return the finished pass of frames start … stop − 1, stacked along its last axis.

        The frames are of one phase (see `blocks`). Where there is one example only, the stack
        may be one longer than asked (see `NetworkStack`).
        """
        if stop > self.end_of_phase(start):
            raise ValueError(f"frames {start} … {stop - 1} have different activations")
        done = NetworkStack(self.spec_at(start), self.data.X, self.data.Y, stop - start)
        done.load(self.parameters(start, stop).T)
        _run(done)
        return done

    def extend(self, theta: Array, losses: Array) -> None:
        """Append frames: theta (frames, size), losses (frames,). For the one who trains."""
        start, stop = self._length, self._length + len(losses)
        first = -(-start // self.stride)
        kept = theta[first * self.stride - start :: self.stride]
        self._kept[first : first + len(kept)] = kept
        self._losses[start:stop] = losses
        if self.stride > 1:
            self._latest = (start, np.array(theta))
        self._length = stop

    def _frame(self, index: int, theta: Array, loss: float | None) -> Frame:
        """Run the parameters (size,) of a frame through the pass; without the loss, compute it."""
        with self._lone_pass_is_free:
            return self._frame_of(self._lone_pass, index, theta, loss)

    def _frame_of(self, done: NetworkStack, index: int, theta: Array, loss: float | None) -> Frame:
        done.set_activations(self.spec_at(index))
        done.load(theta[:, None])
        _run(done)
        if loss is None:
            with np.errstate(all="ignore"):
                loss = float(done.losses(done.Z[-1])[0])
        layers = range(1, self.layout.depth + 1)
        nothing = _frozen(np.empty((0, 0)))

        def by_layer(arrays: Sequence[Array]) -> tuple[Array, ...]:
            return nothing, *(_frozen(a[..., 0].copy()) for a in arrays)

        return Frame(
            index=index,
            loss=loss,
            W=by_layer([self.layout.weights(done.theta, layer) for layer in layers]),
            b=by_layer([self.layout.biases(done.theta, layer) for layer in layers]),
            Z=by_layer(done.Z[1:]),
            A=(self.data.X, *by_layer(done.A[1:])[1:]),
            dZ=by_layer(done.dZ[1:]),
            dW=by_layer([self.layout.weights(done.gradient, layer) for layer in layers]),
            db=by_layer([self.layout.biases(done.gradient, layer) for layer in layers]),
        )

    def _replay(self, start: int, stop: int) -> Array:
        """Train frames start … stop − 1 again, from the nearest known frame before them."""
        keyframe = start // self.stride
        frame, theta = keyframe * self.stride, self._kept[keyframe]
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
                    result[i - first] = descent.at.theta[:, 0]
                if i + 1 < stop:
                    descent.step()
        self._replayed = (first, result)
        return _frozen(result[start - first :])


def _phases(experiment: Experiment, run: Run) -> tuple[Phase, ...]:
    """Return the networks of a run, each with its first frame."""
    phases = [Phase(0, experiment.network_for(run))]
    for change in run.changes:
        spec = experiment.network_for(run, change.step)
        if spec != phases[-1].spec:
            phases.append(Phase(change.step, spec))
    return tuple(phases)


def _run(done: NetworkStack) -> None:
    """Run a pass whose numbers may be as wild as those of the last frame before divergence."""
    with np.errstate(all="ignore"):
        done.forward()
        done.backward()


def _frozen(array: Array) -> Array:
    """Return a read-only view."""
    view = array.view()
    view.setflags(write=False)
    return view
