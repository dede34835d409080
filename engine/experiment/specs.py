"""The parts of an experiment: data, training, and runs with edits and changes of settings."""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from msgspec.structs import force_setattr

from engine import NotNegative, Positive, Real, Seed, Spec, UsageError, counted, require
from engine.nn import (
    DATASETS,
    LOSSES,
    AnyInitializer,
    Data,
    Zeros,
    canonical_hidden,
    flipped,
)

MAX_EXAMPLES = 100_000
MAX_ACTIVATIONS = 10_000_000
"""The most activations of all units for all examples; training takes about 170 bytes for each."""
MAX_STEPS = 10_000_000

ParameterName = Annotated[str, Meta(pattern="^[Wb][1-9][0-9]?$")]
Index = Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1, max_length=2)]
Steps = Annotated[int, Meta(ge=0, le=MAX_STEPS)]


class DataSpec(Spec, frozen=True, dict=True):
    """The examples: a registered data set by `name`, or `points` given one by one.

    A point is x1 … xn, then one y for each output unit. The default is the set xor. `flip` is the
    share of examples whose labels are wrong, for any set. The loaded examples are cached.
    """

    name: str | None = None
    samples: Annotated[int, Meta(ge=2, le=MAX_EXAMPLES)] = 200
    noise: NotNegative = 0.1
    flip: Annotated[float, Meta(ge=0.0, le=0.5)] = 0.0
    seed: Seed = 0
    points: Annotated[tuple[tuple[Real, ...], ...], Meta(max_length=MAX_EXAMPLES)] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.name is None or self.points is None, "points: excludes name; give one of them")
        require(self.points != (), "points: give at least one point")
        if self.points is None:
            if self.name is None:  # so that equal data are equal specs
                force_setattr(self, "name", "xor")
            DATASETS.find(self.set_name)

    @property
    def set_name(self) -> str:
        """The registered set, or "points"."""
        return self.name or ("xor" if self.points is None else "points")

    @property
    def is_drawn(self) -> bool:
        """Whether the points are drawn at random, and depend on the seed."""
        return self.points is None and DATASETS.find(self.set_name).drawn

    @property
    def depends_on_seed(self) -> bool:
        """Whether the points or the labels depend on the seed."""
        return self.is_drawn or self.flip > 0.0

    @property
    def count(self) -> int:
        """The number of examples."""
        if self.points is not None:
            return len(self.points)
        known = DATASETS.find(self.set_name)
        return self.samples if known.drawn else known.make(0, 0.0, 0).examples

    def load(self, inputs: int, outputs: int) -> Data:
        """Return the examples for a network with these numbers of inputs and outputs.

        Raises
        ------
        UsageError
            If the data have other numbers of inputs or outputs, or labels that cannot be flipped.
        """
        sizes = inputs, outputs
        if sizes not in self._loaded:
            self._loaded[sizes] = self._load(inputs, outputs)
        return self._loaded[sizes]

    @cached_property
    def _loaded(self) -> dict[tuple[int, int], Data]:
        return {}

    def _load(self, inputs: int, outputs: int) -> Data:
        data = self._load_without_flips(inputs, outputs)
        if self.flip == 0.0:
            return data
        require(
            np.isin(data.Y, (0.0, 1.0)).all(), "data.flip: needs targets of 0 or 1; leave it out"
        )
        return flipped(data, self.flip, self.seed)

    def _load_without_flips(self, inputs: int, outputs: int) -> Data:
        if self.points is None:
            known = DATASETS.find(self.set_name)
            require(
                inputs == 2 and outputs <= known.most_classes,
                f'network.layers: begins with {inputs} and ends with {outputs}, but the set "'
                f'{self.set_name}" has 2 inputs and 1 output, or one for each of '
                f"{'' if known.most_classes == 2 else 'up to '}{known.most_classes} classes",
            )
            require(
                not known.drawn or self.samples >= outputs,
                f"data.samples: {self.samples} for {outputs} classes; give one for each at least",
            )
            return known.make(self.samples, self.noise, self.seed, outputs)
        for number, point in enumerate(self.points, start=1):
            if len(point) != inputs + outputs:
                raise UsageError(
                    f"data.points: point {number} has {len(point)} numbers; the network needs "
                    f"{inputs + outputs}: {counted(inputs, 'input')}, then "
                    f"{counted(outputs, 'target')}"
                )
        table = np.array(self.points, dtype=np.float64).T
        return Data(table[:inputs].copy(), table[inputs:].copy())


class TrainingSpec(Spec, frozen=True):
    """Gradient descent: the learning rate η and the number of steps.

    Each step uses all examples, or a batch of `batch_size` of them. Every epoch passes through all
    examples in a new order drawn from `shuffle_seed`, or without `shuffle` in their own order; its
    last batch may be smaller.
    """

    learning_rate: Positive = 0.5
    steps: Steps = 400
    batch_size: Annotated[int, Meta(ge=1, le=MAX_EXAMPLES)] | None = None
    shuffle: bool = True
    shuffle_seed: Seed = 0

    @property
    def order_seed(self) -> int | None:
        """The seed of the orders of the examples; None where batches take them in file order."""
        return self.shuffle_seed if self.shuffle else None


class Edit(Spec, frozen=True):
    """One parameter set by hand at frame `step`, in whose parameters the value is seen.

    `parameter` is W1, b1, W2, …; `index` is (row, column) of a weight, or (row,) or (row, 0) of
    a bias.
    """

    step: Steps
    parameter: ParameterName
    index: Index
    value: Real

    @property
    def entry(self) -> tuple[str, int, int]:
        """The parameter, row and column; the column of a bias is 0."""
        return self.parameter, self.index[0], (*self.index, 0)[1]


def check_position(layers: Sequence[int], parameter: str, index: Sequence[int]) -> None:
    """Raise `UsageError` unless a network of layers n0 … nL has the parameter of an `Edit`."""
    layer, is_weight = int(parameter[1:]), parameter[0] == "W"
    require(
        layer < len(layers),
        f"parameter: there is no {parameter} in a network of {len(layers) - 1} layers of weights",
    )
    shape = (layers[layer], layers[layer - 1] if is_weight else 1)
    require(not is_weight or len(index) == 2, "index: a weight needs two, [row, column]")
    require(
        all(i < n for i, n in zip(index, shape, strict=False)),
        f"index: {list(index)} is outside the shape {list(shape)} of {parameter}",
    )


def _use_registered_names(spec: "Change | Run") -> None:
    """Replace the names of activations as other libraries write them."""
    if spec.hidden is not None:
        force_setattr(spec, "hidden", canonical_hidden(spec.hidden))


class Change(Spec, frozen=True):
    """Other settings of a run from frame `step` on, until a later change.

    The step from frame `step` to the next is the first with the new learning rate. The new
    activations are those of frame `step` itself: like an edit, a change is seen in its own frame.
    The loss cannot change, because its curve must mean one thing. Frame 0 cannot either: the run
    itself gives the settings at the start.
    """

    step: Annotated[int, Meta(ge=1, le=MAX_STEPS)]
    learning_rate: Positive | None = None
    hidden: str | tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _use_registered_names(self)
        require(
            self.learning_rate is not None or self.hidden is not None,
            "learning_rate: missing; a change gives learning_rate or hidden",
        )


class Run(Spec, frozen=True):
    """The first weights of a run, and its settings that differ from those of the experiment."""

    name: str = ""
    init: AnyInitializer = Zeros()
    learning_rate: Positive | None = None
    hidden: str | tuple[str, ...] | None = None
    loss: str | None = None
    edits: tuple[Edit, ...] = ()
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        _use_registered_names(self)
        if self.loss is not None:
            force_setattr(self, "loss", LOSSES.canonical(self.loss))
        for number, (one, other) in enumerate(pairwise(self.changes), start=1):
            require(
                one.step < other.step,
                f"changes[{number}].step: {other.step} does not come after {one.step}; put "
                "changes in order, one for each frame",
            )

    def setting(self, name: str, step: int) -> Any:
        """Return a setting at a frame: of the latest change that has it, or the run's own."""
        changed = [getattr(change, name) for change in self.changes if change.step <= step]
        return next((each for each in reversed(changed) if each is not None), getattr(self, name))
