"""What an initializer drew for a network: shapes, moments beside those promised, a first pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan, sqrt
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine.activations import activation
from engine.distributions import Distribution
from engine.experiment import NetworkSpec
from engine.initializers import Initializer, LayerInitializer, initialize_parameters
from engine.network import Layout, Pass

Array = NDArray[np.float64]
Shape = tuple[int, ...]


@final
@dataclass(frozen=True, eq=False)
class LayerReport:
    """One layer as it was drawn, and what it does to the inputs before any training.

    Attributes
    ----------
    layer : int
        From 1 on.
    weights : array (n_l, n_{l-1})
    shapes : tuple
        Of W and of b, as they were drawn.
    wanted : tuple
        The same as the layer sizes ask for them: (n_l, n_{l-1}) and (n_l, 1).
    promised : Distribution or None
        Of one weight; None where the scheme promises none.
    mean, deviation : float
        Of the weights.
    mean_error, deviation_error : float
        Their standard errors, by the promised distribution, else by the weights themselves.
    z_mean, z_deviation, a_mean, a_deviation : float
        Of Z and A over units and examples.
    saturated : float
        The share of activations that are saturated (see `Activation.saturated`).
    """

    layer: int
    weights: Array
    shapes: tuple[Shape, Shape]
    wanted: tuple[Shape, Shape]
    promised: Distribution | None
    mean: float
    mean_error: float
    deviation: float
    deviation_error: float
    z_mean: float
    z_deviation: float
    a_mean: float
    a_deviation: float
    saturated: float

    @property
    def fits(self) -> bool:
        """Whether W and b have the shapes that the layer sizes ask for."""
        return self.shapes == self.wanted


def idle_word(name: str) -> str:
    """Return what an activation's units are called where their slope has all but vanished.

    "saturated" of bounded ones, "inactive" of ReLU; empty of those whose slope never vanishes.
    """
    unit = activation(name)
    if unit.asymptotes:
        return "saturated"
    return "inactive" if unit.saturated(np.zeros(1)).any() else ""


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
        W1, b1, … if they have been drawn already.

    Raises
    ------
    UsageError
        If the scheme cannot draw these layers.
    """
    drawn = initialize_parameters(spec.layers, init) if parameters is None else parameters
    done = Pass(spec, X, np.zeros((spec.layers[-1], X.shape[1])), 1)
    done.load(Layout(spec.layers).flatten(drawn)[:, None])
    with np.errstate(all="ignore"):
        done.forward()
    names = (*spec.hidden_names, spec.output)
    return [
        _report(init, layer, drawn, spec, done.Z[layer], done.A[layer], names[layer - 1])
        for layer in range(1, len(spec.layers))
    ]


def _report(
    init: Initializer,
    layer: int,
    drawn: Mapping[str, Array],
    spec: NetworkSpec,
    Z: Array,
    A: Array,
    name: str,
) -> LayerReport:
    W, b = drawn[f"W{layer}"], drawn[f"b{layer}"]
    n_in, n_out = spec.layers[layer - 1], spec.layers[layer]
    promised = init.distribution(n_in, n_out) if isinstance(init, LayerInitializer) else None
    deviation = float(W.std()) if promised is None else promised.deviation
    kurtosis = nan if promised is None else promised.kurtosis
    if promised is None and deviation:
        kurtosis = float(np.mean((W - W.mean()) ** 4)) / deviation**4
    return LayerReport(
        layer=layer,
        weights=W,
        shapes=(W.shape, b.shape),
        wanted=((n_out, n_in), (n_out, 1)),
        promised=promised,
        mean=float(W.mean()),
        mean_error=deviation / sqrt(W.size),
        deviation=float(W.std()),
        deviation_error=deviation * sqrt((kurtosis - 1.0) / (4.0 * W.size)) if deviation else 0.0,
        z_mean=float(Z.mean()),
        z_deviation=float(Z.std()),
        a_mean=float(A.mean()),
        a_deviation=float(A.std()),
        saturated=float(activation(name, spec.beta).saturated(A).mean()),
    )
