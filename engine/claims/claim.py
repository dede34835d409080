"""Claims: what a text says, the numbers that decide it, and the verdict."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, ParamSpec, SupportsFloat, TypeVar, cast, final

from engine.claims.attack.attack import Attack
from engine.claims.digests import is_edited
from engine.errors import InitscopeError, UsageError
from engine.library.built_ins import built_in
from engine.studies.catalogue import open_scene

P = ParamSpec("P")
R = TypeVar("R")

Numbers = Mapping[str, float]
Interval = tuple[float, float]
Intervals = Mapping[str, Interval]
MeasuredNumbers = Mapping[str, tuple[Interval, Callable[[], SupportsFloat]]]


class Text(Enum):
    """The text that makes a claim."""

    FORUM = "forum thread"
    QUESTION = "question on learning rate and zero weights"
    BLOG = "blog on the mathematics of initialization"
    LESSON = "lesson on random initialization"


class Verdict(Enum):
    """The verdict on a claim."""

    HOLDS = "holds"
    HOLDS_WHEN = "holds when"
    FAILS = "does not hold"
    UNMEASURED = "not measured"


FALSE = "It is false, which its own numbers show: further experiments cannot contradict it."
"""Why claims that do not hold are not attacked."""
STATISTICAL = "It compares shares of many networks, of which a single experiment decides nothing."
"""Why claims on ensembles are not attacked."""
IDENTITY = "It is a formula, which is checked for its whole range; no experiment enters it."
"""Why identities are not attacked."""
EXISTS = "It says that something can happen, which its own numbers show."
"""Why claims on single cases are not attacked."""
DIFFERS = "differs from what is stated"
"""Replaces the verdict where a number is outside its interval."""


def as_sentence(words: str) -> str:
    """Return words with an initial capital, unless the first word is a symbol.

    >>> as_sentence("a unit is dead"), as_sentence("z is 0"), as_sentence("dW1 is 0")
    ('A unit is dead', 'z is 0', 'dW1 is 0')
    """
    is_word = re.match(r"(a|[a-z]{2,})\b", words)
    return words[0].upper() + words[1:] if is_word else words


@final
@dataclass(frozen=True)
class Claim:
    """One claim. Its verdict is not stored; `measure` returns the numbers that decide it.

    Attributes
    ----------
    id : str
        Lower-case words joined by hyphens.
    text : Text
    says : str
        The claim, in one sentence.
    when : str
        The condition, which follows "holds when"; empty for a claim that holds or fails.
    reason : str
        The reason, in one or two sentences.
    right, wrong : mapping of str to (low, high)
        The closed interval in which each number is expected: of the numbers that support the
        claim, and of those that contradict it.
    shown : mapping of str to int
        The built-in experiments that show the claim, each with the frame at which it does.
    break_it : str
        A change that gives another result.
    measure : callable
        Returns the numbers, computed by the engine.
    topic : str
        The name of the module that registers the claim.
    attack : Attack or str
        How a search can contradict the claim; or a sentence that says why it cannot.
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
    measure: Callable[[], Numbers]
    topic: str = ""
    attack: Attack[Any] | str = ""

    def __post_init__(self) -> None:
        if not (self.right or self.wrong) or self.right.keys() & self.wrong.keys():
            raise ValueError(f"{self.id}: each number must either support or contradict the claim")
        if bool(self.when) != bool(self.right and self.wrong):
            raise ValueError(f"{self.id}: a condition needs numbers of both kinds")
        if not all(low <= high for low, high in self.expected.values()):
            raise ValueError(f"{self.id}: an interval must have low <= high")

    @property
    def stated(self) -> Verdict:
        """The verdict if every number is in its interval."""
        if self.right and self.wrong:
            return Verdict.HOLDS_WHEN
        return Verdict.HOLDS if self.right else Verdict.FAILS

    @property
    def expected(self) -> dict[str, Interval]:
        """The interval of every number."""
        return {**self.right, **self.wrong}

    @property
    def derived(self) -> list[str]:
        """The names of the numbers whose interval is derived; the others are recorded."""
        return [name for name, each in self.expected.items() if isinstance(each, Derived)]

    @property
    def condition(self) -> str:
        """The condition if there is one, and the reason, as sentences."""
        return f"{as_sentence(self.when)}. {self.reason}" if self.when else self.reason

    def judge(self, measured: Numbers) -> Verdict:
        """Return the verdict on measured numbers; NaN is in no interval.

        A claim holds, or holds on its condition, only if all supporting numbers are in their
        intervals. A contradicting number outside its interval does not make a claim hold.
        """
        supported = all(low <= measured[name] <= high for name, (low, high) in self.right.items())
        return self.stated if self.right and supported else Verdict.FAILS


@final
@dataclass(frozen=True)
class Outcome:
    """A claim and its measured numbers; `problem` says why nothing was measured."""

    claim: Claim
    measured: Numbers
    problem: str = ""

    @property
    def verdict(self) -> Verdict:
        """The verdict that the numbers give."""
        return Verdict.UNMEASURED if self.problem else self.claim.judge(self.measured)

    @property
    def agrees(self) -> bool:
        """Whether the claim was measured and every number is in its interval."""
        return not self.problem and not self.outside

    @property
    def word(self) -> str:
        """The verdict in words, without the condition."""
        return self.verdict.value if self.agrees or self.problem else DIFFERS

    @property
    def phrase(self) -> str:
        """The verdict in words, with the condition."""
        condition = self.claim.when if self.word == Verdict.HOLDS_WHEN.value else ""
        return f"{self.word} {condition}".rstrip()

    @property
    def outside(self) -> dict[str, float]:
        """The numbers outside their intervals."""
        return {
            name: value
            for name, value in self.measured.items()
            if not self.claim.expected[name][0] <= value <= self.claim.expected[name][1]
        }


REGISTERED: dict[str, Claim] = {}
"""Every registered claim by its id; see `engine.claims.catalogue`."""


def register(
    topic: str,
    id: str,
    *,
    text: Text,
    says: str,
    reason: str,
    break_it: str,
    when: str = "",
    right: MeasuredNumbers = MappingProxyType({}),
    wrong: MeasuredNumbers = MappingProxyType({}),
    shown: Mapping[str, int] = MappingProxyType({}),
    attack: Attack[Any] | str = "",
) -> None:
    """Register a claim of a topic, which is the name of its module.

    See `Claim`; here each number comes with its interval and the function that measures it.
    """
    if id in REGISTERED:
        raise ValueError(f"{id}: there are two claims with this id")

    def measure() -> Numbers:
        return {name: float(number()) for name, (_, number) in (*right.items(), *wrong.items())}

    supporting, contradicting = (
        {name: interval for name, (interval, _) in numbers.items()} for numbers in (right, wrong)
    )
    REGISTERED[id] = Claim(
        id,
        text,
        says,
        when,
        reason,
        supporting,
        contradicting,
        shown,
        break_it,
        measure,
        topic,
        attack,
    )


def measure(claim: Claim) -> Outcome:
    """Measure a claim; an error becomes the problem of the outcome.

    Such errors are: an experiment of the claim is missing or was edited, or it has no longer a
    frame, a layer or a unit that the claim is about.
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
                raise UsageError(f"{name} ends at frame {last}, but the claim is shown at {frame}")
        measured = claim.measure()
    except InitscopeError as error:
        return Outcome(claim, {}, str(error))
    except (LookupError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        return Outcome(claim, {}, f"an experiment lacks what the claim needs ({reason})")
    if measured.keys() != claim.expected.keys():
        raise ValueError(f"{claim.id}: measured {sorted(measured)}")
    return Outcome(claim, measured)


_clear_functions: list[Callable[[], None]] = []


def cached(measurement: Callable[P, R]) -> Callable[P, R]:
    """Cache the results of a measurement that several numbers need, until `clear_cache`."""
    cached_measurement = cache(measurement)
    _clear_functions.append(cached_measurement.cache_clear)
    return cast(Callable[P, R], cached_measurement)


def clear_cache() -> None:
    """Discard the results of all cached measurements."""
    for clear in _clear_functions:
        clear()


@final
class Derived(tuple[float, float]):
    """An interval that follows from a formula or a proof, with a margin for rounding or chance.

    Other intervals are recorded: the result of an earlier run, with a margin.
    """

    __slots__ = ()


def between(low: float, high: float) -> Interval:
    """Return a derived interval."""
    return Derived((low, high))


def exactly(value: float) -> Interval:
    """Return the derived interval that contains one number."""
    return between(value, value)


ZERO = exactly(0.0)
"""Exactly zero."""


def near(value: float, share: float = 1e-3) -> Interval:
    """Return the recorded interval around a number whose half width is a share of its size."""
    return float(value - share * abs(value)), float(value + share * abs(value))


def derived(value: float, share: float) -> Interval:
    """Return the derived interval around a number whose half width is a share of its size."""
    return Derived(near(value, share))
