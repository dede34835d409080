"""The chain rule for one entry, by the operations of `engine.nn.network` in their order.

Each value is computed by the formula from the other numbers of the frame. `is_exact` is whether
it equals the frame's own number to the last bit. Products are added from first to last, beginning
at 0, and the mean divides after the sum.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from engine import Array
from engine.experiment import NetworkSpec, Quantity
from engine.training import Frame


@final
@dataclass(frozen=True, eq=False)
class Product:
    """A sum of products: left · right, added in order.

    Attributes
    ----------
    left, right : array (terms,)
    total : float
    """

    left: Array
    right: Array
    total: float


@final
@dataclass(frozen=True, eq=False)
class Gradient:
    """An entry of dW[l] or db[l]: the sum of dz[l] a[l-1] over the examples, divided by m.

    For a bias, each a is 1.
    """

    sum: Product
    value: float
    is_exact: bool


@final
@dataclass(frozen=True, eq=False)
class Error:
    """dz[l] of one unit and example.

    Attributes
    ----------
    sum : Product or None
        Of W[l+1] and dz[l+1] over the units above; None at the output, where the loss gives dz.
    slope : float
        g′(z); NaN for an output that depends on several z.
    activation, target : float
        The output and its target; the target is NaN below the output.
    value : float
    is_exact : bool
    """

    sum: Product | None
    slope: float
    activation: float
    target: float
    value: float
    is_exact: bool


@final
@dataclass(frozen=True, eq=False)
class Forward:
    """z[l] and a[l] of one unit and example; the last term of the sum is the bias times 1."""

    sum: Product
    value: float
    is_exact: bool


def frame_value(frame: Frame, quantity: Quantity, example: int = 0) -> float:
    """Return the frame's own number; of Z and A, that of an example."""
    arrays = {"dW": frame.dW, "db": frame.db, "Z": frame.Z, "A": frame.A}[quantity.array]
    column = {"dW": quantity.column, "db": 0}.get(quantity.array, example)
    return float(arrays[quantity.layer][quantity.row, column])


@np.errstate(all="ignore")
def gradient(frame: Frame, quantity: Quantity) -> Gradient:
    """Explain an entry of dW[l] or db[l]."""
    layer, errors = quantity.layer, frame.dZ[quantity.layer][quantity.row]
    is_bias = quantity.array == "db"
    inputs = np.ones_like(errors) if is_bias else frame.A[layer - 1][quantity.column]
    product = _product(errors, inputs)
    value = float(np.divide(product.total, float(len(errors))))
    return Gradient(product, value, _same(value, frame_value(frame, quantity)))


@np.errstate(all="ignore")
def error(spec: NetworkSpec, frame: Frame, targets: Array, place: tuple[int, int, int]) -> Error:
    """Explain dz of a layer, unit and example.

    Parameters
    ----------
    spec : NetworkSpec
    frame : Frame
    targets : array (nL, m)
    place : tuple of int
        Layer, unit and example.
    """
    layer, unit, example = place
    z, a = (each[layer][:, example : example + 1] for each in (frame.Z, frame.A))
    g = spec.activations[layer - 1]
    above: Product | None = None
    target = float("nan")
    slope, delta = np.full_like(a, np.nan), np.empty_like(a)
    if g is not None:
        g.slope(z, a, slope)
    if layer == len(frame.W) - 1:
        y = targets[:, example : example + 1]
        target = float(y[unit, 0])
        spec.head.delta(z, a, y, delta)
    else:
        above = _product(frame.W[layer + 1][:, unit], frame.dZ[layer + 1][:, example])
        np.multiply(above.total, slope, delta)
    value = float(delta[unit, 0])
    exact = _same(value, float(frame.dZ[layer][unit, example]))
    return Error(above, float(slope[unit, 0]), float(a[unit, 0]), target, value, exact)


@np.errstate(all="ignore")
def through_outputs(
    spec: NetworkSpec, frame: Frame, targets: Array, place: tuple[int, int, int]
) -> Product | None:
    """Explain dz of an output that several outputs depend on: Σ ∂L/∂aₖ ∂aₖ/∂z over all of them.

    None where only its own output depends on it. See `error` for the parameters. The total is
    rounded otherwise than dz, which is computed from the short form.
    """
    layer, unit, example = place
    factors = spec.head.chain(frame.A[layer][:, example], targets[:, example])
    return None if factors is None else _product(factors[0], factors[1][:, unit])


@np.errstate(all="ignore")
def forward(spec: NetworkSpec, frame: Frame, place: tuple[int, int, int]) -> Forward:
    """Explain z and a of a layer, unit and example."""
    layer, unit, example = place
    weights = np.append(frame.W[layer][unit], frame.b[layer][unit])
    product = _product(weights, np.append(frame.A[layer - 1][:, example], 1.0))
    z = frame.Z[layer][:, example : example + 1].copy()
    z[unit] = product.total
    a = np.empty_like(z)
    spec.functions[layer - 1](z, a)
    value = float(a[unit, 0])
    exact = _same(product.total, float(frame.Z[layer][unit, example]))
    return Forward(product, value, exact and _same(value, float(frame.A[layer][unit, example])))


def _product(left: Array, right: Array) -> Product:
    terms = np.concatenate([[0.0], left * right])
    return Product(left, right, float(np.add.accumulate(terms)[-1]))


def _same(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)
