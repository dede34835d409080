"""The specification of a network: layer sizes, activations and loss."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from msgspec import Meta

from engine.errors import UsageError, error_prefix
from engine.nn.activations import activation
from engine.nn.losses import loss
from engine.spec import Spec, Steepness

MAX_WIDTH = 1024
"""Units of one layer, the inputs' as well."""
MAX_PARAMETERS = 2_500_000

T = TypeVar("T")

Width = Annotated[int, Meta(ge=1, le=MAX_WIDTH)]


def _known(field: str, registry: Callable[[str], T], name: str) -> T:
    """Return what a registry has by a name that a field says; raise `UsageError`."""
    with error_prefix(f"{field}: "):
        return registry(name)


class NetworkSpec(Spec, frozen=True):
    """Layer sizes n0 … nL, activations and loss.

    `beta` is the steepness of sigmoid and tanh units, g(beta z), the output unit's included.
    """

    layers: Annotated[tuple[Width, ...], Meta(min_length=2, max_length=64)] = (2, 2, 1)
    hidden: str | tuple[str, ...] = "tanh"
    output: str = "sigmoid"
    loss: str = "cross-entropy"
    beta: Steepness = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.hidden, str) and len(self.hidden) != len(self.layers) - 2:
            raise UsageError(f"hidden: give one name, or {len(self.layers) - 2}, one a layer")
        for name in self.hidden_names:
            _known("hidden", activation, name)
        allowed = _known("loss", loss, self.loss).outputs
        if self.output not in allowed:
            raise UsageError(
                f'output: {self.loss} needs {" or ".join(allowed)}, not "{self.output}"'
            )
        if self.parameter_count > MAX_PARAMETERS:
            raise UsageError(f"layers: more than {MAX_PARAMETERS:,} parameters; use smaller ones")

    @property
    def hidden_names(self) -> tuple[str, ...]:
        """The activation of every hidden layer."""
        if isinstance(self.hidden, str):
            return (self.hidden,) * (len(self.layers) - 2)
        return self.hidden

    @property
    def parameter_count(self) -> int:
        """How many weights and biases there are."""
        return sum(
            n_out * (n_in + 1) for n_in, n_out in zip(self.layers, self.layers[1:], strict=False)
        )
