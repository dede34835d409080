"""The sizes of activations and gradients in every layer of a deep network."""

from dataclasses import dataclass
from math import isfinite
from typing import final

import numpy as np

from engine import Array, require
from engine.experiment import NetworkSpec
from engine.nn import Activation, LayerInitializer, NetworkStack, ParameterLayout, activation


@final
@dataclass(frozen=True)
class DepthProfile:
    """Sizes layer by layer, from layer 1 to the last one, each as a root mean square.

    Attributes
    ----------
    Z, A, dZ : array (L,)
        Over the units and examples of a layer. dZ is propagated from a random error at the last
        layer, whose units are linear.
    """

    Z: Array
    A: Array
    dZ: Array

    @property
    def gradient_ratio(self) -> float:
        """The size of dZ at the first layer divided by that at the last layer."""
        return float(self.dZ[0] / self.dZ[-1])

    @property
    def activation_ratio(self) -> float:
        """The size of A at the last hidden layer divided by that at the first."""
        return float(self.A[-2] / self.A[0])


def deep_network(unit: str, depth: int, width: int) -> tuple[NetworkSpec, Activation]:
    """Return a network of equal layers with a linear output, and its activation."""
    spec = NetworkSpec(
        layers=(width,) * (depth + 1), hidden=unit, output="linear", loss="mean-squared-error"
    )
    return spec, activation(unit)


def deep_pass(
    scheme: LayerInitializer,
    unit: str,
    depth: int,
    width: int,
    examples: int = 16,
    seed: int = 0,
) -> NetworkStack:
    """Return the finished pass of a deep network with standard normal inputs and errors.

    The errors of the last layer are drawn, and the targets follow from them. If the targets were
    drawn, the error would contain the output, which depends on the same weights, and its gradient
    would be larger than that of an independent error.

    Parameters
    ----------
    scheme : LayerInitializer
        Draws the first weights.
    unit : str
        The activation of every layer but the last, which is linear.
    depth : int
        The number of layers of weights, 2 to 63.
    width : int
        The number of inputs, of units in every layer, and of outputs.

    Raises
    ------
    UsageError
        If there is no such network, or numbers overflow.
    """
    spec, _ = deep_network(unit, depth, width)
    rng = np.random.Generator(np.random.PCG64(seed))
    theta = ParameterLayout(spec.layers).flatten(scheme.parameters(spec.layers, rng))
    X, errors = rng.standard_normal((2, width, examples))
    done = NetworkStack(spec, X, errors, 1)
    done.load(theta[:, None])
    with np.errstate(all="ignore"):
        done.forward()
        _check("Z", done.Z, range(1, depth + 1))
        output = done.A[depth]
        size = max(1.0, root_mean_square(output))  # or rounding would lose the errors
        done.set_examples(X, output - size * errors[..., None])
        done.backward()
        _check("dZ", done.dZ, range(depth, 0, -1))
    return done


def _check(name: str, buffers: list[Array], layers: range) -> None:
    """Raise `UsageError` for the first layer that is not finite."""
    for layer in layers:
        require(
            np.isfinite(buffers[layer]).all(),
            f"{name} of layer {layer} is too large for floats; use smaller weights or fewer layers",
        )


def depth_profile(
    scheme: LayerInitializer,
    unit: str,
    depth: int,
    width: int,
    examples: int = 16,
    seed: int = 0,
) -> DepthProfile:
    """Return the sizes in every layer of a deep network; see `deep_pass`."""
    done = deep_pass(scheme, unit, depth, width, examples, seed)

    def sizes(buffers: list[Array]) -> Array:
        return np.array([root_mean_square(array) for array in buffers[1:]])

    return DepthProfile(sizes(done.Z), sizes(done.A), sizes(done.dZ))


def root_mean_square(array: Array) -> float:
    """Return the root mean square without overflow or underflow of the squares."""
    largest = float(np.abs(array).max())
    if largest == 0.0 or not isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean(np.square(array / largest))))
