"""Claims on the scale of random initial weights, and on the speed of a random start."""

from functools import partial

import numpy as np

from engine.claims.claim import FALSE, STATISTICAL, ZERO, Text, between, exactly, near, register
from engine.claims.equal_start import CANNOT_CLASSIFY, ZERO_START
from engine.claims.runs import (
    ensemble,
    first_below,
    loss,
    median_step,
    network,
    on_xor,
    recording,
    share_solved,
    solved_on_xor,
)
from engine.ensemble.results import NOT_REACHED
from engine.nn.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    Initializer,
    Normal,
    Ones,
    TorchLinear,
    TruncatedNormal,
    UniformFanIn,
    XavierFanIn,
    Zeros,
)

claim = partial(register, __name__)

XOR, XOR_01, MOONS, BLOBS = (
    "zero-tanh-xor",
    "dead-relu-xor",
    "small-tanh-moons",
    "zero-logistic-regression",
)
NOISY = "noisy-moons-ones"

TROUGH = float(np.log(2.0)) / 2.0
"""The loss where two of the four points of XOR stay at one half."""

ROOT = float(np.sqrt(0.5))
"""The scale of N(0, 1/n) where every unit has two inputs."""
NEVER = near(NOT_REACHED, 0.0)


def step_below(name: str, init: Initializer, below: float, steps: int = 300) -> float:
    """Return the median step at which the loss of 2-8-1 of tanh falls below a bound."""
    return median_step(ensemble(name, network(8), init, 40, 1.0, steps, below))


def noisy_step(scheme: str) -> float:
    """Return the step at which the loss of a built-in experiment on noisy moons is below 0.6."""
    return first_below(recording(f"noisy-moons-{scheme}").losses, 0.6)


def escape(name: str, scale: float, below: float, steps: int) -> float:
    """Return the median step at which 2-4-1 of tanh from N(0, scale²) gets below a loss."""
    rate = 2.0 if name == XOR else 1.0
    return median_step(ensemble(name, network(4), Normal(scale=scale), 50, rate, steps, below))


def moons_solved(init: Initializer) -> float:
    """Return the share of 40 networks 2-8-1 of tanh that solve moons."""
    return share_solved(ensemble(MOONS, network(8), init, 40, 1.0, 1000))


def and_solved(init: Initializer) -> float:
    """Return the share of 200 networks 2-2-1 of tanh that solve AND in 1000 steps."""
    return share_solved(ensemble("zero-tanh-and", network(2), init, 200, 2.0, 1000))


def relu_solved(init: Initializer) -> float:
    """Return the share of 100 networks 2-4-1 of ReLU that solve moons."""
    return share_solved(ensemble(MOONS, network(4, hidden="relu"), init, 100, 0.5, 1000))


def least_stuck_loss(steps: int) -> float:
    """Return the least loss, after some steps, of networks that do not solve XOR in 4000."""
    stuck = on_xor(XavierFanIn()).solved == NOT_REACHED
    return float(on_xor(XavierFanIn(), steps=steps).loss[stuck].min())


claim(
    "random-is-faster",
    text=Text.FORUM,
    says="A random start converges faster than a start from zeros or ones.",
    when="the hidden units are monotonic and no line separates the two classes, or the start is "
    "zero and they are tanh, ReLU or linear",
    reason="Two clouds need only one line. From ones it is found as fast; from zeros, tanh and "
    "ReLU units never find it.",
    right={
        "step below 0.5 on noisy moons, N(0, 1/n)": (
            (0, 6),
            lambda: step_below(NOISY, XavierFanIn(), 0.5),
        ),
        "step below 0.5 on noisy moons, ones": ((28, 42), lambda: step_below(NOISY, Ones(), 0.5)),
        "step below 0.6 on two clouds, zeros": (
            exactly(NOT_REACHED),
            lambda: step_below(BLOBS, Zeros(), 0.6),
        ),
        "step below 0.5 on noisy moons, zeros": (NEVER, lambda: step_below(NOISY, Zeros(), 0.5)),
    },
    wrong={
        "step below 0.5 on two clouds, N(0, 1/n)": (
            (0, 2),
            lambda: step_below(BLOBS, XavierFanIn(), 0.5),
        ),
        "step below 0.5 on two clouds, ones": ((0, 2), lambda: step_below(BLOBS, Ones(), 0.5)),
    },
    shown={"noisy-moons-xavier": 5, "noisy-moons-ones": 17, "noisy-moons-zeros": 100},
    break_it="Choose data that one line separates.",
    attack=CANNOT_CLASSIFY,
)

claim(
    "constants-start-late",
    text=Text.FORUM,
    says="With a random start the loss drops in the first few rounds; with zeros and ones it needs "
    "more than five to seven rounds to begin.",
    when="eight tanh units learn noisy moons with a learning rate of 1, and a round is a "
    "full-batch step",
    reason="From ones the loss does not drop at all on circles, and on two clouds it drops as "
    "fast as from random weights. From zeros with tanh it never drops.",
    right={
        "step below 0.6, random": ((0, 1), lambda: noisy_step("xavier")),
        "step below 0.6, random × 0.01": (near(10.0, 0.0), lambda: noisy_step("small")),
        "step below 0.6, ones": (near(17.0, 0.0), lambda: noisy_step("ones")),
    },
    wrong={
        "step below 0.6, zeros": (NEVER, lambda: noisy_step("zeros")),
        "step below 0.5, circles, ones": (
            NEVER,
            lambda: step_below("equal-circles", Ones(), 0.5, 1000),
        ),
        "step below 0.6, two clouds, ones": ((0, 2), lambda: step_below(BLOBS, Ones(), 0.6, 100)),
    },
    shown={
        "noisy-moons-ones": 17,
        "noisy-moons-small": 10,
        "noisy-moons-xavier": 0,
        "noisy-moons-zeros": 100,
    },
    break_it="Use two clouds, or circles.",
    attack="It states the numbers of one task.",
)

claim(
    "constants-are-small-and-slow",
    text=Text.FORUM,
    says="Zeros and ones are small numbers, which is why they are slow.",
    reason="Ones are large, and weights of 0.01, which are smaller than ones, do learn. The cause "
    "is that the units are equal.",
    wrong={
        "initial loss, ones": (near(3.08917, 1e-4), lambda: loss("noisy-moons-ones", 0)),
        "initial loss, random": (near(0.575584, 1e-4), lambda: loss("noisy-moons-xavier", 0)),
        "loss after 50 steps, ones": (near(0.44964, 1e-3), lambda: loss("noisy-moons-ones", 50)),
        "loss after 50 steps, random × 0.01": (
            near(0.402136, 1e-3),
            lambda: loss("noisy-moons-small", 50),
        ),
    },
    shown={"noisy-moons-ones": 0, "noisy-moons-small": 50, "noisy-moons-xavier": 50},
    break_it="Add a little noise to the ones.",
    attack=FALSE,
)

claim(
    "random-raises-the-chance",
    text=Text.FORUM,
    says="Random values raise the chance of reaching the global minimum.",
    when="the alternative is equal units, the activations are monotonic, and no straight line "
    f"separates the two classes; or in the alternative {ZERO_START}",
    reason="XOR is never solved from equal weights, and mostly from random ones. AND is always "
    "solved from ones, and rarely from random weights × 100.",
    right={
        "XOR solved, N(0, 1/n), inputs ±1": ((0.64, 0.78), lambda: solved_on_xor(XavierFanIn())),
        "XOR solved, N(0, 1/n), inputs 0 and 1": (
            (0.5, 0.66),
            lambda: solved_on_xor(XavierFanIn(), XOR_01),
        ),
        "XOR solved, ones": (ZERO, lambda: solved_on_xor(Ones())),
        "XOR solved, zeros": (ZERO, lambda: solved_on_xor(Zeros())),
    },
    wrong={
        "AND solved, ones": (near(1.0, 0.0), lambda: and_solved(Ones())),
        "AND solved, N(0, 1/n) × 100": (
            (0.03, 0.18),
            lambda: and_solved(Normal(scale=100.0 * ROOT)),
        ),
    },
    shown={"random-solves-xor": 60, "ones-tanh-xor": 200},
    break_it="Draw weights a hundred times too large.",
    attack=CANNOT_CLASSIFY,
)

claim(
    "random-makes-every-unit-useful",
    text=Text.LESSON,
    says="With random weights all units contribute and learn different features.",
    reason="This is likely, not certain: three in ten networks end where two points of XOR have "
    "ŷ = 0.5 and the loss is ln 2 / 2, and another 5,000 steps change that for none of them.",
    wrong={
        "XOR not solved, N(0, 1/n)": (
            (0.22, 0.36),
            lambda: 1.0 - share_solved(on_xor(XavierFanIn())),
        ),
        "least loss of these": (between(TROUGH, TROUGH + 2e-4), lambda: least_stuck_loss(4000)),
        "least loss after another 5,000 steps": (
            between(TROUGH, TROUGH + 1.5e-4),
            lambda: least_stuck_loss(9000),
        ),
        "loss of one such start": (near(0.34826, 1e-3), lambda: loss("random-stuck-xor")),
    },
    shown={"random-stuck-xor": 300},
    break_it="Give the network four hidden units instead of two.",
    attack=FALSE,
)

claim(
    "right-weights-matter",
    text=Text.BLOG,
    says="The right initial weights are very important.",
    reason="Depending on the scale, the same network solves the same task nearly always or nearly "
    "never.",
    right={
        "XOR solved, N(0, 0.01²)": ((0.03, 0.16), lambda: solved_on_xor(Normal(scale=0.01))),
        "XOR solved, N(0, 0.1²)": ((0.93, 1.0), lambda: solved_on_xor(Normal(scale=0.1))),
        "XOR solved, N(0, 1/n)": ((0.64, 0.78), lambda: solved_on_xor(XavierFanIn())),
        "XOR solved, N(0, 1/n) × 10": (
            (0.14, 0.3),
            lambda: solved_on_xor(Normal(scale=10.0 * ROOT)),
        ),
        "XOR solved, N(0, 1/n) × 100": (
            (0.0, 0.02),
            lambda: solved_on_xor(Normal(scale=100.0 * ROOT)),
        ),
    },
    shown={"small-tanh-xor": 300, "xavier-tanh-xor": 300, "saturated-hidden-xor": 200},
    break_it="Choose a task for which one unit is enough.",
    attack=STATISTICAL,
)

claim(
    "defaults-mostly-work",
    text=Text.BLOG,
    says="The rules that programs use by default mostly work.",
    reason="Their scales differ by factors near one, and their results differ little, too.",
    right={
        "XOR solved, U(±1/√n)": ((0.64, 0.8), lambda: solved_on_xor(UniformFanIn())),
        "XOR solved, ±1/√n, biases too": ((0.52, 0.68), lambda: solved_on_xor(TorchLinear())),
        "XOR solved, N(0, 0.7²), truncated": (
            (0.62, 0.78),
            lambda: solved_on_xor(TruncatedNormal(scale=0.7)),
        ),
        "XOR solved, Glorot": ((0.62, 0.78), lambda: solved_on_xor(GlorotNormal())),
        "XOR solved, He": ((0.58, 0.78), lambda: solved_on_xor(HeNormal())),
        "moons below 0.1, U(±1/√n)": ((0.9, 1.0), lambda: moons_solved(UniformFanIn())),
        "moons below 0.1, Glorot, uniform": ((0.9, 1.0), lambda: moons_solved(GlorotUniform())),
        "moons below 0.1, He": ((0.9, 1.0), lambda: moons_solved(HeNormal())),
    },
    shown={"moons": 600, "xavier-tanh-moons": 400},
    break_it="Use fifty layers.",
    attack=STATISTICAL,
)

claim(
    "hundredth-works-for-one-hidden-layer",
    text=Text.LESSON,
    says="Random numbers times 0.01 work well for networks with one hidden layer.",
    when="the classes have different means, as in moons",
    reason="On moons it costs a dozen steps. On XOR and circles both classes have the same mean, "
    "so nearly linear units cannot distinguish them, and the network hardly learns at first.",
    right={
        "step below 0.6 on moons, N(0, 0.01²)": ((5, 30), lambda: escape(MOONS, 0.01, 0.6, 300)),
        "step below 0.6 on moons, N(0, 1/n)": ((0, 4), lambda: escape(MOONS, ROOT, 0.6, 300)),
    },
    wrong={
        "step below 0.66 on XOR, N(0, 0.01²), of 3000": (
            NEVER,
            lambda: escape(XOR, 0.01, 0.66, 3000),
        ),
        "step below 0.66 on XOR, N(0, 1/n)": ((0, 8), lambda: escape(XOR, ROOT, 0.66, 300)),
        "step below 0.6 on circles, N(0, 0.01²)": (
            (400, 1000),
            lambda: escape("equal-circles", 0.01, 0.6, 1500),
        ),
        "loss of one start on XOR, 300 steps": (
            near(0.693147, 1e-6),
            lambda: loss("small-tanh-xor"),
        ),
    },
    shown={"small-tanh-xor": 300, "small-tanh-moons": 14, "xavier-tanh-xor": 19},
    break_it="Replace moons by XOR.",
    attack=STATISTICAL,
)

claim(
    "smaller-start-waits-longer",
    text=Text.QUESTION,
    says="Zero weights with a little noise learn, however small the noise is.",
    when="training is long enough: on XOR the number of steps grows with the inverse square of "
    "the noise",
    reason="A single input of XOR says nothing about the class, so weights of size s grow at a "
    "relative rate proportional to s².",
    right={
        "steps on XOR, s = 0.3": ((8, 20), lambda: escape(XOR, 0.3, 0.66, 3000)),
        "steps on XOR, s = 0.03": ((650, 1150), lambda: escape(XOR, 0.03, 0.66, 3000)),
        "steps on moons, s = 0.001": ((10, 40), lambda: escape(MOONS, 0.001, 0.6, 300)),
    },
    wrong={
        "steps for s = 0.03 over steps for s = 0.3": (
            (55, 95),
            lambda: escape(XOR, 0.03, 0.66, 3000) / escape(XOR, 0.3, 0.66, 3000),
        ),
        "steps within 3000 for s = 0.01": (NEVER, lambda: escape(XOR, 0.01, 0.66, 3000)),
    },
    shown={"small-tanh-xor": 300, "small-tanh-moons": 14},
    break_it="Use moons: there a start ten times smaller takes only a few more steps.",
    attack=STATISTICAL,
)

claim(
    "patience-pays-on-xor",
    text=Text.LESSON,
    says="Small random weights are the better start.",
    when="they are not as small as 0.01, and training is long enough",
    reason="From 0.1 XOR is solved more often than from 1/√n, but it takes four times as long.",
    right={
        "XOR solved, N(0, 0.1²)": ((0.93, 1.0), lambda: solved_on_xor(Normal(scale=0.1))),
        "XOR solved, N(0, 1/n)": ((0.64, 0.78), lambda: solved_on_xor(XavierFanIn())),
    },
    wrong={
        "XOR solved, N(0, 0.01²)": ((0.03, 0.16), lambda: solved_on_xor(Normal(scale=0.01))),
        "median step over that of N(0, 1/n), N(0, 0.1²)": (
            (3, 7),
            lambda: median_step(on_xor(Normal(scale=0.1))) / median_step(on_xor(XavierFanIn())),
        ),
    },
    shown={"small-tanh-xor": 300, "random-scale": 100},
    break_it="Stop after fifty steps.",
    attack=STATISTICAL,
)

claim(
    "small-start-for-relu",
    text=Text.LESSON,
    says="Small initial weights are recommended for ReLU as well.",
    reason="On moons N(0, 0.01²) almost never reaches a low loss, He's rule in most cases.",
    wrong={
        "moons below 0.1, N(0, 0.01²), ReLU": (
            (0.0, 0.12),
            lambda: relu_solved(Normal(scale=0.01)),
        ),
        "moons below 0.1, He, ReLU": ((0.65, 0.87), lambda: relu_solved(HeNormal())),
    },
    shown={"relu-small-start": 1000},
    break_it="Train ten times as many steps.",
    attack=FALSE,
)
