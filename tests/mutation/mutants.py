"""A mutant: one change of one function, how it is written to a file, and how it is applied."""

from pathlib import Path

import msgspec
import tomli_w

from tests.mutation.source import ROOT, Source, read

LIST = Path(__file__).with_name("mutants.toml")
HEAD = """\
# Mutants of the program: in `function` of `file`, `before` stands once and becomes `after`.
# Drawn by `python -m tests.mutation draw --seed {seed} --count {count}`. Where code moves or is
# renamed, file, function and fragments follow by hand; the change itself stays what it is.

"""


class Mutant(msgspec.Struct, frozen=True):
    """One change; `line` is where it stood when it was drawn."""

    id: str
    file: str
    function: str
    line: int
    operator: str
    before: str
    after: str

    def applied(self, text: str) -> str:
        """Return the text of the file with the change.

        Raises
        ------
        ValueError
            If there is no such function, or the fragment does not stand in it exactly once.
        """
        source = Source(text)
        function = source.functions().get(self.function)
        if function is None:
            raise ValueError(f"{self.id}: no function {self.function} in {self.file}")
        start, end = source.segment(function)
        inside = text[start:end]
        if inside.count(self.before) != 1:
            raise ValueError(f"{self.id}: not once in {self.function}: {self.before!r}")
        changed = text[:start] + inside.replace(self.before, self.after) + text[end:]
        try:
            compile(changed, self.file, "exec")
        except SyntaxError as error:
            raise ValueError(f"{self.id}: is no Python: {error}") from error
        return changed

    def apply(self, root: Path) -> None:
        """Change the file below `root`, a copy of the checkout."""
        text = self.applied(read(self.file, root).text)
        (root / self.file).write_text(text, encoding="utf-8")


class _File(msgspec.Struct):
    mutant: list[Mutant]


def write_mutants(mutants: list[Mutant], seed: int, path: Path = LIST) -> None:
    """Write the list, with the command that drew it."""
    text = tomli_w.dumps(msgspec.to_builtins(_File(mutants)), multiline_strings=True)
    head = HEAD.format(seed=seed, count=len(mutants))
    path.write_text(head + text, encoding="utf-8")


def read_mutants(path: Path = LIST) -> list[Mutant]:
    """Return the list; each of it fits the program as it is.

    Raises
    ------
    ValueError
        If one of them cannot be applied.
    """
    mutants = msgspec.toml.decode(path.read_bytes(), type=_File).mutant
    for mutant in mutants:
        if not (ROOT / mutant.file).is_file():
            raise ValueError(f"{mutant.id}: no file {mutant.file}")
        mutant.applied(read(mutant.file).text)
    return mutants
