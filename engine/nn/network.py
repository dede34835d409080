"""Forward and backward passes of a stack of networks with the same layers.

The stack is the last axis of every array, of length n. All sums run from the first term to the
last for every n, so each network gets the same bits alone and in any stack, and units that start
identical stay identical to the last bit (`einsum` without `optimize` sums every row in the same
order; BLAS does not).
"""

from collections.abc import Mapping, Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from engine import Array
from engine.nn.network_spec import NetworkSpec

LARGEST_REPEATED = 2**17
"""Targets are repeated along the stack up to this number of elements."""
SECONDS_PER_LAYER = 6e-6
"""The approximate overhead of each layer in a pass, forward and backward."""
SECONDS_PER_PRODUCT = 1e-9
"""The time of a pass per product of two numbers, on a slow computer."""
PRODUCTS = 3
"""Products per parameter and example: in z, in dW and in the dZ of the layer below."""


@final
class ParameterLayout:
    """The order of the parameters of layers n0 … nL in one vector.

    Layer after layer, row after row: the incoming weights of a unit, then its bias. With a row of
    ones below the inputs, one product computes both terms of z.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self._offsets = [0]
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            self._offsets.append(self._offsets[-1] + n_out * (n_in + 1))

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self._offsets[-1]

    @property
    def depth(self) -> int:
        """The number L of layers that have weights."""
        return len(self.sizes) - 1

    @property
    def layers(self) -> range:
        """The numbers 1 … L of the layers that have weights."""
        return range(1, self.depth + 1)

    def seconds_for(self, examples: int, n: int = 1) -> float:
        """Return the approximate time of a pass of n networks, in seconds.

        A step of training takes hardly longer. A frame, whose arrays are copied too, takes up to
        three times as long for a small network.
        """
        products = PRODUCTS * self.size * n * examples
        return SECONDS_PER_LAYER * self.depth + SECONDS_PER_PRODUCT * products

    def rows(self, vector: Array, layer: int) -> Array:
        """View the rows [W b] of a layer, (n_l, n_{l-1} + 1, …), of a vector (size, …)."""
        n_in, n_out = self.sizes[layer - 1], self.sizes[layer]
        part = vector[self._offsets[layer - 1] : self._offsets[layer]]
        return part.reshape(n_out, n_in + 1, *vector.shape[1:])

    def weights(self, vector: Array, layer: int) -> Array:
        """View W[layer], (n_l, n_{l-1}, …), of a vector (size, …)."""
        return self.rows(vector, layer)[:, :-1]

    def biases(self, vector: Array, layer: int) -> Array:
        """View b[layer], (n_l, 1, …), of a vector (size, …)."""
        return self.rows(vector, layer)[:, -1:]

    def view(self, vector: Array) -> dict[str, Array]:
        """View a vector (size, …) as W1, b1, W2, … (see `initialize_parameters`)."""
        result = {}
        for layer in self.layers:
            result[f"W{layer}"] = self.weights(vector, layer)
            result[f"b{layer}"] = self.biases(vector, layer)
        return result

    def flatten(self, parameters: Mapping[str, Array]) -> Array:
        """Return W1, b1, W2, … as a vector (size,)."""
        vector = np.empty(self.size)
        for name, view in self.view(vector).items():
            view[...] = parameters[name]
        return vector

    def position(self, parameter: str, index: Sequence[int]) -> int:
        """Return the index in the vector of an entry of W1, b1, …; a bias needs only its row."""
        layer = int(parameter[1:])
        column = index[1] if parameter[0] == "W" else self.sizes[layer - 1]
        return self._offsets[layer - 1] + index[0] * (self.sizes[layer - 1] + 1) + column


@final
class NetworkStack:
    """A stack of n networks that computes forward and backward passes in reused buffers.

    Parameters
    ----------
    spec : NetworkSpec
        Layers, activations and loss, the same for the whole stack.
    X : array (n0, m) or (n0, m, n)
        Inputs, shared by the stack or one set for each network.
    Y : array (nL, m) or (nL, m, n)
        Targets, likewise.
    n : int
        The number of networks.

    Attributes
    ----------
    n : int
        The length of the stack axis: the number of networks, but at least 2 for a single example,
        because a sum over one term has no other axis to run along.
    theta, gradient : array (size, n)
        The parameters, set by the caller, and the derivatives of the mean loss by them.
    Z, A, dZ : list of array (n_l, m, n), by layer
        A[0] is X; Z[0] and dZ[0] are empty. dZ is the derivative of the loss of each example.
    """

    def __init__(self, spec: NetworkSpec, X: Array, Y: Array, n: int) -> None:
        m = X.shape[1]
        self.n = max(n, 2) if m == 1 else n
        self.layout = ParameterLayout(spec.layers)
        self._head = spec.head
        self._m = np.array(float(m))

        layers = self.layout.layers
        self.theta = np.zeros((self.layout.size, self.n))
        self.gradient = np.zeros_like(self.theta)
        self._rows = [self.layout.rows(self.theta, layer) for layer in layers]
        self._weights = [self.layout.weights(self.theta, layer) for layer in layers]
        self._gradient_rows = [self.layout.rows(self.gradient, layer) for layer in layers]

        empty = np.zeros((0, m, self.n))
        self.Z, self.dZ, self._slopes = [empty], [empty], [empty]
        # Below the inputs of each layer, a row of ones for the bias.
        self._inputs = [np.ones((X.shape[0] + 1, m, X.shape[2] if X.ndim == 3 else 1))]
        for size in spec.layers[1:]:
            self._inputs.append(np.ones((size + 1, m, self.n)))
            for buffers in (self.Z, self.dZ, self._slopes):
                buffers.append(np.zeros((size, m, self.n)))
        self.A = [inputs[:-1] for inputs in self._inputs]
        first = self._inputs[0]
        if self.n > 1:
            # Contiguous by example: einsum then finishes a row before the next, and is twice as
            # fast. The sums of a single network would have other bits.
            first = np.ascontiguousarray(first.swapaxes(0, 1)).swapaxes(0, 1)
        self._forward_inputs = [first, *self._inputs[1:]]
        self._has_deltas = False
        self.set_activations(spec)
        self.set_examples(X, Y)

    def set_activations(self, spec: NetworkSpec) -> None:
        """Use the hidden activations of a network that is otherwise the same."""
        self._units = spec.hidden_activations
        layers = (self._rows, self._forward_inputs, self.Z[1:], self.A[1:], spec.functions)
        self._chain = list(zip(*layers, strict=False))

    def set_examples(self, X: Array, Y: Array) -> None:
        """Use other examples of the same shapes."""
        self._Y = Y if Y.ndim == 3 else Y[..., None]
        if self._Y.shape[2] < self.n and Y.size * self.n <= LARGEST_REPEATED:
            # One target for each network: broadcasting at every step takes three times as long.
            self._Y = np.repeat(self._Y, self.n, axis=2)
        self._has_classes = len(Y) == 1 and bool(np.isin(Y, (0.0, 1.0)).all())
        self.A[0][...] = X if X.ndim == 3 else X[..., None]
        self._forward_inputs[0][:-1] = self.A[0]
        layers = self.layout.layers if self.n == 1 else ()
        self._transposed = [self._transpose(layer) for layer in layers]

    def load(self, theta: Array) -> None:
        """Set the parameters to theta (size, k) with k <= n, the last one repeated up to n."""
        self.theta[:, : theta.shape[1]] = theta
        self.theta[:, theta.shape[1] :] = theta[:, -1:]

    def evaluate(self, theta: Array | None = None) -> None:
        """Compute both passes, of the current parameters or of others (size, k); see `load`."""
        if theta is not None:
            self.load(theta)
        self.forward()
        self.backward()

    def forward(self) -> None:
        """Compute Z and A of every layer: Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l])."""
        for rows, inputs, z, a, function in self._chain:
            np.einsum("oin,imn->omn", rows, inputs, out=z)
            function(z, a)
        self._has_deltas = False

    def backward(self) -> None:
        """Compute dZ of every layer and the gradient, after `forward`.

        The division by m follows the sum over the examples: before it, rounding would leave
        1e-18 where balanced data give exactly zero.
        """
        depth = self.layout.depth
        self._head.delta(self.Z[depth], self.A[depth], self._Y, self.dZ[depth])
        for layer in range(depth, 0, -1):
            self._sum_over_examples(layer)
            if layer > 1:
                dz, slope = self.dZ[layer - 1], self._slopes[layer - 1]
                np.einsum("oin,omn->imn", self._weights[layer - 1], self.dZ[layer], out=dz)
                self._units[layer - 2].slope(self.Z[layer - 1], self.A[layer - 1], slope)
                np.multiply(dz, slope, dz)
        np.divide(self.gradient, self._m, self.gradient)
        self._has_deltas = True

    def _sum_over_examples(self, layer: int) -> None:
        """Sum dZ[l] A[l-1]^T and dZ[l] over the examples into the gradient of a layer."""
        if self._transposed:
            # For a single network, the examples are the fastest axis, along which einsum would
            # add in lanes. Transposed copies make it add example by example, as in a stack.
            left, left_copy, right, right_copy, out = self._transposed[layer - 1]
            left_copy[...] = left
            if layer > 1:  # X does not change
                right_copy[...] = right
            np.einsum("mo,mi->oi", left_copy, right_copy, out=out)
        else:
            dz, inputs = self.dZ[layer], self._inputs[layer - 1]
            np.einsum("omn,imn->oin", dz, inputs, out=self._gradient_rows[layer - 1])

    def _transpose(self, layer: int) -> tuple[Array, Array, Array, Array, Array]:
        """Return views of dZ[l] and A[l-1] transposed, each with a copy, and of their product."""
        left, right = self.dZ[layer][..., 0].T, self._inputs[layer - 1][..., 0].T
        out = self._gradient_rows[layer - 1][..., 0]
        return left, left.copy(order="C"), right, right.copy(order="C"), out

    def losses(self, logits: Array) -> Array:
        """Return the mean loss (n, …) of last pre-activations Z[L] of shape (nL, m, n, …)."""
        targets = self._Y.reshape(self._Y.shape + (1,) * (logits.ndim - 3))
        return self._head.mean_loss(logits, targets)

    def is_loss_below(self, bound: float) -> NDArray[np.bool_]:
        """Return which networks (n,) have a loss below a bound, after `forward`."""
        depth = self.layout.depth
        if self._has_classes:
            delta = self.dZ[depth] if self._has_deltas else None
            scratch = self._slopes[depth]  # which the output layer does not use
            return self._head.is_loss_below(
                bound, self.Z[depth], self.A[depth], self._Y, delta, scratch
            )
        return self.losses(self.Z[depth]) < bound


def predict(spec: NetworkSpec, W: Sequence[Array], b: Sequence[Array], X: Array) -> Array:
    """Return the outputs of a network, accurate but for the last bits, as a picture needs.

    Parameters
    ----------
    spec : NetworkSpec
    W, b : sequence of array (n_l, n_{l-1}) and (n_l, 1)
        By layer; entry 0 is ignored.
    X : array (n_0, m)

    Returns
    -------
    array (n_L, m)
    """
    a = X
    for function, weights, bias in zip(spec.functions, W[1:], b[1:], strict=True):
        # `@` would compete with the training for processors.
        z = np.einsum("oi,im->om", weights, a) + bias
        a = np.empty_like(z)
        function(z, a)
    return a


def keeps_identical_units_identical() -> bool:
    """Return whether identical units stay identical to the last bit in a pass on this platform.

    All symmetries shown depend on `einsum` adding the terms of every row in the same order, so the
    program checks this once at the start; it takes about a millisecond.
    """
    rng = np.random.Generator(np.random.PCG64(0))
    for width in (3, 5, 7, 17):
        for n in (1, 3):
            spec = NetworkSpec(layers=(3, width, width, 1))
            X, Y = rng.standard_normal((3, 11)), np.round(rng.random((1, 11)))
            done = NetworkStack(spec, X, Y, n)
            for rows in done._rows:  # equal units: equal rows, equal columns
                rows[...] = rng.standard_normal((1, 1, n))
            done._rows[0][...] = rng.standard_normal((1, 4, n))
            done.evaluate()
            hidden = [*done.Z[1:-1], *done.dZ[1:-1], *done._gradient_rows[:-1]]
            incoming = [rows[:, :-1].swapaxes(0, 1) for rows in done._gradient_rows[1:]]
            if any((units != units[:1]).any() for units in (*hidden, *incoming)):
                return False
    return True
