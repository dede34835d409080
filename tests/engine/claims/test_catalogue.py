"""Every claim of the catalogue has the stated verdict and can be shown."""

import re
from collections import Counter
from pathlib import Path

import pytest

from engine.claims import catalogue, runs
from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Text, Verdict, measure
from engine.library.built_ins import BUILT_INS, built_in
from engine.nn.initializers import SCHEMES
from engine.training.comparison import Comparison

FOLDER = Path(catalogue.__file__).parent


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_claim_has_the_stated_verdict_and_shows_what_it_measures(
    claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So each number of an experiment is on a stage that a link of the claim opens."""
    names, comparison = set(), runs.comparison

    def traced(name: str) -> Comparison:
        names.add(name)
        return comparison(name)

    monkeypatch.setattr(runs, "comparison", traced)
    outcome = measure(claim)
    assert outcome.problem == ""
    assert outcome.outside == {}
    assert outcome.verdict is claim.stated
    assert names <= claim.shown.keys()


def test_catalogue_has_claims_of_every_text_and_verdict() -> None:
    assert len(CLAIMS) >= 60
    texts, verdicts = Counter(c.text for c in CLAIMS), Counter(c.stated for c in CLAIMS)
    assert min(texts[text] for text in Text) >= 10
    assert min(verdicts[v] for v in Verdict if v is not Verdict.UNMEASURED) >= 10


def test_catalogue_contains_every_file_of_claims() -> None:
    topics = {file.stem for file in FOLDER.glob("*.py") if "\nclaim(" in file.read_text("utf-8")}
    assert topics == {topic.__name__.rpartition(".")[2] for topic in catalogue.TOPICS}
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS) == len(REGISTERED)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_claim_has_sentences_and_existing_experiments(claim: Claim) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim.id)
    for sentence in (claim.says, claim.reason, claim.break_it):
        assert re.fullmatch(r"[^\s].*[^\s]\.", sentence), sentence
    assert not claim.when.endswith(".")
    for name, frame in claim.shown.items():
        assert name in BUILT_INS
        assert 0 <= frame <= built_in(name).training.steps


def test_condition_never_capitalises_a_symbol() -> None:
    """Z is a matrix but z is a number, and a capital η looks like an H."""
    symbols = [c for c in CLAIMS if re.match(r"[b-z] |\W|d[A-Z]|[α-ω]", c.when)]
    assert len(symbols) >= 4
    assert all(claim.condition.startswith(f"{claim.when}. ") for claim in symbols)


def test_most_claims_have_an_experiment_that_shows_them() -> None:
    assert sum(bool(claim.shown) for claim in CLAIMS) >= 75


def test_claims_measure_every_initialization_scheme() -> None:
    """So a formula that is changed by mistake changes a verdict."""
    text = "".join(file.read_text("utf-8") for file in FOLDER.glob("*.py"))
    named = {scheme.__name__ for scheme in SCHEMES.values()} - {"Explicit"}
    assert {name for name in named if not re.search(rf"\b{name}\(", text)} == set()
