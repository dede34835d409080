"""The source text of a module with its syntax tree: node positions, functions by name."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import final

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@final
class Source:
    """A source text, its syntax tree, and the offsets of nodes in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def start(self, node: ast.AST) -> int:
        return self._offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))

    def end(self, node: ast.AST) -> int:
        return self._offset(getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0))

    def between(self, first: ast.AST, second: ast.AST) -> str:
        """Return the text from the end of one node to the start of another."""
        return self.text[self.end(first) : self.start(second)]

    def segment(self, function: Function) -> tuple[int, int]:
        """Return the offsets of a function, up to the end of its last line."""
        return self.start(function), self.line_end(self.end(function))

    def line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def line_start(self, line: int) -> int:
        return self._starts[line - 1]

    def _offset(self, line: int, column: int) -> int:
        """Return the offset of a line (from 1) and a column (in UTF-8 bytes, as in `ast`)."""
        before = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)

    def functions(self) -> dict[str, Function]:
        """Return the functions by qualified name, without names that occur more than once."""
        found = list(_functions(self.tree, ""))
        names = [name for name, _ in found]
        return {name: function for name, function in found if names.count(name) == 1}


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield prefix + child.name, child
        if isinstance(child, Function | ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def modules() -> list[Path]:
    """Return the source files of the program, relative to the checkout, sorted."""
    files = [*(ROOT / "engine").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]
    return sorted(file.relative_to(ROOT) for file in files)


def read(file: Path | str, root: Path = ROOT) -> Source:
    return Source((root / file).read_text(encoding="utf-8"))
