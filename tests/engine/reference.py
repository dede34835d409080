"""An independent network, written plainly with `@`, as a reference for the engine.

One network at a time, parameters as lists of W[l] and b[l]; derivatives are written in terms of
z, where the engine's are in terms of g(z).
"""

from dataclasses import dataclass

import numpy as np

from engine.types import Array

KNOWN_ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh")
KNOWN_LOSSES = ("cross-entropy", "mean-squared-error")


@dataclass(frozen=True)
class Reference:
    """A network without its parameters."""

    hidden: tuple[str, ...]
    output: str
    loss: str
    beta: float = 1.0

    def function(self, name: str, z: Array) -> Array:
        u = self.beta * z
        return {
            "sigmoid": 0.5 * (1.0 + np.tanh(0.5 * u)),
            "tanh": np.tanh(u),
            "relu": np.where(z > 0.0, z, 0.0),
            "linear": z,
        }[name]

    def derivative(self, name: str, z: Array) -> Array:
        u = self.beta * z
        return {
            "sigmoid": self.beta / (2.0 * np.cosh(0.5 * u)) ** 2,
            "tanh": self.beta / np.cosh(u) ** 2,
            "relu": np.where(z > 0.0, 1.0, 0.0),
            "linear": np.ones_like(z),
        }[name]

    def forward(self, W: list[Array], b: list[Array], X: Array) -> tuple[list[Array], list[Array]]:
        Z, A = [], [X]
        for weights, bias, name in zip(W, b, (*self.hidden, self.output), strict=True):
            Z.append(weights @ A[-1] + bias)
            A.append(self.function(name, Z[-1]))
        return Z, A

    def mean_loss(self, W: list[Array], b: list[Array], X: Array, Y: Array) -> float:
        Z, A = self.forward(W, b, X)
        if self.loss == "cross-entropy":
            u = self.beta * Z[-1]
            each = np.logaddexp(0.0, u) - Y * u
        else:
            each = (A[-1] - Y) ** 2
        return float(each.sum(axis=0).mean())

    def gradients(
        self, W: list[Array], b: list[Array], X: Array, Y: Array
    ) -> tuple[list[Array], list[Array]]:
        Z, A = self.forward(W, b, X)
        m = X.shape[1]
        if self.loss == "cross-entropy":
            dZ = self.beta * (A[-1] - Y)
        else:
            dZ = 2.0 * (A[-1] - Y) * self.derivative(self.output, Z[-1])
        dW: list[Array] = []
        db: list[Array] = []
        for layer in reversed(range(len(W))):
            dW.insert(0, dZ @ A[layer].T / m)
            db.insert(0, dZ.sum(axis=1, keepdims=True) / m)
            if layer:
                slope = self.derivative(self.hidden[layer - 1], Z[layer - 1])
                dZ = (W[layer].T @ dZ) * slope
        return dW, db

    def train(
        self, W: list[Array], b: list[Array], X: Array, Y: Array, rate: float, steps: int
    ) -> tuple[list[Array], list[Array], list[float]]:
        """Return the last parameters and the loss of every frame."""
        losses = [self.mean_loss(W, b, X, Y)]
        for _ in range(steps):
            dW, db = self.gradients(W, b, X, Y)
            W = [w - rate * d for w, d in zip(W, dW, strict=True)]
            b = [w - rate * d for w, d in zip(b, db, strict=True)]
            losses.append(self.mean_loss(W, b, X, Y))
        return W, b, losses
