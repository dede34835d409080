"""Claims on deep networks: which rule keeps activations and gradients of one size."""

import numpy as np

from engine.claims.claim import Numbers, Text, claim, shared
from engine.claims.runs import comparison
from engine.depth import DepthProfile, depth_profile
from engine.initializers import (
    GlorotNormal,
    HeNormal,
    LayerInitializer,
    LecunNormal,
    Normal,
    Orthogonal,
    UniformFanIn,
    XavierFanIn,
)

LAYERS, WIDTH = 50, 100


@shared
def profile(scheme: LayerInitializer, unit: str, depth: int = LAYERS) -> DepthProfile:
    """Return the sizes through a deep network of a hundred units in each layer."""
    return depth_profile(scheme, unit, depth, WIDTH)


def mean_square(scheme: LayerInitializer, layers: slice, of: str) -> float:
    """Return the mean of z² or a² over layers of ReLU and eight networks."""
    squares = []
    for seed in range(8):
        sizes = depth_profile(scheme, "relu", 12, WIDTH, seed=seed)
        squares.append(np.square(sizes.Z if of == "z" else sizes.A)[layers].mean())
    return float(np.mean(squares))


@claim(
    "xavier-for-sigmoid-and-tanh",
    text=Text.LESSON,
    says="Xavier's rule, variance 1/n, keeps gradients stable for sigmoid and for tanh.",
    when="the units are tanh",
    reason="The slope of sigmoid is at most a quarter, and nothing makes up for it: it would take "
    "a variance of 16/n.",
    right={
        "|dZ1| over |dZ50|, tanh": (0.02, 0.6),
        "|A49| over |A1|, tanh": (0.05, 0.4),
        "|dZ1| over |dZ50|, tanh, Glorot's formula": (0.02, 0.6),
    },
    wrong={
        "|dZ1| over |dZ50|, sigmoid": (1e-33, 1e-29),
        "|dZ1| over |dZ50|, sigmoid, N(0, 1)": (0.01, 10.0),
    },
    shown={"depth-tanh": 29, "deep-tanh": 0},
    break_it="Exchange tanh for sigmoid.",
)
def _xavier() -> Numbers:
    tanh = profile(XavierFanIn(), "tanh")
    return {
        "|dZ1| over |dZ50|, tanh": tanh.gradient_ratio,
        "|A49| over |A1|, tanh": tanh.activation_ratio,
        "|dZ1| over |dZ50|, tanh, Glorot's formula": profile(GlorotNormal(), "tanh").gradient_ratio,
        "|dZ1| over |dZ50|, sigmoid": profile(XavierFanIn(), "sigmoid").gradient_ratio,
        "|dZ1| over |dZ50|, sigmoid, N(0, 1)": profile(Normal(scale=1.0), "sigmoid").gradient_ratio,
    }


@claim(
    "he-for-relu",
    text=Text.LESSON,
    says="He's rule, variance 2/n, is the one for ReLU.",
    reason="ReLU throws away half of the mean square, and the factor 2 makes up for it at every "
    "layer; with 1/n half is lost each time.",
    right={
        "mean of z², layers 2 to 11, He": (1.5, 2.5),
        "mean of a², layers 2 to 11, He": (0.75, 1.25),
        "|dZ1| over |dZ50|, He": (0.2, 30.0),
        "|A49| over |A1|, He": (0.1, 5.0),
        "|A49| over |A1|, 1/n": (1e-9, 1e-6),
    },
    shown={"depth-relu": 49, "deep-relu": 150},
    break_it="Use 1/n: every layer halves the mean square.",
)
def _he() -> Numbers:
    he = profile(HeNormal(), "relu")
    return {
        "mean of z², layers 2 to 11, He": mean_square(HeNormal(), slice(1, 11), "z"),
        "mean of a², layers 2 to 11, He": mean_square(HeNormal(), slice(1, 11), "a"),
        "|dZ1| over |dZ50|, He": he.gradient_ratio,
        "|A49| over |A1|, He": he.activation_ratio,
        "|A49| over |A1|, 1/n": profile(LecunNormal(), "relu").activation_ratio,
    }


@claim(
    "deep-needs-other-than-a-hundredth",
    text=Text.LESSON,
    says="For deep networks 0.01 is not the right constant.",
    reason="A layer of a hundred units multiplies by 0.1, so ten layers leave 1e-10.",
    right={
        "|A10|, tanh, N(0, 0.01²)": (5e-11, 2e-10),
        "|A10|, ReLU, N(0, 0.01²)": (5e-13, 1e-11),
        "|A10|, tanh, 1/n": (0.2, 0.5),
        "change of the loss in training, tanh, N(0, 0.01²)": (0.0, 0.005),
        "accuracy in the end, tanh, Glorot": (1.0, 1.0),
    },
    shown={"depth-training": 100, "deep-tanh": 100, "deep-relu": 100},
    break_it="Take layers of ten thousand units: there 0.01 is 1/√n.",
)
def _deep() -> Numbers:
    small = Normal(scale=0.01)
    trained = comparison("deep-tanh")
    return {
        "|A10|, tanh, N(0, 0.01²)": profile(small, "tanh", 12).A[9],
        "|A10|, ReLU, N(0, 0.01²)": profile(small, "relu", 12).A[9],
        "|A10|, tanh, 1/n": profile(XavierFanIn(), "tanh", 12).A[9],
        "change of the loss in training, tanh, N(0, 0.01²)": np.ptp(trained.recordings[0].losses),
        "accuracy in the end, tanh, Glorot": trained.diagnostics[1].accuracy[-1],
    }


@claim(
    "deep-saturation-vanishes",
    text=Text.LESSON,
    says="In deep networks too, large weights saturate the units and make the gradients vanish.",
    reason="Weights of size 1 multiply by √100 at each layer, more than the flat slopes take "
    "away: the gradient explodes.",
    wrong={
        "|A49|, tanh, N(0, 1)": (0.9, 1.0),
        "|dZ1| over |dZ50|, tanh, N(0, 1)": (1e12, 1e24),
    },
    shown={"depth-tanh": 0, "deep-tanh": 50},
    break_it="Use weights of size 1/√n.",
)
def _explodes() -> Numbers:
    large = profile(Normal(scale=1.0), "tanh")
    return {
        "|A49|, tanh, N(0, 1)": large.A[48],
        "|dZ1| over |dZ50|, tanh, N(0, 1)": large.gradient_ratio,
    }


@claim(
    "one-rule-for-every-depth",
    text=Text.BLOG,
    says="The rule by the number of inputs gives every layer sums of the same size.",
    when="the units are linear and the variance is 1/n, or the matrices are orthogonal",
    reason="With ±1/√n each layer multiplies by 1/√3, whatever its width.",
    right={
        "|Z10| over |Z1|, linear, 1/n": (0.6, 1.6),
        "|Z10| over |Z1|, linear, orthogonal": (0.999999, 1.000001),
    },
    wrong={"|Z10| over |Z1|, linear, ±1/√n": (0.004, 0.012)},
    shown={"depth-tanh": 29, "deep-tanh": 0},
    break_it="Change the variance from 1/n to 1/(3n).",
)
def _every_depth() -> Numbers:
    def ratio(scheme: LayerInitializer) -> float:
        Z = depth_profile(scheme, "linear", 12, 40).Z
        return float(Z[9] / Z[0])

    return {
        "|Z10| over |Z1|, linear, 1/n": ratio(LecunNormal()),
        "|Z10| over |Z1|, linear, orthogonal": ratio(Orthogonal()),
        "|Z10| over |Z1|, linear, ±1/√n": ratio(UniformFanIn()),
    }
