"""Claims on the size of random first weights, and on how much faster a random start is."""

import numpy as np

from engine.claims.claim import ZERO, Numbers, Text, claim, near
from engine.claims.runs import (
    ensemble,
    first_below,
    median_step,
    on_xor,
    recording,
    share_solved,
    solved_on_xor,
)
from engine.ensemble.results import NOT_REACHED
from engine.experiment.experiment import NetworkSpec
from engine.nn.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    Initializer,
    Normal,
    Ones,
    UniformFanIn,
    XavierFanIn,
    Zeros,
)

XOR, XOR_01, MOONS, BLOBS = (
    "zero-tanh-xor",
    "dead-relu-xor",
    "small-tanh-moons",
    "zero-logistic-regression",
)

EIGHT = NetworkSpec(layers=(2, 8, 1))

TROUGH = float(np.log(2.0)) / 2.0
"""The loss where two of the four points of XOR stay at one half."""

ROOT = float(np.sqrt(0.5))
"""The scale of N(0, 1/n) where every unit has two inputs."""


def falls(name: str, init: Initializer, below: float, steps: int) -> float:
    """Return the median step at which 2-8-1 of tanh falls below a loss."""
    return median_step(ensemble(name, EIGHT, init, 40, 1.0, steps, below))


@claim(
    "random-is-faster",
    text=Text.FORUM,
    says="A random start converges faster than one from zeros or ones.",
    when="there is a hidden layer, and one unit of it is not enough",
    reason="Two clouds need one line, which equal units draw as fast.",
    right={
        "step below 0.5 on noisy moons, N(0, 1/n)": (0, 6),
        "step below 0.5 on noisy moons, ones": (28, 42),
        "step below 0.5 on noisy moons, zeros": (-1, -1),
    },
    wrong={
        "step below 0.5 on two clouds, N(0, 1/n)": (0, 2),
        "step below 0.5 on two clouds, ones": (0, 2),
    },
    shown={"noisy-moons-xavier": 5, "noisy-moons-ones": 17, "noisy-moons-zeros": 100},
    break_it="Take data that a line can part.",
)
def _faster() -> Numbers:
    noisy = "noisy-moons-ones"
    return {
        "step below 0.5 on noisy moons, N(0, 1/n)": falls(noisy, XavierFanIn(), 0.5, 300),
        "step below 0.5 on noisy moons, ones": falls(noisy, Ones(), 0.5, 300),
        "step below 0.5 on noisy moons, zeros": falls(noisy, Zeros(), 0.5, 300),
        "step below 0.5 on two clouds, N(0, 1/n)": falls(BLOBS, XavierFanIn(), 0.5, 300),
        "step below 0.5 on two clouds, ones": falls(BLOBS, Ones(), 0.5, 300),
    }


@claim(
    "constants-start-late",
    text=Text.FORUM,
    says="Random starts see the loss drop in the first few rounds; zeros and ones need more than "
    "five to seven to begin.",
    when="the data are like noisy moons, and full-batch steps are counted",
    reason="On circles ones do not begin at all, on two clouds they are as quick as random "
    "weights, and zeros with tanh never begin.",
    right={
        "step below 0.6, random": (0, 1),
        "step below 0.6, random × 0.01": (10, 10),
        "step below 0.6, ones": (17, 17),
    },
    wrong={
        "step below 0.6, zeros": (-1, -1),
        "step below 0.5, circles, ones": (-1, -1),
        "step below 0.6, two clouds, ones": (0, 2),
    },
    shown={"noisy-moons-ones": 17, "noisy-moons-small": 10, "noisy-moons-xavier": 0},
    break_it="Take two clouds, or circles.",
)
def _late() -> Numbers:
    def step(name: str) -> float:
        return first_below(recording(f"noisy-moons-{name}").losses, 0.6)

    return {
        "step below 0.6, random": step("xavier"),
        "step below 0.6, random × 0.01": step("small"),
        "step below 0.6, ones": step("ones"),
        "step below 0.6, zeros": step("zeros"),
        "step below 0.5, circles, ones": falls("equal-circles", Ones(), 0.5, 1000),
        "step below 0.6, two clouds, ones": falls(BLOBS, Ones(), 0.6, 100),
    }


@claim(
    "constants-are-small-and-slow",
    text=Text.FORUM,
    says="Zeros and ones are small numbers, and that is why they are slow.",
    reason="Ones are large, 0.01 is smaller than one and gets going; what hurts is that the "
    "units are equal.",
    wrong={
        "first loss, ones": near(3.08917, 1e-4),
        "first loss, random": near(0.575584, 1e-4),
        "loss after 50 steps, ones": near(0.44964, 1e-3),
        "loss after 50 steps, random × 0.01": near(0.402136, 1e-3),
    },
    shown={"noisy-moons-ones": 0, "noisy-moons-small": 50},
    break_it="Add a little noise to the ones.",
)
def _small() -> Numbers:
    ones, small = recording("noisy-moons-ones").losses, recording("noisy-moons-small").losses
    return {
        "first loss, ones": ones[0],
        "first loss, random": recording("noisy-moons-xavier").losses[0],
        "loss after 50 steps, ones": ones[50],
        "loss after 50 steps, random × 0.01": small[50],
    }


@claim(
    "random-raises-the-chance",
    text=Text.FORUM,
    says="Random values raise the chance of reaching the global minimum.",
    reason="From equal weights XOR is never solved, from random ones more often than not; they "
    "are drawn once and do not swing.",
    right={
        "XOR solved, N(0, 1/n), inputs ±1": (0.64, 0.78),
        "XOR solved, N(0, 1/n), inputs 0 and 1": (0.5, 0.66),
        "XOR solved, ones": ZERO,
        "XOR solved, zeros": ZERO,
    },
    shown={"random-solves-xor": 60, "ones-tanh-xor": 200},
    break_it="Draw them a hundred times too large.",
)
def _chance() -> Numbers:
    return {
        "XOR solved, N(0, 1/n), inputs ±1": solved_on_xor(XavierFanIn()),
        "XOR solved, N(0, 1/n), inputs 0 and 1": solved_on_xor(XavierFanIn(), XOR_01),
        "XOR solved, ones": solved_on_xor(Ones()),
        "XOR solved, zeros": solved_on_xor(Zeros()),
    }


@claim(
    "random-makes-every-unit-useful",
    text=Text.LESSON,
    says="With random weights all units contribute and learn different features.",
    reason="It is likely, not certain: three in ten networks settle where two points of XOR stay "
    "undecided, at ln 2 / 2, and another 5,000 steps lead none of them out.",
    wrong={
        "XOR not solved, N(0, 1/n)": (0.22, 0.36),
        "least loss of those": (TROUGH, TROUGH + 2e-4),
        "least loss after another 5,000 steps": (TROUGH, TROUGH + 1.5e-4),
        "loss of a start that is stuck": near(0.34826, 1e-3),
    },
    shown={"random-stuck-xor": 300},
    break_it="Give the network four hidden units instead of two.",
)
def _useful() -> Numbers:
    results, later = on_xor(XavierFanIn()), on_xor(XavierFanIn(), steps=9000)
    stuck = results.solved == NOT_REACHED
    return {
        "XOR not solved, N(0, 1/n)": 1.0 - share_solved(results),
        "least loss of those": results.loss[stuck].min(),
        "least loss after another 5,000 steps": later.loss[stuck].min(),
        "loss of a start that is stuck": recording("random-stuck-xor").losses[-1],
    }


@claim(
    "right-weights-matter",
    text=Text.BLOG,
    says="The right first weights are very important.",
    reason="The same network on the same task is solved nearly always or nearly never.",
    right={
        "XOR solved, N(0, 0.01²)": (0.03, 0.16),
        "XOR solved, N(0, 0.1²)": (0.93, 1.0),
        "XOR solved, N(0, 1/n)": (0.64, 0.78),
        "XOR solved, N(0, 1/n) × 10": (0.14, 0.3),
        "XOR solved, N(0, 1/n) × 100": (0.0, 0.02),
    },
    shown={"small-tanh-xor": 300, "xavier-tanh-xor": 300, "saturated-hidden-xor": 200},
    break_it="Take a task for which one unit is enough.",
)
def _right() -> Numbers:
    return {
        "XOR solved, N(0, 0.01²)": solved_on_xor(Normal(scale=0.01)),
        "XOR solved, N(0, 0.1²)": solved_on_xor(Normal(scale=0.1)),
        "XOR solved, N(0, 1/n)": solved_on_xor(XavierFanIn()),
        "XOR solved, N(0, 1/n) × 10": solved_on_xor(Normal(scale=10.0 * ROOT)),
        "XOR solved, N(0, 1/n) × 100": solved_on_xor(Normal(scale=100.0 * ROOT)),
    }


@claim(
    "defaults-mostly-work",
    text=Text.BLOG,
    says="The rules that programs use by default mostly work.",
    reason="They differ by factors near one, and so do their outcomes.",
    right={
        "XOR solved, U(±1/√n)": (0.64, 0.8),
        "XOR solved, Glorot": (0.62, 0.78),
        "XOR solved, He": (0.58, 0.78),
        "moons below 0.1, U(±1/√n)": (0.9, 1.0),
        "moons below 0.1, Glorot, uniform": (0.9, 1.0),
        "moons below 0.1, He": (0.9, 1.0),
    },
    shown={"moons": 600, "xavier-tanh-moons": 400},
    break_it="Go fifty layers deep.",
)
def _defaults() -> Numbers:
    def moons(init: Initializer) -> float:
        return share_solved(ensemble(MOONS, EIGHT, init, 40, 1.0, 1000))

    return {
        "XOR solved, U(±1/√n)": solved_on_xor(UniformFanIn()),
        "XOR solved, Glorot": solved_on_xor(GlorotNormal()),
        "XOR solved, He": solved_on_xor(HeNormal()),
        "moons below 0.1, U(±1/√n)": moons(UniformFanIn()),
        "moons below 0.1, Glorot, uniform": moons(GlorotUniform()),
        "moons below 0.1, He": moons(HeNormal()),
    }


def escape(name: str, scale: float, below: float, steps: int) -> float:
    """Return the median step at which 2-4-1 of tanh from N(0, scale²) gets below a loss."""
    network, rate = NetworkSpec(layers=(2, 4, 1)), 2.0 if name == XOR else 1.0
    return median_step(ensemble(name, network, Normal(scale=scale), 50, rate, steps, below))


@claim(
    "hundredth-works-for-one-hidden-layer",
    text=Text.LESSON,
    says="Random numbers times 0.01 work well for networks with one hidden layer.",
    when="inputs by themselves tell something of the class",
    reason="On moons it costs a dozen steps. On XOR no input says anything alone, so the start "
    "is nearly a standstill.",
    right={
        "step below 0.6 on moons, N(0, 0.01²)": (5, 30),
        "step below 0.6 on moons, N(0, 1/n)": (0, 4),
    },
    wrong={
        "step below 0.66 on XOR, N(0, 0.01²), of 3000": (-1, -1),
        "step below 0.66 on XOR, N(0, 1/n)": (0, 8),
        "loss of one start on XOR, 300 steps": near(0.693147, 1e-6),
    },
    shown={"small-tanh-xor": 300, "small-tanh-moons": 14, "xavier-tanh-xor": 19},
    break_it="Exchange moons for XOR.",
)
def _hundredth() -> Numbers:
    return {
        "step below 0.6 on moons, N(0, 0.01²)": escape(MOONS, 0.01, 0.6, 300),
        "step below 0.6 on moons, N(0, 1/n)": escape(MOONS, ROOT, 0.6, 300),
        "step below 0.66 on XOR, N(0, 0.01²), of 3000": escape(XOR, 0.01, 0.66, 3000),
        "step below 0.66 on XOR, N(0, 1/n)": escape(XOR, ROOT, 0.66, 300),
        "loss of one start on XOR, 300 steps": recording("small-tanh-xor").losses[-1],
    }


@claim(
    "smaller-start-waits-longer",
    text=Text.QUESTION,
    says="Zero with a little noise gets going, however little the noise is.",
    when="one can wait: on XOR the time grows with the inverse square of the noise",
    reason="With nothing to follow in a single input, weights of size s push one another by s².",
    right={
        "steps on XOR, s = 0.3": (8, 20),
        "steps on XOR, s = 0.03": (650, 1150),
        "steps on moons, s = 0.001": (10, 40),
    },
    wrong={
        "steps for s = 0.03 over steps for s = 0.3": (55, 95),
        "steps within 3000 for s = 0.01": (-1, -1),
    },
    shown={"small-tanh-xor": 300, "small-tanh-moons": 14},
    break_it="Take moons: there a start ten times smaller waits only a few steps longer.",
)
def _smaller() -> Numbers:
    large, small = escape(XOR, 0.3, 0.66, 3000), escape(XOR, 0.03, 0.66, 3000)
    return {
        "steps on XOR, s = 0.3": large,
        "steps on XOR, s = 0.03": small,
        "steps on moons, s = 0.001": escape(MOONS, 0.001, 0.6, 300),
        "steps for s = 0.03 over steps for s = 0.3": small / large,
        "steps within 3000 for s = 0.01": escape(XOR, 0.01, 0.66, 3000),
    }


@claim(
    "patience-pays-on-xor",
    text=Text.LESSON,
    says="Small random weights are the better start.",
    when="they are not as small as 0.01, and one waits",
    reason="From 0.1 XOR is solved more often than from 1/√n, but it takes four times as long.",
    right={"XOR solved, N(0, 0.1²)": (0.93, 1.0), "XOR solved, N(0, 1/n)": (0.64, 0.78)},
    wrong={
        "XOR solved, N(0, 0.01²)": (0.03, 0.16),
        "median step over that of N(0, 1/n), N(0, 0.1²)": (3, 7),
    },
    shown={"small-tanh-xor": 300, "random-scale": 100},
    break_it="Stop after fifty steps.",
)
def _patience() -> Numbers:
    tenth, root = on_xor(Normal(scale=0.1)), on_xor(XavierFanIn())
    return {
        "XOR solved, N(0, 0.1²)": share_solved(tenth),
        "XOR solved, N(0, 1/n)": share_solved(root),
        "XOR solved, N(0, 0.01²)": solved_on_xor(Normal(scale=0.01)),
        "median step over that of N(0, 1/n), N(0, 0.1²)": median_step(tenth) / median_step(root),
    }


@claim(
    "small-start-for-relu",
    text=Text.LESSON,
    says="Small first weights are recommended for ReLU as well.",
    reason="On moons N(0, 0.01²) reaches a low loss almost never, He's rule nearly always.",
    wrong={
        "moons below 0.1, N(0, 0.01²), ReLU": (0.0, 0.12),
        "moons below 0.1, He, ReLU": (0.65, 0.87),
    },
    shown={"relu-small-start": 1000},
    break_it="Give it ten times as many steps.",
)
def _for_relu() -> Numbers:
    relu = NetworkSpec(layers=(2, 4, 1), hidden="relu")

    def solved(init: Initializer) -> float:
        return share_solved(ensemble(MOONS, relu, init, 100, 0.5, 1000))

    return {
        "moons below 0.1, N(0, 0.01²), ReLU": solved(Normal(scale=0.01)),
        "moons below 0.1, He, ReLU": solved(HeNormal()),
    }
