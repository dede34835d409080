"""The two ways in which Initscope says no, and what both use to say it."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_MESSAGE = 300


class InitscopeError(Exception):
    """Something could not be done; the message is one plain sentence for the user (exit 1)."""


class UsageError(InitscopeError, ValueError):
    """The call or the file is wrong; the message names the field and the remedy (exit 2)."""


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """Return the error for a name that is not registered, with the nearest known one.

    >>> print(unknown_name("activation", "tahn", ["tanh", "relu"]))
    unknown activation "tahn": did you mean "tanh"?
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(names)}"
    return UsageError(f'unknown {kind} "{name}": {hint}')


def one_line(message: str) -> str:
    """Escape what would break a line or a terminal, and shorten what someone else made long."""
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message[:LONGEST_MESSAGE])
    return text + "…" if len(message) > LONGEST_MESSAGE else text
