"""Claims on ReLU: its scale, and dead units."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.claims.attack import networks as nets
from engine.claims.attack.attack import Attack
from engine.claims.claim import IDENTITY, STATISTICAL, ZERO, Text, cached, exactly, near, register
from engine.claims.runs import descended, first_below, loss, network, recording, slope, spread
from engine.claims.saturation import MOONS, RELU, SATURATED, XOR, above_90, scaled_start
from engine.experiment.experiment import NetworkSpec
from engine.nn.initializers import HeNormal

claim = partial(register, __name__)

XOR_01 = "dead-relu-xor"


def is_dead(name: str, steps: int = 0, rate: float = 0.5) -> NDArray[np.bool_]:
    """Return which ReLU units (2, n) of 2000 networks 2-2-1 from He's rule are dead."""
    spec = network(2, hidden="relu")
    A = descended(spec, name, HeNormal(), 2000, rate, steps).last.A[1]
    return np.asarray((A <= 0.0).all(axis=1))


@cached
def dead_by_layer(steps: int) -> list[NDArray[np.bool_]]:
    """Return which units (2, 200) of each hidden layer of ReLU networks 2-2-2-1 are dead on XOR."""
    spec = NetworkSpec(layers=(2, 2, 2, 1), hidden="relu")
    last = descended(spec, XOR_01, HeNormal(), 200, 0.5, steps).last
    return [np.asarray((last.Z[layer] <= 0.0).all(axis=1)) for layer in (1, 2)]


def revived_units(layer: int) -> float:
    """Return the number of units that are dead at the start and active after 20 steps."""
    return float((dead_by_layer(0)[layer - 1] & ~dead_by_layer(20)[layer - 1]).sum())


def median_initial_loss() -> float:
    """Return the median initial loss on moons of ReLU networks with weights × 100."""
    stack = scaled_start("relu", MOONS, 100.0)
    return float(np.median(stack.losses(stack.Z[-1])))


claim(
    "relu-is-less-critical",
    text=Text.LESSON,
    says="ReLU does not saturate for z > 0, where its derivative is 1, so the scale is less "
    "critical.",
    reason="It learns from weights a hundred times too large, from which tanh and sigmoid hardly "
    "learn.",
    right={
        "derivative of ReLU at z = 1000": (exactly(1.0), lambda: slope(RELU, 1000.0)),
        "share above 90 %, ReLU, weights × 10": ((0.9, 1.0), lambda: above_90("relu", 10.0)),
        "share above 90 %, ReLU, weights × 100": ((0.9, 1.0), lambda: above_90("relu", 100.0)),
        "share above 90 %, tanh, weights × 100": ((0.0, 0.2), lambda: above_90("tanh", 100.0)),
        "share above 90 %, sigmoid, weights × 100": (
            (0.0, 0.2),
            lambda: above_90("sigmoid", 100.0),
        ),
        "step at which ReLU × 100 solves XOR": (
            near(20.0, 0.0),
            lambda: first_below(recording("large-relu-xor").losses, 0.1),
        ),
    },
    shown={"saturation-scale": 100, "large-relu-xor": 20, SATURATED: 20},
    break_it="Make the weights small instead: 0.01 is as bad for ReLU as for tanh.",
    attack=STATISTICAL,
)

claim(
    "relu-does-not-mind-the-scale",
    text=Text.LESSON,
    says="For ReLU the scale of the initial weights matters little.",
    when="the weights are not too small, and large initial losses are acceptable",
    reason="The initial loss grows with the square of the scale, and small weights start as slowly "
    "as those of tanh.",
    right={"share above 90 %, ReLU, weights × 1": ((0.95, 1.0), lambda: above_90("relu", 1.0))},
    wrong={
        "median initial loss, ReLU, weights × 100": ((1500.0, 3000.0), median_initial_loss),
        "share above 90 %, ReLU, weights × 0.1": ((0.65, 0.9), lambda: above_90("relu", 0.1)),
        "initial loss, one start on XOR": (
            near(3195.13, 1e-4),
            lambda: loss("large-relu-xor", 0),
        ),
    },
    shown={"large-relu-xor": 0},
    break_it="Look at the first ten losses.",
    attack=STATISTICAL,
)

claim(
    "relu-only-dies-below-zero",
    text=Text.LESSON,
    says="ReLU has no gradient only where z < 0.",
    when="it refers to one example, not to a unit, and z is not exactly 0, where the gradient is "
    "zero, too",
    reason="A unit with z ≤ 0 for every example gets no gradient at all. With inputs of 0 and 1 "
    "and zero biases, a quarter of the units start like this, and a learning rate of 10 leaves "
    "all units dead.",
    right={
        "derivative at z = −1": (ZERO, lambda: slope(RELU, -1.0)),
        "derivative at z = 1": (exactly(1.0), lambda: slope(RELU, 1.0)),
    },
    wrong={
        "derivative at z = 0": (ZERO, lambda: slope(RELU, 0.0)),
        "dead units at the start, XOR of 0 and 1": ((0.22, 0.28), lambda: is_dead(XOR_01).mean()),
        "networks with a dead unit, XOR of 0 and 1": (
            (0.4, 0.48),
            lambda: is_dead(XOR_01).any(axis=0).mean(),
        ),
        "dead units at the start, XOR of ±1": (ZERO, lambda: is_dead(XOR).mean()),
        "dead units after 400 steps at rate 10, XOR of 0 and 1": (
            (0.99, 1.0),
            lambda: is_dead(XOR_01, 400, 10.0).mean(),
        ),
    },
    shown={"dead-relu-xor": 0, "relu-dead": 100},
    break_it="Centre the inputs: no unit is dead at the start.",
    attack=IDENTITY,
)

claim(
    "dead-units-stay-dead",
    text=Text.LESSON,
    says="A ReLU unit that is dead for every example never recovers.",
    when="the unit is in the first hidden layer, or nothing below it changes",
    reason="No gradient reaches the weights of a dead unit. The inputs of the first layer never "
    "change, but those of a higher layer do, when the layers below learn.",
    right={
        "change of a parameter in 100 steps": (
            ZERO,
            lambda: spread(recording("dead-relu-xor").parameters(0, 101)),
        ),
        "change of the loss in 100 steps": (
            (0.0, 1e-15),
            lambda: np.ptp(recording("dead-relu-xor").losses),
        ),
        "dead units of layer 1 that are active after 20 steps": (ZERO, lambda: revived_units(1)),
        "increase of the share of dead units in 400 steps": (
            (0.06, 0.15),
            lambda: is_dead(XOR_01, 400).mean() - is_dead(XOR_01).mean(),
        ),
    },
    wrong={
        "dead units of layer 2 that are active after 20 steps, of 400": (
            near(5.0, 0.0),
            lambda: revived_units(2),
        ),
    },
    shown={"dead-relu-xor": 100, "relu-dead": 200},
    break_it="Set the bias of the unit to a positive number.",
    attack=Attack(nets.RELU, nets.revival, nets.has_dead_unit),
)
