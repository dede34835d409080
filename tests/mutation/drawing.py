"""Draws mutants by a seed, spread over the folders by the number of their statements."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from tests.mutation.mutants import Mutant
from tests.mutation.operators import Change, changes
from tests.mutation.source import Function, Source, modules, read

Chain = tuple[ast.AST, ...]
"""A node, and what it is part of, outwards to its statement."""
SMALL = (ast.Slice, ast.UnaryOp, ast.Tuple)
"""What says too little of a changed constant to be read alone."""


def draw(seed: int, count: int) -> list[Mutant]:
    """Return `count` mutants: at least one of each folder, no two of the same function.

    Raises
    ------
    ValueError
        If there are more folders than mutants.
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
    """Return every mutant of a file, and the number of the statements they are drawn from."""
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
    """Return one for each folder and the rest in proportion, by largest remainders."""
    rest = count - len(statements)
    if rest < 0:
        raise ValueError(f"there are {len(statements)} folders: draw at least so many")
    exact = {folder: rest * n / sum(statements.values()) for folder, n in statements.items()}
    shares = {folder: 1 + int(part) for folder, part in exact.items()}
    by_remainder = sorted(exact, key=lambda folder: (int(exact[folder]) - exact[folder], folder))
    for folder in by_remainder[: count - sum(shares.values())]:
        shares[folder] += 1
    return dict(sorted(shares.items()))


def _sample(rng: random.Random, candidates: list[Mutant], share: int) -> list[Mutant]:
    """Return as many of the candidates, of different functions, in the order of the files."""
    chosen: dict[tuple[str, str], Mutant] = {}
    for mutant in rng.sample(candidates, len(candidates)):
        if len(chosen) == share:
            break
        mutant.applied(read(mutant.file).text)  # raises where it would not be Python
        chosen.setdefault((mutant.file, mutant.function), mutant)
    return sorted(chosen.values(), key=lambda mutant: (mutant.file, mutant.line))


def _chains(function: Function) -> Iterator[Chain]:
    """Yield what a function runs itself: no annotation, and no function that stands in it."""
    for statement in function.body:
        yield from _within((statement,))


def _within(chain: Chain) -> Iterator[Chain]:
    node = chain[0]
    if isinstance(node, Function | ast.ClassDef | ast.JoinedStr) or _is_for_types(node):
        return  # before Python 3.12 nodes in an f-string do not tell where they stand
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return  # of zip: nothing changes where lengths are the same
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
    """Return the smallest piece around a change that stands only once in its function.

    That is the node, what it is part of, the lines it stands on, or these and some above.
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
