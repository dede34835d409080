"""The abstract base of the schemes of first weights, and the registry of all schemes."""

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec
import numpy as np

from engine import Array, Seed, Spec
from engine.nn.registry import Registry

Generator = np.random.Generator
Aliases = Mapping[str, Mapping[str, float]]


class _AbstractStructMeta(msgspec.StructMeta, ABCMeta):
    """The metaclass of structs with abstract methods."""


class Initializer(
    Spec, frozen=True, tag_field="scheme", kw_only=True, metaclass=_AbstractStructMeta
):
    """How the first parameters of a network are made; `seed` starts its random numbers.

    Attributes
    ----------
    formula, source : str
        The formula of a weight as plain text, and the paper or text that it comes from.
    short_name : str
        The name of the deviation of its weights on an axis of scales; empty for schemes without a
        mark there.
    note : str
        How other libraries differ under the same name; empty if they do not.
    aliases : mapping of str to mapping
        The names in other libraries, and the parameters that each stands for.
    random : bool
        Whether another seed gives other parameters.
    by_layer : bool
        Whether the fields W and b are W1, b1, W2, … in experiment files.
    """

    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    short_name: ClassVar[str] = ""
    note: ClassVar[str] = ""
    aliases: ClassVar[Aliases] = {}
    random: ClassVar[bool] = True
    by_layer: ClassVar[bool] = False

    seed: Seed = 0

    @property
    def scheme(self) -> str:
        """The registered name, as the experiment file writes it."""
        return str(self.__struct_config__.tag)

    @property
    def draws(self) -> bool:
        """Whether another seed would give other parameters, biases included."""
        return self.random

    def check(self, sizes: Sequence[int]) -> None:
        """Raise `UsageError` if the scheme cannot make parameters for layers of these sizes."""

    @abstractmethod
    def parameters(self, sizes: Sequence[int], rng: Generator) -> dict[str, Array]:
        """Return new arrays W1 (n1, n0), b1 (n1, 1), W2, … for layers of these sizes."""

    def numpy_code(self, sizes: Sequence[int]) -> list[str]:
        """Return the NumPy expressions of W1, W2, …, which draw from `rng`.

        Empty if there are none; copied scripts then contain the weights as numbers.
        """
        return []


_TWO_OF_GLOROT = 'texts mean different variances by it; write "glorot-normal", "glorot-uniform" or '
_EITHER_OF_HE = 'write "he-normal" or "he-uniform"'

SCHEMES: Registry[type[Initializer]] = Registry(
    "scheme",
    absent={
        "xavier": f'{_TWO_OF_GLOROT}"xavier-fan-in"',
        "glorot": 'write "glorot-normal" or "glorot-uniform"',
        "he": _EITHER_OF_HE,
        "kaiming": _EITHER_OF_HE,
        "lecun": 'write "lecun-normal"',
        "Dense": 'Keras draws it by "keras-dense", and Flax by "lecun-normal"',
        "random": 'write "normal" or "uniform"',
        "variance_scaling": "write the scheme of its gain: lecun-, glorot- or he-normal",
        "eye_": 'no scheme sets the identity; give the numbers by the scheme "explicit"',
        "identity": 'no scheme sets the identity; give the numbers by the scheme "explicit"',
        "dirac_": "it is for convolutions, and these networks have none",
        "sparse_": "no scheme sets a share of the weights to zero",
    },
)
"""Every scheme by its name in the experiment file."""


def initialize_parameters(
    layer_sizes: Sequence[int], scheme: Initializer | str, rng: Generator | None = None
) -> dict[str, Array]:
    """Draw the first parameters of a network.

    Parameters
    ----------
    layer_sizes : sequence of int
        n0, n1, …, nL.
    scheme : Initializer or str
        A scheme, or the name of one with its default parameters, also as other libraries write it.
    rng : numpy.random.Generator, optional
        The source of random numbers; by default `Generator(PCG64(scheme.seed))`. Weights are
        drawn layer by layer, in order.

    Returns
    -------
    dict of str to array
        W1 (n1, n0), b1 (n1, 1), W2, b2, … in this order, float64, new arrays.

    Raises
    ------
    UsageError
        For an unknown scheme, or given weights that do not fit the layers.

    >>> from engine.nn.initializers import initialize_parameters
    >>> {name: array.shape for name, array in initialize_parameters([3, 4, 1], "normal").items()}
    {'W1': (4, 3), 'b1': (4, 1), 'W2': (1, 4), 'b2': (1, 1)}
    """
    if isinstance(scheme, str):
        name, parameters = SCHEMES.resolve(scheme)
        scheme = msgspec.convert({"scheme": name, **parameters}, SCHEMES[name])
    if rng is None:
        rng = np.random.Generator(np.random.PCG64(scheme.seed))
    return scheme.parameters(layer_sizes, rng)
