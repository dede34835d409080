"""Claims on deep networks: which variance preserves the size of activations and gradients."""

from functools import partial

import numpy as np

from engine.claims.claim import Text, cached, exactly, near, register
from engine.claims.runs import comparison, recording, typical
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

claim = partial(register, __name__)

DEEP_TANH, DEEP_SIGMOID, DEEP_RELU = "depth-tanh", "depth-sigmoid", "depth-relu"
HUNDREDTH = Normal(scale=0.01)
STANDARD = Normal(scale=1.0)


@cached
def profiles(name: str) -> dict[str, Profile]:
    """Return the first pass of every run of a built-in depth study, by the name of the run."""
    study = DepthStudy(built_in(name))
    study.compute_all()
    return {run.name: study.profile(i, 0) for i, run in enumerate(study.experiment.runs)}


def mean_square(scheme: LayerInitializer, array: str) -> float:
    """Return the mean of z² or a² over layers 2 to 11 of 40 ReLU networks; array is Z or A."""
    drawn = [depth_profile(scheme, "relu", 12, 100, seed=seed) for seed in range(40)]
    return float(np.mean([np.square(getattr(sizes, array)[1:11]) for sizes in drawn]))


def linear_ratio(scheme: LayerInitializer) -> float:
    """Return |Z10| over |Z1| in a linear network."""
    Z = typical(scheme, "linear", 12, 40).Z
    return float(Z[9] / Z[0])


claim(
    "xavier-for-sigmoid-and-tanh",
    text=Text.LESSON,
    says="Xavier's rule, variance 1/n, keeps gradients stable for sigmoid and for tanh.",
    when="the units are tanh",
    reason="The derivative of sigmoid is at most 0.25, and a variance of 1/n does not compensate "
    "for it. Nor does 16/n, as the derivative is 0.25 only at z = 0.",
    right={
        "|dZ1| over |dZ50|, tanh": (
            (0.08, 0.15),
            lambda: typical(XavierFanIn(), "tanh").gradient_ratio,
        ),
        "|A49| over |A1|, tanh": (
            (0.1, 0.2),
            lambda: typical(XavierFanIn(), "tanh").activation_ratio,
        ),
        "|dZ1| over |dZ50|, tanh, Glorot's formula": (
            (0.08, 0.15),
            lambda: typical(GlorotNormal(), "tanh").gradient_ratio,
        ),
        "|dZ1| over |dZ30|, tanh, as shown": (
            near(0.2285, 0.01),
            lambda: profiles(DEEP_TANH)["1/n"].gradient_ratio,
        ),
    },
    wrong={
        "|dZ1| over |dZ50|, sigmoid": (
            (7e-32, 3e-31),
            lambda: typical(XavierFanIn(), "sigmoid").gradient_ratio,
        ),
        "|dZ1| over |dZ50|, sigmoid, as shown": (
            near(9.03e-32, 0.01),
            lambda: profiles(DEEP_SIGMOID)["1/n"].gradient_ratio,
        ),
        "|dZ1| over |dZ50|, sigmoid, 16/n": (
            (4e-11, 1e-10),
            lambda: typical(Normal(scale=0.4), "sigmoid").gradient_ratio,
        ),
        "|dZ1| over |dZ50|, sigmoid, N(0, 1)": (
            (0.1, 0.6),
            lambda: typical(STANDARD, "sigmoid").gradient_ratio,
        ),
    },
    shown={DEEP_TANH: 29, DEEP_SIGMOID: 49},
    break_it="Open the experiment with thirty tanh layers, and set the unit to sigmoid.",
)

claim(
    "he-for-relu",
    text=Text.LESSON,
    says="He's rule, variance 2/n, is the right one for ReLU.",
    reason="ReLU halves the mean square, and the factor 2 compensates for it in every layer, on "
    "average over networks; with 1/n every layer loses one half.",
    right={
        "mean of z², layers 2 to 11, He": (near(2.0, 0.12), lambda: mean_square(HeNormal(), "Z")),
        "mean of a², layers 2 to 11, He": (near(1.0, 0.12), lambda: mean_square(HeNormal(), "A")),
        "|dZ1| over |dZ50|, He": ((0.6, 1.1), lambda: typical(HeNormal(), "relu").gradient_ratio),
        "|A49| over |A1|, He": (
            (0.35, 0.85),
            lambda: typical(HeNormal(), "relu").activation_ratio,
        ),
        "|A49| over |A1|, 1/n": (
            (2e-8, 6e-8),
            lambda: typical(LecunNormal(), "relu").activation_ratio,
        ),
    },
    shown={DEEP_RELU: 49, "deep-relu": 150},
    break_it="Use 1/n: every layer halves the mean square.",
)

claim(
    "deep-needs-other-than-a-hundredth",
    text=Text.LESSON,
    says="For deep networks 0.01 is not the right constant.",
    reason="A layer of 100 units multiplies by 0.1, so ten layers leave 1e-10.",
    right={
        "|A10|, tanh, N(0, 0.01²)": (
            (8e-11, 1.2e-10),
            lambda: typical(HUNDREDTH, "tanh", 12).A[9],
        ),
        "|A10|, ReLU, N(0, 0.01²)": ((2e-12, 4e-12), lambda: typical(HUNDREDTH, "relu", 12).A[9]),
        "|A10|, tanh, 1/n": ((0.2, 0.25), lambda: typical(XavierFanIn(), "tanh", 12).A[9]),
        "change of the loss in training, tanh, N(0, 0.01²)": (
            (0.0, 0.005),
            lambda: np.ptp(recording("deep-tanh").losses),
        ),
        "final accuracy, tanh, Glorot": (
            exactly(1.0),
            lambda: comparison("deep-tanh").diagnostics[1].accuracy[-1],
        ),
    },
    shown={"depth-training": 100, "deep-tanh": 100, "deep-relu": 100},
    break_it="Set the scale of the first run to 0.14, which is about 1/√50: its loss falls, too.",
)

claim(
    "deep-saturation-vanishes",
    text=Text.LESSON,
    says="In deep networks, too, large weights saturate the units and make the gradients vanish.",
    reason="Weights of size 1 multiply by √100 in each layer, more than the small derivatives "
    "of saturated units reduce: the gradient explodes.",
    wrong={
        "|A29|, tanh, N(0, 1), as shown": (
            near(0.955, 0.01),
            lambda: profiles(DEEP_TANH)["N(0, 1)"].activation[28],
        ),
        "|dZ1| over |dZ30|, tanh, N(0, 1), as shown": (
            near(1.66e10, 0.01),
            lambda: profiles(DEEP_TANH)["N(0, 1)"].gradient_ratio,
        ),
        "|A49|, tanh, N(0, 1)": (near(0.957, 0.01), lambda: typical(STANDARD, "tanh").A[48]),
        "|dZ1| over |dZ50|, tanh, N(0, 1)": (
            (5e16, 1e18),
            lambda: typical(STANDARD, "tanh").gradient_ratio,
        ),
    },
    shown={DEEP_TANH: 0, "deep-tanh": 50},
    break_it="Use weights of size 1/√n.",
)

claim(
    "one-rule-for-every-depth",
    text=Text.BLOG,
    says="With the rule based on the number of inputs, the sums have the same size in every layer.",
    when="the units are linear and the variance is 1/n, or the matrices are orthogonal",
    reason="With ±1/√n each layer multiplies by 1/√3, whatever its width.",
    right={
        "|Z10| over |Z1|, linear, 1/n": (near(1.0, 0.15), lambda: linear_ratio(LecunNormal())),
        "|Z10| over |Z1|, linear, orthogonal": (
            (0.999999, 1.000001),
            lambda: linear_ratio(Orthogonal()),
        ),
    },
    wrong={
        "|Z10| over |Z1|, linear, ±1/√n": (
            near(3.0**-4.5, 0.15),
            lambda: linear_ratio(UniformFanIn()),
        )
    },
    shown={"depth-tanh": 29, "deep-tanh": 0},
    break_it="Change the variance from 1/n to 1/(3n).",
)
