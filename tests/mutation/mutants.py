"""A mutant: one change of one function. Reads, writes and applies mutants."""

from pathlib import Path
from typing import final

import msgspec
import tomli_w

from tests.mutation.source import ROOT, Source, read

LIST = Path(__file__).with_name("mutants.toml")
HEAD = """\
# Mutants of the program. `before` occurs once in `function` of `file` and is replaced by `after`.
# Drawn by `python -m tests.mutation draw --seed {seed} --count {count}`. When code moves or is
# renamed, update file, function and fragments by hand, and keep the change the same. An empty
# `function` is the whole file. Where the code is deleted, `removed` says why.

"""


@final
class Mutant(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of a function, or of a statement outside functions.

    `line` is its line when it was drawn; `removed` says why the code no longer exists.
    """

    id: str
    file: str
    function: str
    line: int
    operator: str
    before: str
    after: str
    removed: str = ""

    def applied(self, text: str) -> str:
        """Return the text of the file with the change applied.

        Raises
        ------
        ValueError
            If the function is missing, does not contain the fragment exactly once, or the result
            is not valid Python.
        """
        source = Source(text)
        start, end = 0, len(text)
        if self.function:
            function = source.functions().get(self.function)
            if function is None:
                raise ValueError(f"{self.id}: no function {self.function} in {self.file}")
            start, end = source.segment(function)
        inside = text[start:end]
        if inside.count(self.before) != 1:
            raise ValueError(
                f"{self.id}: fragment does not occur once in {self.function or self.file}: "
                f"{self.before!r}"
            )
        changed = text[:start] + inside.replace(self.before, self.after) + text[end:]
        try:
            compile(changed, self.file, "exec")
        except SyntaxError as error:
            raise ValueError(f"{self.id}: not valid Python: {error}") from error
        return changed

    def apply(self, root: Path) -> None:
        """Apply the change to the file in `root`, a copy of the checkout."""
        text = self.applied(read(self.file, root).text)
        (root / self.file).write_text(text, encoding="utf-8")


@final
class _File(msgspec.Struct):
    mutant: list[Mutant]


def write_mutants(mutants: list[Mutant], seed: int, path: Path = LIST) -> None:
    """Write the list of mutants, with the command that draws it."""
    text = tomli_w.dumps(msgspec.to_builtins(_File(mutants)), multiline_strings=True)
    head = HEAD.format(seed=seed, count=len(mutants))
    path.write_text(head + text, encoding="utf-8")


def read_mutants(path: Path = LIST) -> tuple[list[Mutant], list[Mutant]]:
    """Return the mutants after checking that each can be applied, and those of deleted code.

    Raises
    ------
    ValueError
        If a mutant cannot be applied to the program.
    """
    mutants = msgspec.toml.decode(path.read_bytes(), type=_File).mutant
    present = [mutant for mutant in mutants if not mutant.removed]
    for mutant in present:
        if not (ROOT / mutant.file).is_file():
            raise ValueError(f"{mutant.id}: no file {mutant.file}")
        mutant.applied(read(mutant.file).text)
    return present, [mutant for mutant in mutants if mutant.removed]
