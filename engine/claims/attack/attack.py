"""What an attack on a claim consists of: a domain of experiments, a condition, and a margin."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, final

import numpy as np
from numpy.typing import NDArray

from engine.experiment.experiment import Experiment
from engine.types import Array

B = TypeVar("B")
Flags = NDArray[np.bool_]

LEAST_SHARE = 1 / 20
"""The least share of the experiments drawn from a domain that satisfies a condition."""


class Domain(ABC, Generic[B]):
    """A set of experiments of one kind, and how they are computed, many at a time.

    The type parameter is what `compute` returns: the results of some experiments, from which
    conditions and margins are evaluated.

    Attributes
    ----------
    words : str
        The experiments in words, after "checked on N".
    """

    words: str

    @abstractmethod
    def draw(self, rng: np.random.Generator, cell: int | None = None) -> list[Experiment]:
        """Return experiments that can be computed together.

        They are drawn at random, or, with a number, from this cell of a grid.
        """

    @abstractmethod
    def vary(self, experiment: Experiment, rng: np.random.Generator) -> list[Experiment]:
        """Return experiments similar to one, which can be computed together."""

    @abstractmethod
    def compute(self, experiments: Sequence[Experiment]) -> B:
        """Compute experiments that `draw` or `vary` returned together."""


@final
@dataclass(frozen=True)
class Attack(Generic[B]):
    """How a claim can be contradicted.

    Attributes
    ----------
    domain : Domain
        The experiments that are searched.
    margin : callable
        From the results of n experiments to numbers (n,): how far each is from contradicting the
        claim. A negative number contradicts it; NaN if an experiment decides nothing.
    when : callable or None
        From the same to booleans (n,): which experiments satisfy the condition of the claim.
        None if all do.
    unneeded : callable or None
        From the same to booleans (n,): where the claim is certainly true. Such an experiment
        contradicts a condition that it does not satisfy, because that condition is too narrow.
    """

    domain: Domain[B]
    margin: Callable[[B], Array]
    when: Callable[[B], Flags] | None = None
    unneeded: Callable[[B], Flags] | None = None


@final
@dataclass(frozen=True)
class Finding:
    """What an attack on one claim has found so far.

    Attributes
    ----------
    drawn : int
        The number of experiments that were computed.
    tried : int
        The number of these that satisfy the condition and decide something.
    contradicted : tuple of Experiment
        Experiments that contradict the claim; at most `MOST_CONTRADICTIONS`.
    closest : tuple of (float, Experiment)
        The least margins of experiments that do not, ascending; at most `MOST_CLOSEST`.
    """

    MOST_CONTRADICTIONS = 3
    MOST_CLOSEST = 3

    drawn: int = 0
    tried: int = 0
    contradicted: tuple[Experiment, ...] = ()
    closest: tuple[tuple[float, Experiment], ...] = field(default=())

    def extended(
        self, experiments: Sequence[Experiment], satisfied: Flags, margins: Array, needless: Flags
    ) -> "Finding":
        """Return the finding with the results of n further experiments."""
        decided = satisfied & ~np.isnan(margins)
        against = (decided & (margins < 0.0)) | needless
        found = [experiments[i] for i in np.flatnonzero(against).tolist()]
        near = np.flatnonzero(decided & ~against)
        near = near[np.argsort(margins[near], kind="stable")][: self.MOST_CLOSEST]
        closest = [*self.closest, *((float(margins[i]), experiments[i]) for i in near.tolist())]
        closest.sort(key=lambda pair: pair[0])
        return replace(
            self,
            drawn=self.drawn + len(experiments),
            tried=self.tried + int(decided.sum()),
            contradicted=(*self.contradicted, *found)[: self.MOST_CONTRADICTIONS],
            closest=tuple(closest[: self.MOST_CLOSEST]),
        )


def evaluate(attack: Attack[Any], results: Any, experiments: Sequence[Experiment]) -> Finding:
    """Return what the computed results of some experiments say about a claim."""
    return extend(Finding(), attack, results, experiments)


def extend(
    finding: Finding, attack: Attack[Any], results: Any, experiments: Sequence[Experiment]
) -> Finding:
    """Return a finding with what further experiments say about the claim."""
    n = len(experiments)
    satisfied = np.ones(n, dtype=bool) if attack.when is None else attack.when(results)
    margins = attack.margin(results) if satisfied.any() else np.full(n, np.nan)
    needless = np.zeros(n, dtype=bool)
    if attack.unneeded is not None and not satisfied.all():
        needless = ~satisfied & attack.unneeded(results)
    return finding.extended(experiments, satisfied, margins, needless)
