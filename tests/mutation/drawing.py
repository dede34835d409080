"""Draws mutants with a seed, distributed over the folders by their number of statements."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from tests.mutation.mutants import Mutant
from tests.mutation.operators import Change, changes
from tests.mutation.source import Function, Source, modules, read

Chain = tuple[ast.AST, ...]
"""A node followed by its ancestors, up to its statement."""
SMALL = (ast.Slice, ast.UnaryOp, ast.Tuple)
"""Parents of a constant that are too small to identify it to a reader."""


def draw(seed: int, count: int) -> list[Mutant]:
    """Return `count` mutants: at least one from each folder, at most one from each function.

    Raises
    ------
    ValueError
        If `count` is less than the number of folders.
    """
    rng = random.Random(seed)
    candidates: dict[Path, list[Mutant]] = {}
    statements: dict[Path, int] = {}
    for file in modules():
        found, number = _candidates(file)
        candidates.setdefault(file.parent, []).extend(found)
        statements[file.parent] = statements.get(file.parent, 0) + number
    drawn: list[Mutant] = []
    for folder, share in _shares(statements, count).items():
        drawn += _sample(rng, candidates[folder], share)
    return [replace(mutant, id=f"m{number:02}") for number, mutant in enumerate(drawn, start=1)]


def _candidates(file: Path) -> tuple[list[Mutant], int]:
    """Return every possible mutant of a file, and the number of its statements in functions."""
    source = read(file)
    found, statements = [], 0
    for name, function in source.functions().items():
        for chain in _chains(function):
            statements += len(chain) == 1
            for change in changes(chain[0], source):
                start, end = _fragment(source, function, chain, change)
                found.append(_mutant(file, name, source, change, start, end))
    return found, statements


def _shares(statements: dict[Path, int], count: int) -> dict[Path, int]:
    """Return one mutant per folder plus a proportional share, by the largest remainder method."""
    rest = count - len(statements)
    if rest < 0:
        raise ValueError(f"the count must be at least {len(statements)}, the number of folders")
    exact = {folder: rest * n / sum(statements.values()) for folder, n in statements.items()}
    shares = {folder: 1 + int(part) for folder, part in exact.items()}
    by_remainder = sorted(exact, key=lambda folder: (int(exact[folder]) - exact[folder], folder))
    for folder in by_remainder[: count - sum(shares.values())]:
        shares[folder] += 1
    return dict(sorted(shares.items()))


def _sample(rng: random.Random, candidates: list[Mutant], share: int) -> list[Mutant]:
    """Return `share` candidates from different functions, sorted by file and line."""
    chosen: dict[tuple[str, str], Mutant] = {}
    for mutant in rng.sample(candidates, len(candidates)):
        if len(chosen) == share:
            break
        mutant.applied(read(mutant.file).text)  # raises ValueError if it cannot be applied
        chosen.setdefault((mutant.file, mutant.function), mutant)
    return sorted(chosen.values(), key=lambda mutant: (mutant.file, mutant.line))


def _chains(function: Function) -> Iterator[Chain]:
    """Yield the nodes of a function body, without annotations and nested functions."""
    for statement in function.body:
        yield from _within((statement,))


def _within(chain: Chain) -> Iterator[Chain]:
    node = chain[0]
    if isinstance(node, Function | ast.ClassDef | ast.JoinedStr) or _is_for_types(node):
        return  # Python 3.11 has wrong positions for nodes in f-strings
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return  # of zip: no effect while the lengths are equal
    yield chain
    for field, value in ast.iter_fields(node):
        if field == "annotation":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.stmt):
                yield from _within((child,))
            elif isinstance(child, ast.AST):
                yield from _within((child, *chain))


def _is_for_types(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _fragment(source: Source, function: Function, chain: Chain, change: Change) -> tuple[int, int]:
    """Return the offsets of the smallest fragment around a change that is unique in its function.

    Tries the node, its ancestors, its lines, and its lines with preceding lines.
    """
    first, last = source.segment(function)
    inside = source.text[first:last]
    is_constant = change.operator == "constant"
    for node in chain[1:] if is_constant and len(chain) > 1 else chain:
        start, end = source.start(node), source.end(node)
        is_around = start <= change.start and change.end <= end
        is_block = isinstance(node, ast.stmt) and hasattr(node, "body")
        if not is_around or is_block or (is_constant and isinstance(node, SMALL)):
            continue
        if inside.count(source.text[start:end]) == 1:
            return start, end
    end = source.line_end(change.end)
    line = source.text.count("\n", 0, change.start) + 1
    while True:
        start = source.line_start(line)
        start += len(source.text[start:end]) - len(source.text[start:end].lstrip())
        if inside.count(source.text[start:end]) == 1:
            return start, end
        line -= 1


def _mutant(
    file: Path, function: str, source: Source, change: Change, start: int, end: int
) -> Mutant:
    text = source.text
    return Mutant(
        id="",
        file=file.as_posix(),
        function=function,
        line=text.count("\n", 0, change.start) + 1,
        operator=change.operator,
        before=text[start:end],
        after=text[start : change.start] + change.text + text[change.end : end],
    )
