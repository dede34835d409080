"""The search for contradictions: a grid, random experiments, and steps towards the margin."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, final

import numpy as np

from engine.claims.attack.attack import Attack, Domain, Finding, extend

GRID = 8
"""The number of cells of the grid that are computed before experiments are drawn at random."""


@final
class Search:
    """An attack on several claims, which share the experiments of their domains.

    Parameters
    ----------
    attacks : mapping of str to Attack
        By the ids of the claims.
    seed : int
        Starts the random numbers: the same seed computes the same experiments in the same order.

    Attributes
    ----------
    findings : dict of str to Finding
        What has been found so far, by the ids of the claims.
    """

    def __init__(self, attacks: Mapping[str, Attack[Any]], seed: int = 0) -> None:
        self.findings = {id: Finding() for id in attacks}
        self._seed = seed
        self._attacks: dict[Domain[Any], dict[str, Attack[Any]]] = {}
        for id, attack in attacks.items():
            self._attacks.setdefault(attack.domain, {})[id] = attack
        self._rounds = dict.fromkeys(self._attacks, 0)
        self._seconds = dict.fromkeys(self._attacks, 0.0)

    def run(self, seconds: float, report: Callable[[float], None] = lambda _: None) -> None:
        """Search for a time; every domain is searched at least once.

        The time is divided between the domains by the number of their claims. From time to time
        `report` is called with the seconds that have passed.
        """
        began = monotonic()
        for domain in self._attacks:
            self.step(domain)
        while self._attacks and monotonic() < began + seconds:
            self.step(min(self._seconds, key=self._cost))
            report(monotonic() - began)

    def step_all(self, rounds: int = 1) -> None:
        """Compute a number of batches of every domain, whatever the time."""
        for _ in range(rounds):
            for domain in self._attacks:
                self.step(domain)

    def step(self, domain: Domain[Any]) -> None:
        """Compute the next batch of a domain, and judge its claims by it."""
        began, number = monotonic(), self._rounds[domain]
        rng = np.random.Generator(np.random.PCG64([self._seed, number]))
        attacks = self._attacks[domain]
        if number < GRID:
            experiments = domain.draw(rng, cell=number)
        elif number % 2 or not (near := self._nearest(attacks, number)):
            experiments = domain.draw(rng)
        else:
            experiments = domain.vary(near, rng)
        with np.errstate(all="ignore"):
            results = domain.compute(experiments)
            for id, attack in attacks.items():
                finding = self.findings[id]
                self.findings[id] = extend(finding, attack, results, experiments)
        self._rounds[domain] = number + 1
        self._seconds[domain] += monotonic() - began

    def _nearest(self, attacks: Mapping[str, Attack[Any]], number: int) -> Any:
        """Return one of the closest calls of one of the claims, in turns; None without any."""
        turns = [finding.closest for id in attacks if (finding := self.findings[id]).closest]
        if not turns:
            return None
        closest = turns[number // 2 % len(turns)]
        return closest[number // 2 // len(turns) % len(closest)][1]

    def _cost(self, domain: Domain[Any]) -> float:
        return self._seconds[domain] / len(self._attacks[domain])
