"""Neural networks: activations, losses, initializers, data sets, forward and backward pass."""

from engine.nn.activations import ACTIVATIONS, ASYMPTOTE_MARGIN, Activation, activation
from engine.nn.batches import Batches
from engine.nn.code import Code
from engine.nn.datasets import DATASETS, Data, flipped
from engine.nn.distributions import Distribution
from engine.nn.initializers import (
    SCHEMES,
    AnyInitializer,
    Explicit,
    Initializer,
    Normal,
    Perturbed,
    Zeros,
    initialize_parameters,
)
from engine.nn.inspection import MOST_ERRORS, Histogram, LayerReport, histogram, inspect
from engine.nn.layer_initializer import IndependentInitializer, LayerInitializer
from engine.nn.losses import LOSSES
from engine.nn.network import (
    NetworkStack,
    ParameterLayout,
    keeps_identical_units_identical,
    predict,
)
from engine.nn.network_spec import NetworkSpec, canonical_hidden
from engine.nn.output_heads import MAX_CLASSES, MAX_WIDTH, output_head, output_names
from engine.nn.registry import Registry
from engine.nn.separability import is_separable

__all__ = [
    "ACTIVATIONS",
    "ASYMPTOTE_MARGIN",
    "DATASETS",
    "LOSSES",
    "MAX_CLASSES",
    "MAX_WIDTH",
    "MOST_ERRORS",
    "SCHEMES",
    "Activation",
    "AnyInitializer",
    "Batches",
    "Code",
    "Data",
    "Distribution",
    "Explicit",
    "Histogram",
    "IndependentInitializer",
    "Initializer",
    "LayerInitializer",
    "LayerReport",
    "NetworkSpec",
    "NetworkStack",
    "Normal",
    "ParameterLayout",
    "Perturbed",
    "Registry",
    "Zeros",
    "activation",
    "canonical_hidden",
    "flipped",
    "histogram",
    "initialize_parameters",
    "inspect",
    "is_separable",
    "keeps_identical_units_identical",
    "output_head",
    "output_names",
    "predict",
]
