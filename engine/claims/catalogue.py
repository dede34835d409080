"""The catalogue of all claims, topic by topic."""

from collections.abc import Iterator

from engine.claims import (
    depth,
    differences,
    equal_start,
    floating_point,
    formulas,
    logistic,
    perceptron,
    relu,
    saturation,
    scale,
    symmetry,
    variance,
    zero_start,
)
from engine.claims.claim import REGISTERED, Claim, Outcome, measure

TOPICS = (
    formulas,
    symmetry,
    differences,
    zero_start,
    equal_start,
    scale,
    saturation,
    relu,
    logistic,
    perceptron,
    variance,
    depth,
    floating_point,
)

CLAIMS: tuple[Claim, ...] = tuple(
    claim for topic in TOPICS for claim in REGISTERED.values() if claim.topic == topic.__name__
)
"""Every claim, by topic and in the order of the file."""


def measure_all() -> Iterator[Outcome]:
    """Measure the claims one after another, which takes some seconds."""
    for claim in CLAIMS:
        yield measure(claim)
