"""The two kinds of errors that are shown to users, and functions that format them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

LONGEST_MESSAGE = 300


class InitscopeError(Exception):
    """Something failed; the message is one plain sentence for the user (exit code 1)."""


class UsageError(InitscopeError, ValueError):
    """The call or the file is wrong; the message names the field and the remedy (exit code 2)."""


@contextmanager
def error_prefix(prefix: str) -> Iterator[None]:
    """Prepend the path of a field to the message of a `UsageError` raised in the block."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{prefix}{error}") from None


def require(condition: object, message: str, error: type[InitscopeError] = UsageError) -> None:
    """Raise an error with a message unless a condition is true."""
    if not condition:
        raise error(message)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """Return the error for a name that is not registered, with the nearest known one.

    >>> print(unknown_name("activation", "tahn", ["tanh", "relu"]))
    unknown activation "tahn": did you mean "tanh"?
    """
    return UsageError(f'unknown {kind} "{name}": {suggestion(name, sorted(known))}')


def suggestion(name: str, known: list[str]) -> str:
    """Return a hint with the known name nearest to `name`, or with all known names."""
    close = get_close_matches(name, known, n=1)
    return f'did you mean "{close[0]}"?' if close else f"known are {', '.join(known)}"


def one_line(message: str) -> str:
    """Return a message shortened and with characters escaped that break lines or terminals."""
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message[:LONGEST_MESSAGE])
    return text + "…" if len(message) > LONGEST_MESSAGE else text
