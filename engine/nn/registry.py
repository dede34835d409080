"""A registry maps the names that experiment files use to entries of one kind."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast, final

from engine import UsageError, unknown_name
from engine.nn.spelling import compact, folded, values_in, without_arguments

Entry = TypeVar("Entry")
Class = TypeVar("Class", bound=Callable[[], Any])


@final
class Registry(dict[str, Entry]):
    """Entries by name, in the order of registration.

    An entry may have `aliases`: its names in other libraries, as a tuple, or as a mapping to the
    parameters that these names stand for. In an alias, {scale} is the place of a number.

    Parameters
    ----------
    kind : str
        What an error message calls an entry, such as "activation".
    absent : mapping of str to str, optional
        Names in other libraries that no entry stands for, and what to use instead.
    """

    def __init__(self, kind: str, absent: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._kind = kind
        self.absent = dict(absent or {})

    def register(self, entry_class: Class) -> Class:
        """Register an instance of a class under its `name`; use it as a class decorator."""
        entry = entry_class()
        self[entry.name] = cast(Entry, entry)
        return entry_class

    def find(self, name: str) -> Entry:
        """Return the entry with this name; raise `UsageError` if there is none."""
        if name not in self:
            raise self._unknown(name)
        return self[name]

    def aliases(self) -> Iterator[tuple[str, str, dict[str, float]]]:
        """Yield every alias: the name of its entry, the alias, and its parameters."""
        for name, entry in self.items():
            aliases = getattr(entry, "aliases", ())
            if not isinstance(aliases, Mapping):
                aliases = {alias: {} for alias in aliases}
            for alias, parameters in aliases.items():
                yield name, alias, parameters

    def resolve(self, text: str) -> tuple[str, dict[str, float]]:
        """Return the registered name that a text stands for in any spelling, and its parameters.

        An alias as it is written comes before other spellings, because `normal_` and `normal`
        have different parameters.

        Raises
        ------
        UsageError
            If no entry has this name; the message says what to write instead.
        """
        found = self._resolved(text)
        if found is None:
            raise self._unknown(text)
        return found

    def canonical(self, text: str) -> str:
        """Return the registered name that a text stands for, or the text if there is none."""
        found = self._resolved(text)
        return text if found is None else found[0]

    def _resolved(self, text: str) -> tuple[str, dict[str, float]] | None:
        for name in (text, compact(text)):
            if name in self:
                return name, {}
        aliases = list(self.aliases())
        for name, alias, parameters in aliases:
            if (values := values_in(text, alias)) is not None:
                return name, {**parameters, **values}
        for name in self:
            if folded(name) == folded(text):
                return name, {}
        for name, alias, parameters in aliases:
            if folded(alias) == folded(text):
                return name, dict(parameters)
        return None

    def _unknown(self, text: str) -> UsageError:
        for word, remedy in self.absent.items():
            if folded(word) in (folded(text), folded(without_arguments(text))):
                return UsageError(f'unknown {self._kind} "{text}": {remedy}')
        bare = self._resolved(without_arguments(text))
        if bare is not None:
            fields = " and ".join(getattr(self[bare[0]], "__struct_fields__", ()))
            remedy = f'write "{bare[0]}" without the arguments'
            if fields:
                remedy += f", which are fields beside it: {fields}"
            return UsageError(f'unknown {self._kind} "{text}": {remedy}')
        return unknown_name(self._kind, text, self)
