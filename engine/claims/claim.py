"""A claim: what a text says, the numbers that decide it, and the verdict they give."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import ParamSpec, TypeVar, final

from engine.claims.digests import is_edited
from engine.errors import InitscopeError, UsageError
from engine.library.built_ins import built_in
from engine.studies.catalogue import open_scene

P = ParamSpec("P")
R = TypeVar("R")

Numbers = Mapping[str, float]
Interval = tuple[float, float]
Intervals = Mapping[str, Interval]
Measure = Callable[[], Numbers]


class Text(Enum):
    """Where a claim is made."""

    FORUM = "forum thread"
    QUESTION = "question on learning rate and zero weights"
    BLOG = "blog on the mathematics of initialization"
    LESSON = "lesson on random initialization"


class Verdict(Enum):
    """What the numbers say of a claim."""

    HOLDS = "holds"
    HOLDS_WHEN = "holds when"
    FAILS = "does not hold"
    UNMEASURED = "not measured"


DIFFERS = "differs from what is stated"
"""What is said instead of a verdict where a number is not where it was expected."""


def as_sentence(words: str) -> str:
    """Return words as a sentence begins, with a capital unless the first is a symbol.

    >>> as_sentence("a unit is dead"), as_sentence("z is 0"), as_sentence("dW1 is 0")
    ('A unit is dead', 'z is 0', 'dW1 is 0')
    """
    is_word = re.match(r"(a|[a-z]{2,})\b", words)
    return words[0].upper() + words[1:] if is_word else words


@final
@dataclass(frozen=True)
class Claim:
    """One claim; `measure` decides it, and nothing about the outcome is stored.

    Attributes
    ----------
    id : str
        Lower-case words joined by hyphens.
    text : Text
    says : str
        What the text says, in a sentence of our own.
    when : str
        The condition, as it follows "holds when"; empty for a claim that holds or fails.
    reason : str
        Why, in a sentence.
    right, wrong : mapping of str to (low, high)
        The numbers that `measure` returns, each with the interval it is expected in, both ends
        included: those that show the claim right, and those that show it wrong.
    shown : mapping of str to int
        The built-in experiments that show it, each with the frame at which it can be seen.
    break_it : str
        What to change to make it come out otherwise.
    measure : callable
        Returns the numbers, from runs of the engine.
    """

    id: str
    text: Text
    says: str
    when: str
    reason: str
    right: Intervals
    wrong: Intervals
    shown: Mapping[str, int]
    break_it: str
    measure: Measure

    def __post_init__(self) -> None:
        if not (self.right or self.wrong) or self.right.keys() & self.wrong.keys():
            raise ValueError(f"{self.id}: a number is to show the claim either right or wrong")
        if bool(self.when) != bool(self.right and self.wrong):
            raise ValueError(f"{self.id}: a condition is for what is right here and wrong there")
        if not all(low <= high for low, high in self.expected.values()):
            raise ValueError(f"{self.id}: an interval runs from low to high")

    @property
    def stated(self) -> Verdict:
        """The verdict if every number lies where it is expected."""
        if self.right and self.wrong:
            return Verdict.HOLDS_WHEN
        return Verdict.HOLDS if self.right else Verdict.FAILS

    @property
    def expected(self) -> dict[str, Interval]:
        """The interval of every number."""
        return {**self.right, **self.wrong}

    @property
    def condition(self) -> str:
        """The condition if there is one, and the reason, as sentences."""
        return f"{as_sentence(self.when)}. {self.reason}" if self.when else self.reason

    def judge(self, measured: Numbers) -> Verdict:
        """Return the verdict on measured numbers; one that is not finite lies nowhere.

        A claim holds, or holds on its condition, only where numbers show it right. One that was
        to show it wrong and did not shows nothing: it is no evidence that the claim holds.
        """
        shown = all(low <= measured[name] <= high for name, (low, high) in self.right.items())
        return self.stated if self.right and shown else Verdict.FAILS


@final
@dataclass(frozen=True)
class Outcome:
    """A claim with what was measured; `problem` tells in a sentence why nothing was."""

    claim: Claim
    measured: Numbers
    problem: str = ""

    @property
    def verdict(self) -> Verdict:
        """What the numbers say."""
        return Verdict.UNMEASURED if self.problem else self.claim.judge(self.measured)

    @property
    def agrees(self) -> bool:
        """Whether the claim was measured, and every number is where it was expected."""
        return not self.problem and not self.outside

    @property
    def word(self) -> str:
        """What is said of the claim, without a condition."""
        return self.verdict.value if self.agrees or self.problem else DIFFERS

    @property
    def phrase(self) -> str:
        """What is said of the claim, with its condition."""
        condition = self.claim.when if self.word == Verdict.HOLDS_WHEN.value else ""
        return f"{self.word} {condition}".rstrip()

    @property
    def outside(self) -> dict[str, float]:
        """The numbers that are not where they are expected."""
        return {
            name: value
            for name, value in self.measured.items()
            if not self.claim.expected[name][0] <= value <= self.claim.expected[name][1]
        }


REGISTERED: dict[str, Claim] = {}
"""Every claim by its id, as they were declared; see `engine.claims.catalogue`."""


def claim(
    id: str,
    *,
    text: Text,
    says: str,
    reason: str,
    break_it: str,
    when: str = "",
    right: Intervals | None = None,
    wrong: Intervals | None = None,
    shown: Mapping[str, int] | None = None,
) -> Callable[[Measure], Measure]:
    """Register the decorated function as what measures a claim; see `Claim`."""

    def register(measure: Measure) -> Measure:
        if id in REGISTERED:
            raise ValueError(f"{id}: there are two claims of this id")
        REGISTERED[id] = Claim(
            id, text, says, when, reason, right or {}, wrong or {}, shown or {}, break_it, measure
        )
        return measure

    return register


def measure(claim: Claim) -> Outcome:
    """Measure a claim; what keeps it from being measured becomes the outcome's problem.

    That may be an experiment that is gone, one that was edited and may show something else, or
    one in which a frame, a layer or a unit that the claim is about is no longer there.
    """
    try:
        for name, frame in claim.shown.items():
            if is_edited(name):
                raise UsageError(
                    f"its experiment {name} was edited: its picture may no longer show this; "
                    "restore the file"
                )
            last = open_scene(built_in(name)).planned_index
            if frame > last:
                raise UsageError(f"{name} ends at frame {last}, and the claim is seen at {frame}")
        measured = {name: float(value) for name, value in claim.measure().items()}
    except InitscopeError as error:
        return Outcome(claim, {}, str(error))
    except (LookupError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        return Outcome(claim, {}, f"an experiment is not as the claim needs it ({reason})")
    if measured.keys() != claim.expected.keys():
        raise ValueError(f"{claim.id}: measured is {sorted(measured)}")
    return Outcome(claim, measured)


_forgetting: list[Callable[[], None]] = []


def shared(measurement: Callable[P, R]) -> Callable[P, R]:
    """Keep what a measurement returns, because several claims ask for it; arguments hash."""
    kept = cache(measurement)
    _forgetting.append(kept.cache_clear)

    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        return kept(*args, **kwargs)  # type: ignore[arg-type]  # whoever calls gives what hashes

    return ask


def forget() -> None:
    """Drop every shared measurement, so that all is measured anew."""
    for clear in _forgetting:
        clear()


ZERO: Interval = (0.0, 0.0)
"""Zero to the last bit."""


def near(value: float, share: float = 1e-3) -> Interval:
    """Return the interval about a number, as wide as a share of its size on either side."""
    return float(value - share * abs(value)), float(value + share * abs(value))
