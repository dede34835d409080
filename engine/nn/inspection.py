"""Reports on the weights that an initializer draws: shapes, moments, and a first pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, nan, sqrt
from typing import final

import numpy as np

from engine import Array
from engine.nn.activations import Activation
from engine.nn.distributions import Distribution, SampleDistribution
from engine.nn.initializers import Initializer, LayerInitializer, initialize_parameters
from engine.nn.network import NetworkStack, ParameterLayout
from engine.nn.network_spec import NetworkSpec

Shape = tuple[int, ...]

MOST_ERRORS = 2.0
"""Deviations up to this number of standard errors are expected in 19 of 20 cases."""
ROUNDING = 1e-9
"""Relative differences below this are rounding errors."""
REACH = 4.0
"""The half-width of histograms, in promised deviations."""


@final
@dataclass(frozen=True, eq=False)
class LayerReport:
    """The weights of one layer as drawn, and its pass before any training.

    Attributes
    ----------
    layer : int
        Counted from 1.
    weights : array (n_l, n_{l-1})
    shapes : tuple
        The shapes of W and b as drawn.
    wanted : tuple
        The shapes that the layer sizes require: (n_l, n_{l-1}) and (n_l, 1).
    promised : Distribution or None
        The distribution of one weight; None where the scheme has none in closed form.
    draws : int
        The number of independent draws: fewer than weights where units are equal.
    mean, deviation : float
        The moments of the weights.
    mean_error, deviation_error : float
        Their standard errors, from the promised distribution, else from the weights. For a single
        draw, which has no deviation, the promised deviation.
    z_mean, z_deviation, a_mean, a_deviation : float
        The moments of Z and A over units and examples.
    saturated : float
        The share of activations that are saturated (see `Activation.saturated`).
    idle : str
        See `Activation.idle_word`.
    """

    layer: int
    weights: Array
    shapes: tuple[Shape, Shape]
    wanted: tuple[Shape, Shape]
    promised: Distribution | None
    draws: int
    mean: float
    mean_error: float
    deviation: float
    deviation_error: float
    z_mean: float
    z_deviation: float
    a_mean: float
    a_deviation: float
    saturated: float
    idle: str

    @property
    def errors_off(self) -> tuple[float, float]:
        """The distances of mean and deviation from those promised, in standard errors."""
        if self.promised is None:
            return 0.0, 0.0
        return (
            _errors(self.mean - self.promised.mean, self.mean_error, self.promised),
            _errors(self.deviation - self.promised.deviation, self.deviation_error, self.promised),
        )

    @property
    def verdict(self) -> str:
        """The result of the comparison in words; empty without a promised distribution."""
        if self.promised is None:
            return ""
        off = max(self.errors_off)
        if not self.promised.variance:
            return "not what is promised" if off else "exactly what is promised"
        if off <= MOST_ERRORS:
            return f"within {MOST_ERRORS:g} standard errors of what is promised"
        return f"off by {off:.1f} standard errors, more than {MOST_ERRORS:g}"

    @property
    def fits(self) -> bool:
        """Whether W and b have the shapes that the layer sizes require."""
        return self.shapes == self.wanted


def _errors(difference: float, error: float, promised: Distribution) -> float:
    """Return a difference in standard errors; rounding errors count as 0."""
    if abs(difference) <= ROUNDING * (abs(promised.mean) + promised.deviation):
        return 0.0
    return abs(difference) / error if error else inf


@final
@dataclass(frozen=True, eq=False)
class Histogram:
    """Drawn weights and the promised distribution in bins, with a bin around the promised mean.

    Attributes
    ----------
    edges : array (bins + 1,)
    drawn, promised : array (bins,)
        Densities: the bars have area 1. For a distribution without variance, the middle bin has
        all of it. NaN without a distribution.
    """

    edges: Array
    drawn: Array
    promised: Array


def histogram(report: LayerReport, most: int = 61) -> Histogram:
    """Return the weights of a layer in an odd number of bins, at most `most`."""
    weights, promised = report.weights.ravel(), report.promised
    centre = report.mean if promised is None else promised.mean
    spread = report.deviation if promised is None else promised.deviation
    reach = max(REACH * spread, 0.1 * abs(centre)) or 0.5
    half = int(np.clip(1.5 * sqrt(weights.size), 4, (most - 1) // 2))
    edges = np.linspace(centre - reach, centre + reach, 2 * half + 2)
    width = float(edges[1] - edges[0])
    drawn = np.histogram(np.clip(weights, edges[0], edges[-1]), edges)[0] / (weights.size * width)
    density = np.full(2 * half + 1, nan)
    if promised is not None:
        fine = np.linspace(edges[0], edges[-1], 16 * (2 * half + 1) + 1)
        middles = 0.5 * (fine[:-1] + fine[1:])
        density = promised.density(middles).reshape(-1, 16).mean(axis=1)
        if not promised.variance:
            density = np.zeros(2 * half + 1)
            density[half] = 1.0 / width
    return Histogram(edges, drawn, density)


def inspect(
    init: Initializer, spec: NetworkSpec, X: Array, parameters: Mapping[str, Array] | None = None
) -> list[LayerReport]:
    """Return a report on each layer.

    Parameters
    ----------
    init : Initializer
    spec : NetworkSpec
    X : array (n0, m)
        The inputs of the first pass.
    parameters : mapping of str to array, optional
        W1, b1, … if they are already drawn.

    Raises
    ------
    UsageError
        If the scheme cannot draw these layers.
    """
    drawn = initialize_parameters(spec.layers, init) if parameters is None else parameters
    done = NetworkStack(spec, X, np.zeros((spec.layers[-1], X.shape[1])), 1)
    done.load(ParameterLayout(spec.layers).flatten(drawn)[:, None])
    with np.errstate(all="ignore"):
        done.forward()
    return [
        _report(init, layer, drawn, spec, done.Z[layer], done.A[layer], unit)
        for layer, unit in enumerate(spec.activations, start=1)
    ]


def _report(
    init: Initializer,
    layer: int,
    drawn: Mapping[str, Array],
    spec: NetworkSpec,
    Z: Array,
    A: Array,
    unit: Activation | None,
) -> LayerReport:
    W, b = drawn[f"W{layer}"], drawn[f"b{layer}"]
    n_in, n_out = spec.layers[layer - 1], spec.layers[layer]
    promised = init.distribution(n_in, n_out) if isinstance(init, LayerInitializer) else None
    moments = SampleDistribution(W) if promised is None else promised
    deviation = moments.deviation
    # A scheme that copies its numbers has drawn each only once.
    draws = W.size if promised is None else int(np.unique(W).size)
    deviation_error = deviation * sqrt(max(0.0, moments.kurtosis - 1.0) / (4.0 * draws))
    return LayerReport(
        layer=layer,
        weights=W,
        shapes=(W.shape, b.shape),
        wanted=((n_out, n_in), (n_out, 1)),
        promised=promised,
        draws=draws,
        mean=float(W.mean()),
        mean_error=deviation / sqrt(draws),
        deviation=float(W.std()),
        deviation_error=deviation_error if draws > 1 else deviation,
        z_mean=float(Z.mean()),
        z_deviation=float(Z.std()),
        a_mean=float(A.mean()),
        a_deviation=float(A.std()),
        saturated=float(unit.saturated(A).mean()) if unit else 0.0,
        idle=unit.idle_word if unit else "",
    )
