"""Claims on deep networks: which rule keeps activations and gradients of one size."""

import numpy as np

from engine.claims.claim import Numbers, Text, claim, near, shared
from engine.claims.runs import comparison, typical
from engine.library.built_ins import built_in
from engine.nn.initializers import (
    GlorotNormal,
    HeNormal,
    LayerInitializer,
    LecunNormal,
    Normal,
    Orthogonal,
    UniformFanIn,
    XavierFanIn,
)
from engine.studies.depth.signal_propagation import depth_profile
from engine.studies.depth.study import DepthStudy, Profile

DEEP_TANH, DEEP_SIGMOID, DEEP_RELU = "depth-tanh", "depth-sigmoid", "depth-relu"


@shared
def profiles(name: str) -> dict[str, Profile]:
    """Return the first pass of every run of a built-in depth scene, by the run's name."""
    study = DepthStudy(built_in(name))
    for _ in study.compute():
        pass
    return {run.name: study.profile(i, 0) for i, run in enumerate(study.experiment.runs)}


def mean_squares(scheme: LayerInitializer) -> tuple[float, float]:
    """Return the means of z² and of a² over layers 2 to 11 of ReLU and forty networks."""
    drawn = [depth_profile(scheme, "relu", 12, 100, seed=seed) for seed in range(40)]
    z = np.mean([np.square(sizes.Z[1:11]) for sizes in drawn])
    a = np.mean([np.square(sizes.A[1:11]) for sizes in drawn])
    return float(z), float(a)


@claim(
    "xavier-for-sigmoid-and-tanh",
    text=Text.LESSON,
    says="Xavier's rule, variance 1/n, keeps gradients stable for sigmoid and for tanh.",
    when="the units are tanh",
    reason="The slope of sigmoid is at most a quarter, and 1/n does nothing to make up for it. Nor "
    "is 16/n enough, as the slope is a quarter only at z = 0.",
    right={
        "|dZ1| over |dZ50|, tanh": (0.08, 0.15),
        "|A49| over |A1|, tanh": (0.1, 0.2),
        "|dZ1| over |dZ50|, tanh, Glorot's formula": (0.08, 0.15),
        "|dZ1| over |dZ30|, tanh, as shown": near(0.2285, 0.01),
    },
    wrong={
        "|dZ1| over |dZ50|, sigmoid": (7e-32, 3e-31),
        "|dZ1| over |dZ50|, sigmoid, as shown": near(9.03e-32, 0.01),
        "|dZ1| over |dZ50|, sigmoid, 16/n": (4e-11, 1e-10),
        "|dZ1| over |dZ50|, sigmoid, N(0, 1)": (0.1, 0.6),
    },
    shown={DEEP_TANH: 29, DEEP_SIGMOID: 49},
    break_it="Open the thirty layers of tanh, and set the unit to sigmoid.",
)
def _xavier() -> Numbers:
    tanh = typical(XavierFanIn(), "tanh")
    return {
        "|dZ1| over |dZ50|, tanh": tanh.gradient_ratio,
        "|A49| over |A1|, tanh": tanh.activation_ratio,
        "|dZ1| over |dZ50|, tanh, Glorot's formula": typical(GlorotNormal(), "tanh").gradient_ratio,
        "|dZ1| over |dZ30|, tanh, as shown": profiles(DEEP_TANH)["1/n"].gradient_ratio,
        "|dZ1| over |dZ50|, sigmoid": typical(XavierFanIn(), "sigmoid").gradient_ratio,
        "|dZ1| over |dZ50|, sigmoid, as shown": profiles(DEEP_SIGMOID)["1/n"].gradient_ratio,
        "|dZ1| over |dZ50|, sigmoid, 16/n": typical(Normal(scale=0.4), "sigmoid").gradient_ratio,
        "|dZ1| over |dZ50|, sigmoid, N(0, 1)": typical(Normal(scale=1.0), "sigmoid").gradient_ratio,
    }


@claim(
    "he-for-relu",
    text=Text.LESSON,
    says="He's rule, variance 2/n, is the one for ReLU.",
    reason="ReLU throws away half of the mean square, and the factor 2 makes up for it at every "
    "layer, on average over networks; with 1/n half is lost each time.",
    right={
        "mean of z², layers 2 to 11, He": near(2.0, 0.12),
        "mean of a², layers 2 to 11, He": near(1.0, 0.12),
        "|dZ1| over |dZ50|, He": (0.6, 1.1),
        "|A49| over |A1|, He": (0.35, 0.85),
        "|A49| over |A1|, 1/n": (2e-8, 6e-8),
    },
    shown={DEEP_RELU: 49, "deep-relu": 150},
    break_it="Use 1/n: every layer halves the mean square.",
)
def _he() -> Numbers:
    he, (z, a) = typical(HeNormal(), "relu"), mean_squares(HeNormal())
    return {
        "mean of z², layers 2 to 11, He": z,
        "mean of a², layers 2 to 11, He": a,
        "|dZ1| over |dZ50|, He": he.gradient_ratio,
        "|A49| over |A1|, He": he.activation_ratio,
        "|A49| over |A1|, 1/n": typical(LecunNormal(), "relu").activation_ratio,
    }


@claim(
    "deep-needs-other-than-a-hundredth",
    text=Text.LESSON,
    says="For deep networks 0.01 is not the right constant.",
    reason="A layer of a hundred units multiplies by 0.1, so ten layers leave 1e-10.",
    right={
        "|A10|, tanh, N(0, 0.01²)": (8e-11, 1.2e-10),
        "|A10|, ReLU, N(0, 0.01²)": (2e-12, 4e-12),
        "|A10|, tanh, 1/n": (0.2, 0.25),
        "change of the loss in training, tanh, N(0, 0.01²)": (0.0, 0.005),
        "accuracy in the end, tanh, Glorot": (1.0, 1.0),
    },
    shown={"depth-training": 100, "deep-tanh": 100, "deep-relu": 100},
    break_it="Set the scale of the first run to 0.14, which is about 1/√50: its loss falls, too.",
)
def _deep() -> Numbers:
    small = Normal(scale=0.01)
    trained = comparison("deep-tanh")
    return {
        "|A10|, tanh, N(0, 0.01²)": typical(small, "tanh", 12).A[9],
        "|A10|, ReLU, N(0, 0.01²)": typical(small, "relu", 12).A[9],
        "|A10|, tanh, 1/n": typical(XavierFanIn(), "tanh", 12).A[9],
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
        "|A29|, tanh, N(0, 1), as shown": near(0.955, 0.01),
        "|dZ1| over |dZ30|, tanh, N(0, 1), as shown": near(1.66e10, 0.01),
        "|A49|, tanh, N(0, 1)": near(0.957, 0.01),
        "|dZ1| over |dZ50|, tanh, N(0, 1)": (5e16, 1e18),
    },
    shown={DEEP_TANH: 0, "deep-tanh": 50},
    break_it="Use weights of size 1/√n.",
)
def _explodes() -> Numbers:
    shown, deeper = profiles(DEEP_TANH)["N(0, 1)"], typical(Normal(scale=1.0), "tanh")
    return {
        "|A29|, tanh, N(0, 1), as shown": shown.activation[28],
        "|dZ1| over |dZ30|, tanh, N(0, 1), as shown": shown.gradient_ratio,
        "|A49|, tanh, N(0, 1)": deeper.A[48],
        "|dZ1| over |dZ50|, tanh, N(0, 1)": deeper.gradient_ratio,
    }


@claim(
    "one-rule-for-every-depth",
    text=Text.BLOG,
    says="The rule by the number of inputs gives every layer sums of the same size.",
    when="the units are linear and the variance is 1/n, or the matrices are orthogonal",
    reason="With ±1/√n each layer multiplies by 1/√3, whatever its width.",
    right={
        "|Z10| over |Z1|, linear, 1/n": near(1.0, 0.15),
        "|Z10| over |Z1|, linear, orthogonal": (0.999999, 1.000001),
    },
    wrong={"|Z10| over |Z1|, linear, ±1/√n": near(3.0**-4.5, 0.15)},
    shown={"depth-tanh": 29, "deep-tanh": 0},
    break_it="Change the variance from 1/n to 1/(3n).",
)
def _every_depth() -> Numbers:
    def ratio(scheme: LayerInitializer) -> float:
        Z = typical(scheme, "linear", 12, 40).Z
        return float(Z[9] / Z[0])

    return {
        "|Z10| over |Z1|, linear, 1/n": ratio(LecunNormal()),
        "|Z10| over |Z1|, linear, orthogonal": ratio(Orthogonal()),
        "|Z10| over |Z1|, linear, ±1/√n": ratio(UniformFanIn()),
    }
