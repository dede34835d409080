"""Activation functions g(z): each is a class with everything that other modules need of it."""

from inspect import getsource
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn.activation import ACTIVATIONS, ASYMPTOTE_MARGIN, ONE, Activation, activation
from engine.nn.code import Code
from engine.nn.error_function import erfc

__all__ = ["ACTIVATIONS", "ASYMPTOTE_MARGIN", "ONE", "Activation", "activation"]


@ACTIVATIONS.register
@final
class Sigmoid(Activation):
    """The logistic function; exp overflows to infinity for z < -709, where 1/inf = 0 is right."""

    name = "sigmoid"
    aliases = ("logistic", "expit")
    asymptotes = (0.0, 1.0)
    reach = 7.0
    scalable = True
    code = Code(
        numpy="1 / (1 + np.exp(-{z}))",
        torch="torch.sigmoid({z})",
        jax="jax.nn.sigmoid({z})",
        latex=r"\frac{1}{1 + e^{-{z}}}",
    )
    slope_code = Code(numpy="(1 - {a}) * {a}", latex="{a} ( 1 - {a} )")

    def value(self, z: Array, out: Array) -> None:
        np.negative(z, out)
        np.exp(out, out)
        np.add(out, ONE, out)
        np.reciprocal(out, out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.subtract(ONE, a, out)
        np.multiply(a, out, out)


@ACTIVATIONS.register
@final
class Tanh(Activation):
    """The hyperbolic tangent."""

    name = "tanh"
    asymptotes = (-1.0, 1.0)
    scalable = True
    code = Code(
        numpy="np.tanh({z})", torch="torch.tanh({z})", jax="jnp.tanh({z})", latex=r"\tanh {z}"
    )
    slope_code = Code(numpy="1 - {a} * {a}", latex="1 - {a}^2")

    def value(self, z: Array, out: Array) -> None:
        np.tanh(z, out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.multiply(a, a, out)
        np.subtract(ONE, out, out)


@ACTIVATIONS.register
@final
class Relu(Activation):
    """The rectified linear unit, with relu′(0) = 0; units with z ≤ 0 are inactive."""

    name = "relu"
    corners = (0.0,)
    code = Code(
        numpy="np.maximum({z}, 0)",
        torch="torch.relu({z})",
        jax="jax.nn.relu({z})",
        latex=r"\max(0, {z})",
    )
    slope_code = Code(numpy="({a} > 0) * 1.0", latex="[ {a} > 0 ]")
    idle_word = "inactive"

    def value(self, z: Array, out: Array) -> None:
        np.maximum(z, 0.0, out=out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.greater(a, 0.0, out)

    def saturated(self, a: Array) -> NDArray[np.bool_]:
        return a <= 0.0


@ACTIVATIONS.register
@final
class Linear(Activation):
    """The identity."""

    name = "linear"
    aliases = ("identity",)
    code = Code(numpy="{z}", torch="{z}", jax="{z}", latex="{z}")
    slope_code = Code(numpy="np.ones_like({a})", latex="1")
    never_idle = "the slope never vanishes"

    def value(self, z: Array, out: Array) -> None:
        np.copyto(out, z)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        out.fill(1.0)


@ACTIVATIONS.register
@final
class LeakyRelu(Activation):
    """ReLU with slope 0.01 for z ≤ 0, the default of PyTorch and JAX; Keras has 0.2 or 0.3."""

    name = "leaky-relu"
    corners = (0.0,)
    code = Code(
        numpy="np.maximum({z}, 0.01 * {z})",
        torch="torch.nn.functional.leaky_relu({z}, 0.01)",
        jax="jnp.where({z} > 0, {z}, 0.01 * {z})",  # jax.nn.leaky_relu has slope 1 at 0
        latex=r"\max(0.01 {z}, {z})",
    )
    slope_code = Code(numpy="np.where({a} > 0, 1.0, 0.01)", latex="1 - 0.99 [ {a} \\leq 0 ]")
    never_idle = Linear.never_idle

    def value(self, z: Array, out: Array) -> None:
        np.maximum(z, 0.01 * z, out=out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.copyto(out, np.where(a > 0.0, 1.0, 0.01))


@ACTIVATIONS.register
@final
class Elu(Activation):
    """z for z > 0, else e^z − 1: the exponential linear unit with α = 1."""

    name = "elu"
    asymptotes = (-1.0,)
    reach = 6.0
    code = Code(
        numpy="np.maximum({z}, 0) + np.expm1(np.minimum({z}, 0))",
        torch="torch.nn.functional.elu({z})",
        jax="jax.nn.elu({z})",
        latex=r"\max(0, {z}) + e^{\min(0, {z})} - 1",
    )
    slope_code = Code(numpy="np.minimum({a}, 0) + 1", latex=r"1 + \min(0, {a})")

    def value(self, z: Array, out: Array) -> None:
        np.add(np.maximum(z, 0.0), np.expm1(np.minimum(z, 0.0)), out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.add(np.minimum(a, 0.0), ONE, out)


@ACTIVATIONS.register
@final
class Gelu(Activation):
    """z · Φ(z) with the normal distribution function Φ, exact: no approximation by tanh.

    Hendrycks & Gimpel 2016. For z → −∞ value and slope vanish, but the value is 0 at z = 0, too,
    where the slope is ½, so no value counts as saturated.
    """

    name = "gelu"
    slope_uses_z = True
    code = Code(
        numpy="{z} * (0.5 * erfc({z} * -0.7071067811865476))",
        torch='torch.nn.functional.gelu({z}, approximate="none")',
        jax="jax.nn.gelu({z}, approximate=False)",
        latex=r"{z} \, \Phi({z})",
        definitions=getsource(erfc),
    )
    slope_code = Code(
        numpy="0.5 * erfc({z} * -0.7071067811865476) "
        "+ {z} * (np.exp({z} * {z} * -0.5) * 0.3989422804014327)",
        latex=r"\Phi({z}) + \frac{{z}}{\sqrt{2 \pi}} e^{-{z}^2 / 2}",
        definitions=getsource(erfc),
    )

    def value(self, z: Array, out: Array) -> None:
        np.multiply(z, 0.5 * erfc(z * -0.7071067811865476), out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        density = np.exp(z * z * -0.5) * 0.3989422804014327
        np.add(0.5 * erfc(z * -0.7071067811865476), z * density, out)


@ACTIVATIONS.register
@final
class Silu(Activation):
    """z · sigmoid(z), also called swish. As of gelu, no value counts as saturated."""

    name = "silu"
    aliases = ("swish",)
    reach = 7.0
    slope_uses_z = True
    code = Code(
        numpy="{z} / (1 + np.exp(-{z}))",
        torch="torch.nn.functional.silu({z})",
        jax="jax.nn.silu({z})",
        latex=r"\frac{{z}}{1 + e^{-{z}}}",
    )
    slope_code = Code(
        numpy="(1 + {z} - {a}) / (1 + np.exp(-{z}))",
        latex=r"\frac{1 + {z} - {a}}{1 + e^{-{z}}}",
    )

    def value(self, z: Array, out: Array) -> None:
        np.divide(z, 1.0 + np.exp(-z), out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.divide(1.0 + z - a, 1.0 + np.exp(-z), out)


@ACTIVATIONS.register
@final
class Softplus(Activation):
    """ln(1 + e^z), a ReLU without its corner."""

    name = "softplus"
    asymptotes = (0.0,)
    reach = 6.0
    code = Code(
        numpy="np.logaddexp(0, {z})",
        torch="torch.nn.functional.softplus({z}, threshold=40.0)",
        jax="jax.nn.softplus({z})",
        latex=r"\ln(1 + e^{{z}})",
    )
    slope_code = Code(numpy="-np.expm1(-{a})", latex="1 - e^{-{a}}")

    def value(self, z: Array, out: Array) -> None:
        np.logaddexp(0.0, z, out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.negative(np.expm1(-a), out)


@ACTIVATIONS.register
@final
class Softsign(Activation):
    """z / (1 + |z|), which approaches ±1 slowly."""

    name = "softsign"
    asymptotes = (-1.0, 1.0)
    reach = 12.0
    code = Code(
        numpy="{z} / (1 + np.abs({z}))",
        torch="torch.nn.functional.softsign({z})",
        jax="jax.nn.soft_sign({z})",
        latex=r"\frac{{z}}{1 + |{z}|}",
    )
    slope_code = Code(numpy="(1 - np.abs({a})) ** 2", latex="( 1 - |{a}| )^2")

    def value(self, z: Array, out: Array) -> None:
        np.divide(z, 1.0 + np.abs(z), out)

    def slope(self, z: Array, a: Array, out: Array) -> None:
        np.square(1.0 - np.abs(a), out)
