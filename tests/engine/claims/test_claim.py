"""The verdict of a claim depends on its numbers alone, and on every one of them."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.claims import claim as module
from engine.claims.claim import (
    DIFFERS,
    REGISTERED,
    ZERO,
    Claim,
    Outcome,
    Text,
    Verdict,
    as_sentence,
    cached,
    clear_cache,
    derived,
    exactly,
    measure,
    near,
    register,
)
from engine.errors import UsageError

HERE = {"here": (0.0, 1.0)}
THERE = {"there": (2.0, 3.0)}


def made(
    right: Mapping[str, tuple[float, float]] | None = None,
    wrong: Mapping[str, tuple[float, float]] | None = None,
    numbers: Mapping[str, float] | None = None,
    shown: Mapping[str, int] | None = None,
    when: str | None = None,
) -> Claim:
    condition = "it is here" if right and wrong else ""
    return Claim(
        id="a-claim",
        text=Text.LESSON,
        says="It is so.",
        when=condition if when is None else when,
        reason="That is why.",
        right=right or {},
        wrong=wrong or {},
        shown=shown or {},
        break_it="Go there.",
        measure=lambda: numbers or {},
    )


def test_stated_verdict_follows_from_the_kinds_of_numbers() -> None:
    assert made(HERE).stated is Verdict.HOLDS
    assert made(None, THERE).stated is Verdict.FAILS
    assert made(HERE, THERE).stated is Verdict.HOLDS_WHEN


@pytest.mark.parametrize(
    ("here", "there", "verdict"),
    [
        (0.5, 2.5, Verdict.HOLDS_WHEN),
        (0.0, 3.0, Verdict.HOLDS_WHEN),  # both ends belong to an interval
        (1.5, 2.5, Verdict.FAILS),  # false even under its condition
        (0.5, 1.5, Verdict.HOLDS_WHEN),  # true under its condition; nothing else was shown
        (math.nan, 2.5, Verdict.FAILS),
        (0.5, math.inf, Verdict.HOLDS_WHEN),
    ],
)
def test_conditional_claim_is_judged_by_supporting_numbers(
    here: float, there: float, verdict: Verdict
) -> None:
    claim, numbers = made(HERE, THERE), {"here": here, "there": there}
    assert claim.judge(numbers) is verdict
    assert Outcome(claim, numbers).agrees is (0.0 <= here <= 1.0 and 2.0 <= there <= 3.0)


def test_claim_holds_only_with_supporting_numbers() -> None:
    assert made(HERE).judge({"here": 0.5}) is Verdict.HOLDS
    assert made(HERE).judge({"here": 1.5}) is Verdict.FAILS
    for there in (2.5, 1.5, math.nan):
        assert made(None, THERE).judge({"there": there}) is Verdict.FAILS
    assert not Outcome(made(None, THERE), {"there": 1.5}).agrees


@pytest.mark.parametrize("claim", [made(HERE), made(None, THERE), made(HERE, THERE)])
@pytest.mark.parametrize("outside", [-7.0, 99.0, math.nan])
def test_number_outside_its_interval_is_reported(claim: Claim, outside: float) -> None:
    good = {name: low for name, (low, _) in claim.expected.items()}
    assert Outcome(claim, good).phrase.startswith(claim.stated.value)
    for name in claim.expected:
        changed = Outcome(claim, {**good, name: outside})
        assert not changed.agrees
        assert changed.word == changed.phrase == DIFFERS


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("the units are tanh", "The units are tanh"),
        ("a unit is dead", "A unit is dead"),
        ("z is 0", "z is 0"),
        ("η is a power of two", "η is a power of two"),
        ("|z| is at most 709", "|z| is at most 709"),
        ("dW1 is 0", "dW1 is 0"),
        ("1/n is small", "1/n is small"),
    ],
)
def test_sentence_starts_with_a_capital_unless_with_a_symbol(words: str, sentence: str) -> None:
    assert as_sentence(words) == sentence
    assert made(HERE, THERE, when=words).condition == f"{sentence}. That is why."


def test_outcome_reports_numbers_outside_their_intervals() -> None:
    agreeing = measure(made(HERE, THERE, {"here": 0.5, "there": 2.5}))
    assert (agreeing.agrees, agreeing.outside) == (True, {})
    assert agreeing.phrase == "holds when it is here"
    turned = measure(made(HERE, THERE, {"here": 0.5, "there": 1.5}))
    assert (turned.agrees, turned.outside) == (False, {"there": 1.5})
    assert turned.phrase == "differs from what is stated"
    assert made(HERE, THERE).condition == "It is here. That is why."
    assert made(HERE).condition == "That is why."


def test_missing_experiment_or_frame_is_reported() -> None:
    gone = measure(made(HERE, None, {"here": 0.5}, shown={"zero-tanh-xxx": 0}))
    assert gone.verdict is Verdict.UNMEASURED
    assert not gone.agrees
    assert 'did you mean "zero-tanh-xor"' in gone.problem
    short = measure(made(HERE, None, {"here": 0.5}, shown={"zero-tanh-xor": 101}))
    assert short.problem == "zero-tanh-xor ends at frame 100, but the claim is shown at 101"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (UsageError("the file is not TOML"), "the file is not TOML"),
        (
            IndexError("frame 200 of a recording of 101"),
            "an experiment lacks what the claim needs "
            "(IndexError: frame 200 of a recording of 101)",
        ),
    ],
)
def test_error_of_a_measurement_is_the_problem_of_the_outcome(
    error: Exception, problem: str
) -> None:
    def broken() -> dict[str, float]:
        raise error

    outcome = measure(replace(made(HERE), measure=broken))
    assert outcome == Outcome(outcome.claim, {}, problem)
    assert outcome.phrase == "not measured"
    assert not outcome.agrees


def test_measuring_other_numbers_than_expected_raises() -> None:
    with pytest.raises(ValueError, match="a-claim: measured"):
        measure(made(HERE, None, {"there": 0.5}))


@pytest.mark.parametrize(
    ("right", "wrong", "when"),
    [
        ({}, {}, ""),
        (HERE, HERE, "so"),
        (HERE, THERE, ""),
        (HERE, {}, "so"),
        ({"here": (1.0, 0.0)}, {}, ""),
    ],
)
def test_inconsistent_claim_raises(
    right: dict[str, tuple[float, float]], wrong: dict[str, tuple[float, float]], when: str
) -> None:
    with pytest.raises(ValueError, match="a-claim: "):
        made(right, wrong, when=when)


def test_register_adds_a_claim_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REGISTERED", {})

    def add() -> None:
        register(
            "a topic",
            "one",
            text=Text.BLOG,
            says="So.",
            when="it is here",
            reason="Why.",
            break_it="How.",
            right={"here": ((0.0, 1.0), lambda: 0.5)},
            wrong={"there": (exactly(2), lambda: 2)},
        )

    add()
    claim = module.REGISTERED["one"]
    assert (claim.right, claim.wrong) == ({"here": (0.0, 1.0)}, {"there": (2.0, 2.0)})
    assert claim.topic == "a topic"
    assert measure(claim) == Outcome(claim, {"here": 0.5, "there": 2.0})
    assert "one" not in REGISTERED
    with pytest.raises(ValueError, match="two claims"):
        add()


def test_cached_measurement_is_computed_once_until_the_cache_is_cleared() -> None:
    calls = []

    @cached
    def double(n: int) -> int:
        calls.append(n)
        return 2 * n

    assert [double(1), double(1), double(2)] == [2, 2, 4]
    assert calls == [1, 2]
    clear_cache()
    assert double(1) == 2
    assert calls == [1, 2, 1]


def test_derived_and_recorded_intervals_differ_in_their_kind_only() -> None:
    claim = made({"formula": derived(2.0, 0.5), "proof": ZERO}, {"run": near(2.0, 0.5)})
    assert claim.right["formula"] == claim.wrong["run"] == (1.0, 3.0)
    assert claim.derived == ["formula", "proof"]


def test_near_contains_the_number_on_either_side_of_zero() -> None:
    assert near(2.0, 0.5) == (1.0, 3.0)
    assert near(-2.0, 0.5) == (-3.0, -1.0)
