"""A claim: its verdict follows from numbers alone, and every number counts."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.claims import claim as module
from engine.claims.claim import (
    DIFFERS,
    REGISTERED,
    Claim,
    Outcome,
    Text,
    Verdict,
    as_sentence,
    claim,
    forget,
    measure,
    near,
    shared,
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


def test_the_stated_verdict_is_where_the_intervals_stand() -> None:
    assert made(HERE).stated is Verdict.HOLDS
    assert made(None, THERE).stated is Verdict.FAILS
    assert made(HERE, THERE).stated is Verdict.HOLDS_WHEN


@pytest.mark.parametrize(
    ("here", "there", "verdict"),
    [
        (0.5, 2.5, Verdict.HOLDS_WHEN),
        (0.0, 3.0, Verdict.HOLDS_WHEN),  # both ends belong to an interval
        (1.5, 2.5, Verdict.FAILS),  # not even under its condition
        (0.5, 1.5, Verdict.HOLDS_WHEN),  # nothing was shown but under its condition
        (math.nan, 2.5, Verdict.FAILS),
        (0.5, math.inf, Verdict.HOLDS_WHEN),
    ],
)
def test_a_conditional_claim_is_judged_by_what_shows_it_right(
    here: float, there: float, verdict: Verdict
) -> None:
    claim, numbers = made(HERE, THERE), {"here": here, "there": there}
    assert claim.judge(numbers) is verdict
    assert Outcome(claim, numbers).agrees is (0.0 <= here <= 1.0 and 2.0 <= there <= 3.0)


def test_a_claim_holds_only_where_a_number_shows_it() -> None:
    assert made(HERE).judge({"here": 0.5}) is Verdict.HOLDS
    assert made(HERE).judge({"here": 1.5}) is Verdict.FAILS
    for there in (2.5, 1.5, math.nan):
        assert made(None, THERE).judge({"there": there}) is Verdict.FAILS
    assert not Outcome(made(None, THERE), {"there": 1.5}).agrees


@pytest.mark.parametrize("claim", [made(HERE), made(None, THERE), made(HERE, THERE)])
@pytest.mark.parametrize("stray", [-7.0, 99.0, math.nan])
def test_any_number_that_strays_is_reported(claim: Claim, stray: float) -> None:
    good = {name: low for name, (low, _) in claim.expected.items()}
    assert Outcome(claim, good).phrase.startswith(claim.stated.value)
    for name in claim.expected:
        strayed = Outcome(claim, {**good, name: stray})
        assert not strayed.agrees
        assert strayed.word == strayed.phrase == DIFFERS


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
def test_a_sentence_begins_with_a_capital_but_not_instead_of_a_symbol(
    words: str, sentence: str
) -> None:
    assert as_sentence(words) == sentence
    assert made(HERE, THERE, when=words).condition == f"{sentence}. That is why."


def test_an_outcome_says_what_is_otherwise() -> None:
    agreeing = measure(made(HERE, THERE, {"here": 0.5, "there": 2.5}))
    assert (agreeing.agrees, agreeing.outside) == (True, {})
    assert agreeing.phrase == "holds when it is here"
    turned = measure(made(HERE, THERE, {"here": 0.5, "there": 1.5}))
    assert (turned.agrees, turned.outside) == (False, {"there": 1.5})
    assert turned.phrase == "differs from what is stated"
    assert made(HERE, THERE).condition == "It is here. That is why."
    assert made(HERE).condition == "That is why."


def test_an_experiment_that_is_not_there_is_an_outcome() -> None:
    gone = measure(made(HERE, None, {"here": 0.5}, shown={"zero-tanh-xxx": 0}))
    assert gone.verdict is Verdict.UNMEASURED
    assert not gone.agrees
    assert 'did you mean "zero-tanh-xor"' in gone.problem
    short = measure(made(HERE, None, {"here": 0.5}, shown={"zero-tanh-xor": 101}))
    assert short.problem == "zero-tanh-xor ends at frame 100, and the claim is seen at 101"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (UsageError("the file is not TOML"), "the file is not TOML"),
        (
            IndexError("frame 200 of a recording of 101"),
            "an experiment is not as the claim needs it "
            "(IndexError: frame 200 of a recording of 101)",
        ),
    ],
)
def test_what_keeps_a_claim_from_being_measured_is_told(error: Exception, problem: str) -> None:
    def broken() -> dict[str, float]:
        raise error

    outcome = measure(replace(made(HERE), measure=broken))
    assert outcome == Outcome(outcome.claim, {}, problem)
    assert outcome.phrase == "not measured"
    assert not outcome.agrees


def test_numbers_and_intervals_have_to_be_the_same() -> None:
    with pytest.raises(ValueError, match="a-claim: measured is"):
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
def test_a_claim_that_says_nothing_is_refused(
    right: dict[str, tuple[float, float]], wrong: dict[str, tuple[float, float]], when: str
) -> None:
    with pytest.raises(ValueError, match="a-claim: "):
        made(right, wrong, when=when)


def test_the_decorator_registers_a_claim_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REGISTERED", {})

    def one() -> dict[str, float]:
        return {"here": 0.5}

    register = claim("one", text=Text.BLOG, says="So.", reason="Why.", break_it="How.", right=HERE)
    assert register(one) is one
    assert module.REGISTERED["one"].measure is one
    assert "one" not in REGISTERED
    with pytest.raises(ValueError, match="two claims"):
        register(one)


def test_a_shared_measurement_is_made_once_until_it_is_forgotten() -> None:
    made_for = []

    @shared
    def double(n: int) -> int:
        made_for.append(n)
        return 2 * n

    assert [double(1), double(1), double(2)] == [2, 2, 4]
    assert made_for == [1, 2]
    forget()
    assert double(1) == 2
    assert made_for == [1, 2, 1]


def test_near_is_an_interval_on_either_side_of_zero() -> None:
    assert near(2.0, 0.5) == (1.0, 3.0)
    assert near(-2.0, 0.5) == (-3.0, -1.0)
