"""The specification of a network: layer sizes, activations and loss."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta
from msgspec.structs import force_setattr

from engine import Array, Spec, Steepness, error_prefix, require
from engine.nn.activations import ACTIVATIONS, Activation, activation
from engine.nn.losses import LOSSES
from engine.nn.output_heads import MAX_WIDTH, OutputHead, output_head

MAX_PARAMETERS = 2_500_000

Width = Annotated[int, Meta(ge=1, le=MAX_WIDTH)]


def canonical_hidden(hidden: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return the registered names of hidden activations; unknown ones unchanged."""
    if isinstance(hidden, str):
        return ACTIVATIONS.canonical(hidden)
    return tuple(map(ACTIVATIONS.canonical, hidden))


class NetworkSpec(Spec, frozen=True):
    """Layer sizes n0 … nL, activations and loss.

    `beta` is the steepness of sigmoid and tanh units, g(beta z), sigmoid outputs included.
    Names as other libraries write them become the registered ones.
    """

    layers: Annotated[tuple[Width, ...], Meta(min_length=2, max_length=64)] = (2, 2, 1)
    hidden: str | tuple[str, ...] = "tanh"
    output: str = "sigmoid"
    loss: str = "cross-entropy"
    beta: Steepness = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        force_setattr(self, "hidden", canonical_hidden(self.hidden))
        force_setattr(self, "output", ACTIVATIONS.canonical(self.output))
        force_setattr(self, "loss", LOSSES.canonical(self.loss))
        require(
            isinstance(self.hidden, str) or len(self.hidden) == len(self.layers) - 2,
            f"hidden: give one name, or {len(self.layers) - 2}, one for each layer",
        )
        with error_prefix("hidden: "):
            for name in self.hidden_names:
                activation(name)
        with error_prefix("loss: "):
            LOSSES.find(self.loss)
        fewest, most = self.head.output_counts
        require(
            fewest <= self.layers[-1] <= most,
            f"layers: ends with {self.layers[-1]}, but {self.output} needs {fewest} to {most} "
            "outputs, one for each class",
        )
        require(
            self.parameter_count <= MAX_PARAMETERS,
            f"layers: more than {MAX_PARAMETERS:,} parameters; use smaller ones",
        )

    @property
    def hidden_names(self) -> tuple[str, ...]:
        """The activation of every hidden layer."""
        if isinstance(self.hidden, str):
            return (self.hidden,) * (len(self.layers) - 2)
        return self.hidden

    @property
    def hidden_activations(self) -> list[Activation]:
        """The activation of every hidden layer, with its steepness."""
        return [activation(name, self.beta) for name in self.hidden_names]

    @property
    def head(self) -> OutputHead:
        """The output layer with its loss."""
        return output_head(self.output, self.loss, self.beta)

    @property
    def functions(self) -> list[Callable[[Array, Array], None]]:
        """The function of every layer that writes A of a given Z into a second array."""
        return [*(unit.value for unit in self.hidden_activations), self.head.predict]

    @property
    def activations(self) -> list[Activation | None]:
        """The activation of every layer; None for an output that has none for each unit."""
        return [*self.hidden_activations, self.head.activation]

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        return sum(
            n_out * (n_in + 1) for n_in, n_out in zip(self.layers, self.layers[1:], strict=False)
        )
