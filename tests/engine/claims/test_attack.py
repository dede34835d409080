"""The attack contradicts no claim, and every one of several wrong conditions."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.claims.attack import laws
from engine.claims.attack import networks as nets
from engine.claims.attack.attack import LEAST_SHARE, Attack, Flags, evaluate
from engine.claims.attack.perceptrons import Perceptrons
from engine.claims.attack.search import Search
from engine.claims.attack.trainings import Trained, recorded_frames
from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED
from engine.claims.reports import attacks
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.training.comparison import compare

DRAWS = 40
"""The number of random batches in which the share of useful experiments is measured."""


def attack_on(id: str, **changes: Any) -> Attack[Any]:
    attack = REGISTERED[id].attack
    assert isinstance(attack, Attack)
    return replace(attack, **changes)


def contradiction(attack: Attack[Any], rounds: int = 150) -> Search:
    """Search until an experiment contradicts the claim, or for a number of rounds."""
    search = Search({"claim": attack})
    for _ in range(rounds):
        search.step(attack.domain)
        if search.findings["claim"].contradicted:
            return search
    pytest.fail("nothing contradicts the wrong condition")


def test_sixty_claims_can_be_attacked_and_the_others_say_why_not() -> None:
    assert len(attacks()) >= 60
    for claim in CLAIMS:
        if not isinstance(claim.attack, Attack):
            assert claim.attack.endswith("."), claim.id


def test_attack_contradicts_no_claim() -> None:
    search = Search(attacks(), seed=3)
    search.step_all()
    for id, finding in search.findings.items():
        assert [format_experiment(each) for each in finding.contradicted] == [], id
        assert finding.drawn > 0


@pytest.mark.slow
def test_long_attack_contradicts_no_claim() -> None:
    search = Search(attacks(), seed=4)
    search.step_all(8)
    for id, finding in search.findings.items():
        assert [format_experiment(each) for each in finding.contradicted] == [], id
        assert finding.tried > 0, id


@pytest.mark.slow
@pytest.mark.parametrize("id", attacks())
def test_domain_is_not_too_narrow_for_the_condition(id: str) -> None:
    attack, rng = attack_on(id), np.random.Generator(np.random.PCG64(0))
    satisfied, drawn = 0, 0
    with np.errstate(all="ignore"):
        for _ in range(DRAWS):
            experiments = attack.domain.draw(rng)
            satisfied += evaluate(attack, attack.domain.compute(experiments), experiments).tried
            drawn += len(experiments)
    assert satisfied >= LEAST_SHARE * drawn


def nowhere(results: Any) -> Flags:
    return np.zeros(len(results.depth), dtype=bool)


def is_separable_or_not(t: Trained) -> Flags:
    return nets.all_layers_equal(t) & t.classifies


def no_line(t: Trained) -> Flags:
    return is_separable_or_not(t) & ~t.is_separable


def same_weights_and_outgoing(t: Trained) -> Flags:
    """Return where the units of layer 1 have equal weights, and perhaps other biases."""
    W1, W2 = (t.layout.weights(t.theta[0], layer) for layer in (1, min(2, t.layout.depth)))
    equal = (np.ptp(W1, axis=0) == 0.0).all(axis=0) & (np.ptp(W2, axis=1) == 0.0).all(axis=0)
    return np.asarray(nets.everywhere(t, bool(t.hidden)) & equal)


def same_outgoing_and_biases(t: Trained) -> Flags:
    """Return where the units of layer 1 have equal biases and outgoing weights."""
    b1, W2 = t.layout.biases(t.theta[0], 1), t.layout.weights(t.theta[0], min(2, t.layout.depth))
    equal = (np.ptp(b1, axis=0) == 0.0).all(axis=0) & (np.ptp(W2, axis=1) == 0.0).all(axis=0)
    return np.asarray(nets.everywhere(t, len(t.hidden) == 1) & equal)


def classes_of_equal_size(t: Trained) -> Flags:
    return np.asarray(nets.everywhere(t) & (t.Y.mean(axis=(0, 1)) == 0.5))


def ends_of_two_starts(t: Trained) -> np.ndarray:
    """Return 0.01 minus the distance of the weights to which two starts lead."""
    ends = t.by_run(t.theta[-1])
    return np.asarray(0.01 - np.abs(ends[:, 0] - ends[:, 1]).max(axis=0))


def largest_gap(t: Trained) -> np.ndarray:
    return -t.gaps.max(axis=(0, 1)) if t.hidden else np.full(len(t.experiments), np.nan)


def all_revivals(t: Trained) -> np.ndarray:
    return nets.revival(t, t.hidden)


WRONG: dict[str, tuple[str, dict[str, Callable[[Any], Any] | None]]] = {
    # The conditions as they were: too wide, …
    "dead units stay dead in every layer": (
        "dead-units-stay-dead",
        {"when": nets.has_dead_unit_anywhere, "margin": all_revivals},
    ),
    "zero biases are fine if an outgoing weight is not zero": (
        "zero-biases-are-fine",
        {"when": lambda t: nets.everywhere(t) & ~laws.last_is_zero(t), "unneeded": None},
    ),
    "saturated first layers never change": (
        "frozen-first-layer",
        {"when": laws.is_large_and_bounded},
    ),
    "tanh keeps gradients stable at every width": (
        "xavier-for-sigmoid-and-tanh",
        {"when": lambda p: p.has_unit("tanh")},
    ),
    "He's rule keeps sizes at every width": ("he-for-relu", {"when": None}),
    "1/n keeps sizes of linear units at every width": (
        "one-rule-for-every-depth",
        {"when": lambda p: p.has_unit("linear")},
    ),
    "large weights make deep gradients vanish": ("deep-saturation-vanishes", {"when": None}),
    "nothing changes from zero with balanced classes": (
        "zero-table-no-learning",
        {"when": classes_of_equal_size},
    ),
    "random weights raise the chance for every task": (
        "random-raises-the-chance",
        {"when": is_separable_or_not},
    ),
    "units with equal weights have equal gradients": (
        "equal-rows-get-equal-gradients",
        {"when": same_weights_and_outgoing},
    ),
    "units stay equal with equal biases and outgoing weights": (
        "same-derivatives-for-ever",
        {"when": same_outgoing_and_biases, "margin": largest_gap},
    ),
    "every start of logistic regression ends at the same weights": (
        "logistic-regression-from-zero",
        {"when": None, "margin": ends_of_two_starts},
    ),
    "squared error slows every large start": (
        "extreme-weights-slow-logistic-regression",
        {"when": lambda t: nets.everywhere(t, t.spec.loss == "mean-squared-error")},
    ),
    "β multiplies the first step of every network": (
        "steepness-scales-the-first-step",
        {"when": None},
    ),
    "the sum has variance 1/3 for all inputs": ("sum-of-n-thirds-of-1-over-n", {"when": None}),
    "every rate does the same in floats": ("rate-law-in-floats", {"when": None}),
    # … and too narrow.
    "zero biases block W2 = 0 on all data": (
        "zero-biases-are-fine",
        {"when": lambda t: laws.sends_errors_back(t) & ~laws.last_is_zero(t)},
    ),
    "large weights never make deep gradients vanish": (
        "deep-saturation-vanishes",
        {"when": nowhere, "unneeded": lambda p: (p.depth >= 10) & (p.gradients < -6.0)},
    ),
    **{
        f"{id} only without a line": (id, {"when": no_line})
        for id in (
            "equal-weights-prevent-learning",
            "equal-start-misses-the-minimum",
            "never-start-all-equal",
            "random-is-faster",
        )
    },
}


@pytest.mark.slow
@pytest.mark.parametrize(("id", "changes"), WRONG.values(), ids=WRONG)
def test_attack_contradicts_a_wrong_condition(id: str, changes: dict[str, Any]) -> None:
    """What is found reads back from a file, and contradicts the condition on its own, too."""
    attack = attack_on(id, **changes)
    found = contradiction(attack).findings["claim"].contradicted[0]
    assert parse_experiment(format_experiment(found)) == found
    with np.errstate(all="ignore"):
        again = evaluate(attack, attack.domain.compute([found, found]), [found, found])
    assert again.contradicted == (found, found)


def test_attack_finds_that_dead_units_of_layer_2_may_revive() -> None:
    attack = attack_on("dead-units-stay-dead", **WRONG["dead units stay dead in every layer"][1])
    found = contradiction(attack).findings["claim"].contradicted[0]
    assert len(found.network.layers) > 3
    (run,) = compare(found).recordings
    dead = (run[0].Z[2] <= 0.0).all(axis=1) | (run[0].Z[-2] <= 0.0).all(axis=1)
    assert dead.any()


def test_same_seed_tries_the_same_experiments() -> None:
    attack = attack_on("rate-law-in-floats")
    searches = [Search({"claim": attack}, seed) for seed in (5, 5, 6)]
    for search in searches:
        search.step_all(3)
    one, same, other = (search.findings["claim"] for search in searches)
    assert one == same
    assert one != other
    assert isinstance(attack.domain.compute([each for _, each in one.closest]), Perceptrons)


def test_stack_has_the_bits_of_single_trainings() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    experiments = nets.RANDOM.draw(rng)[:3]
    trained = nets.RANDOM.compute(experiments)
    for number, experiment in enumerate(experiments):
        (run,) = compare(experiment).recordings
        for index, frame in enumerate(trained.frames):
            np.testing.assert_array_equal(
                trained.theta[index, :, number], run.parameters(frame, frame + 1)[0]
            )


def test_recorded_frames_end_with_the_last() -> None:
    for steps in (1, 2, 3, 4, 60):
        frames = recorded_frames(steps)
        assert frames == sorted({*frames})
        assert frames[-1] == steps
