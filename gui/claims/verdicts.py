"""The icon and the words of a verdict."""

from engine.claims.claim import Outcome, Verdict
from gui.claims.words import typeset

ICONS = {
    Verdict.HOLDS: "check",
    Verdict.HOLDS_WHEN: "holds-when",
    Verdict.FAILS: "remove",
    Verdict.UNMEASURED: "waiting",
}


def verdict_of(outcome: Outcome | None) -> Verdict:
    """Return the verdict of an outcome, or `UNMEASURED` without one."""
    return outcome.verdict if outcome else Verdict.UNMEASURED


def verdict_words(outcome: Outcome | None) -> tuple[str, str]:
    """Return the verdict and its condition, which together are a sentence."""
    if outcome is None:
        return "Measuring …", ""
    if outcome.problem:
        return "Not measured.", ""
    if outcome.verdict is Verdict.HOLDS_WHEN:
        return f"It {Verdict.HOLDS_WHEN.value}", f"{typeset(outcome.claim.when)}."
    return f"It {outcome.verdict.value}.", ""
