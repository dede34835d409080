"""The two ways in which Initscope says no."""


class InitscopeError(Exception):
    """Something could not be done; the message is one plain sentence for the user (exit 1)."""


class UsageError(InitscopeError):
    """The call or the file is wrong; the message names the field and the remedy (exit 2)."""
