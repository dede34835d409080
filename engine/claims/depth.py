"""Claims on deep networks: which variance preserves the size of activations and gradients."""

from functools import partial

import numpy as np

from engine.claims.attack.attack import Attack, Flags
from engine.claims.attack.depth import DeepNetworks, Passes
from engine.claims.claim import Text, cached, derived, near, register
from engine.claims.runs import comparison, recording, typical
from engine.library.built_ins import built_in
from engine.nn.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LayerInitializer,
    LecunNormal,
    Normal,
    Orthogonal,
    UniformFanIn,
    XavierFanIn,
)
from engine.studies.depth.signal_propagation import depth_profile
from engine.studies.depth.study import DepthStudy, Profile
from engine.studies.variance.sums import weighted_sums

claim = partial(register, __name__)

DEEP_TANH, DEEP_SIGMOID, DEEP_RELU = "depth-tanh", "depth-sigmoid", "depth-relu"
HUNDREDTH = Normal(scale=0.01)
STANDARD = Normal(scale=1.0)


PASSES = "first passes of 2 to 50 layers of 2 to 200"
RULES = DeepNetworks(
    f"{PASSES} tanh, sigmoid or linear units, from 1/n and Glorot's rule",
    (XavierFanIn(), LecunNormal(), GlorotNormal(), GlorotUniform()),
    ("tanh", "sigmoid", "linear"),
)
HE = DeepNetworks(f"{PASSES} ReLU units, from He's rule", (HeNormal(), HeUniform()), ("relu",))
CONSTANTS = DeepNetworks(
    f"{PASSES} units of every activation, from N(0, s²), s from 0.01 to 1",
    tuple(Normal(scale=scale) for scale in (0.01, 0.05, 0.2, 1.0)),
)
LARGE = DeepNetworks(
    f"{PASSES} tanh or sigmoid units, from N(0, s²), s from 1 to 3000",
    tuple(Normal(scale=scale) for scale in (1.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)),
    ("tanh", "sigmoid"),
)
ONE_RULE = DeepNetworks(
    f"{PASSES} linear or tanh units, from 1/n and orthogonal matrices",
    (LecunNormal(), Orthogonal()),
    ("linear", "tanh"),
)


def is_hundredth(passes: Passes) -> Flags:
    """Return which passes have at least ten layers with weights from N(0, 0.01²)."""
    return np.asarray((passes.scale == 0.01) & (passes.depth >= 10))


def is_far_above_root(passes: Passes) -> Flags:
    """Return which passes have weights far above √n, and at least ten layers."""
    factor = np.where(passes.has_unit("tanh"), 10.0, 40.0)
    return np.asarray((passes.scale >= factor * np.sqrt(passes.width)) & (passes.depth >= 10))


def keeps_size(passes: Passes) -> Flags:
    """Return which linear passes are orthogonal, or four times as wide as deep."""
    rule = passes.draws(Orthogonal) | (passes.width >= 4 * passes.depth)
    return np.asarray(passes.has_unit("linear") & rule)


@cached
def least_gradient_ratio(scheme: LayerInitializer, unit: str, width: int) -> float:
    """Return the least |dZ1| over |dZ50| of ten networks."""
    passes = (depth_profile(scheme, unit, 50, width, seed=seed) for seed in range(10))
    return min(each.gradient_ratio for each in passes)


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
    when="the units are tanh, and the layers are at least as wide as the network is deep",
    reason="The derivative of sigmoid is at most 0.25, and a variance of 1/n does not compensate "
    "for it. Nor does 16/n, as the derivative is 0.25 only at z = 0. In narrow layers the "
    "gradient depends on chance.",
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
        "least |dZ1| over |dZ50| of ten networks, 3 tanh units in a layer": (
            (0.0, 1e-3),
            lambda: least_gradient_ratio(XavierFanIn(), "tanh", 3),
        ),
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
    attack=Attack(
        RULES, lambda p: 2.0 - np.abs(p.gradients), lambda p: p.has_unit("tanh") & p.is_wide
    ),
)

claim(
    "he-for-relu",
    text=Text.LESSON,
    says="He's rule, variance 2/n, is the right one for ReLU.",
    when="the layers are at least as wide as the network is deep",
    reason="ReLU halves the mean square, and the factor 2 compensates for it in every layer, on "
    "average over networks; with 1/n every layer loses one half. In narrow layers some networks "
    "lose all signals.",
    right={
        "mean of z², layers 2 to 11, He": (
            derived(2.0, 0.12),
            lambda: mean_square(HeNormal(), "Z"),
        ),
        "mean of a², layers 2 to 11, He": (
            derived(1.0, 0.12),
            lambda: mean_square(HeNormal(), "A"),
        ),
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
    wrong={
        "least |dZ1| over |dZ50| of ten networks, 5 ReLU units in a layer": (
            (0.0, 1e-3),
            lambda: least_gradient_ratio(HeNormal(), "relu", 5),
        )
    },
    shown={DEEP_RELU: 49, "deep-relu": 150},
    break_it="Use 1/n: every layer halves the mean square.",
    attack=Attack(HE, lambda p: 2.0 - p.decades, lambda p: p.is_wide),
)

claim(
    "deep-needs-other-than-a-hundredth",
    text=Text.LESSON,
    says="For deep networks 0.01 is not the right constant.",
    when="a layer has far fewer than 10 000 units",
    reason="A layer of 100 units multiplies the signal by 0.1, and ten layers by 1e-10. With "
    "10 000 units 0.01 is 1/√n, the right constant.",
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
            near(1.0, 0.0),
            lambda: comparison("deep-tanh").diagnostics[1].accuracy[-1],
        ),
    },
    wrong={
        "standard deviation of z, N(0, 0.01²), 10 000 inputs": (
            derived(1.0, 0.08),
            lambda: weighted_sums(HUNDREDTH, 10_000, 1000).std(),
        )
    },
    shown={"depth-training": 100, "deep-tanh": 100, "deep-relu": 100},
    break_it="Set the scale of the first run to 0.14, which is about 1/√50: its loss falls, too.",
    attack=Attack(CONSTANTS, lambda p: p.decades - 1.0, is_hundredth),
)

claim(
    "deep-saturation-vanishes",
    text=Text.LESSON,
    says="In deep networks, too, large weights saturate the units and make the gradients vanish.",
    when="the standard deviation of the weights is far above √n, about 10 √n for tanh and 40 √n "
    "for sigmoid",
    reason="Then hardly any unit is unsaturated for an example. Below that, a few unsaturated "
    "units are enough: in layers of 100 units, weights of size 1 multiply their share of the "
    "gradient by about √100 in each layer, and it explodes.",
    right={
        "|dZ1| over |dZ50|, tanh, N(0, 30²)": (
            (1e-50, 1e-25),
            lambda: typical(Normal(scale=30.0), "tanh").gradient_ratio,
        )
    },
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
    attack=Attack(LARGE, lambda p: -p.gradients, is_far_above_root),
)

claim(
    "one-rule-for-every-depth",
    text=Text.BLOG,
    says="With the rule based on the number of inputs, the sums have the same size in every layer.",
    when="the units are linear, and either the matrices are orthogonal, or the variance is 1/n "
    "and the layers are several times as wide as the network is deep",
    reason="With ±1/√n each layer multiplies by 1/√3, whatever its width.",
    right={
        "|Z10| over |Z1|, linear, 1/n": (derived(1.0, 0.15), lambda: linear_ratio(LecunNormal())),
        "|Z10| over |Z1|, linear, orthogonal": (
            derived(1.0, 1e-6),
            lambda: linear_ratio(Orthogonal()),
        ),
    },
    wrong={
        "|Z10| over |Z1|, linear, ±1/√n": (
            derived(3.0**-4.5, 0.15),
            lambda: linear_ratio(UniformFanIn()),
        )
    },
    shown={"depth-tanh": 29, "deep-tanh": 0},
    break_it="Change the variance from 1/n to 1/(3n).",
    attack=Attack(ONE_RULE, lambda p: 0.5 - np.abs(p.activations), keeps_size),
)
