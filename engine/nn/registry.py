"""A registry maps the names that experiment files use to entries of one kind."""

from collections.abc import Callable
from typing import Any, TypeVar, cast, final

from engine import unknown_name

Entry = TypeVar("Entry")
Class = TypeVar("Class", bound=Callable[[], Any])


@final
class Registry(dict[str, Entry]):
    """Entries by name, in the order of registration.

    Parameters
    ----------
    kind : str
        What an error message calls an entry, such as "activation".
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def register(self, entry_class: Class) -> Class:
        """Register an instance of a class under its `name`; use it as a class decorator."""
        entry = entry_class()
        self[entry.name] = cast(Entry, entry)
        return entry_class

    def find(self, name: str) -> Entry:
        """Return the entry with this name; raise `UsageError` if there is none."""
        if name not in self:
            raise unknown_name(self._kind, name, self)
        return self[name]
