"""Finds the tests that execute the mutated functions, by a full test run with probes."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.mutation.copies import copied, run_tests
from tests.mutation.mutants import Mutant
from tests.mutation.selection import file_of
from tests.mutation.source import Function, Source, read

ALL = "*"
"""Key and placeholder for all tests. Used for functions that run during imports."""
# One file per process, because some tests limit the size of files.
PROBE = """\
def _probe(id, seen=set()):
    try:
        import os
        hit = f"{{id}} {{os.environ.get('PYTEST_CURRENT_TEST', '')}}"
        if hit not in seen:
            with open(f"{folder}/{{os.getpid()}}", "a", errors="backslashreplace") as file:
                file.write(hit + "\\n")
            seen.add(hit)
    except Exception:
        pass


"""


def coverage(mutants: Iterable[Mutant], seconds: float) -> tuple[dict[str, list[str]], list[str]]:
    """Return the tests that execute the function of each mutant, and the tests that failed.

    The key `ALL` contains all tests.
    """
    mutants = list(mutants)
    with copied() as root:
        hits = root.with_name("hits")
        hits.mkdir()
        for file in {mutant.file for mutant in mutants}:
            ids = {mutant.function: mutant.id for mutant in mutants if mutant.file == file}
            text = with_probes(read(file, root), ids, hits)
            (root / file).write_text(text, encoding="utf-8")
        outcome = run_tests(root, None, seconds, to_first_failure=False)
        if outcome.code is None or not outcome.began:
            raise RuntimeError(f"the run with probes ended with {outcome.code}")
        lines = {line for file in hits.iterdir() for line in file.read_text("utf-8").splitlines()}
    tests = {ALL: sorted(outcome.began)}
    for mutant in mutants:
        found = {line.partition(" ")[2] for line in lines if line.startswith(f"{mutant.id} ")}
        tests[mutant.id] = sorted(_tests(found, outcome.began))
    return tests, list(outcome.failed)


def with_probes(source: Source, ids: Mapping[str, str], folder: Path) -> str:
    """Return the text with a probe as the first statement of the given functions.

    That of a statement outside functions, whose name is empty, is the first of the module.
    """
    text = source.text
    functions = source.functions()
    places = {_first(functions[name]): id for name, id in ids.items() if name}
    for node in sorted(places, key=source.start, reverse=True):
        decorators = getattr(node, "decorator_list", [])
        line = min(each.lineno for each in [node, *decorators])
        start, probe = source.line_start(line), f"_probe({places[node]!r})"
        indent = text[start : source.start(node)]
        if decorators or not indent.strip():
            column = " " * node.col_offset
            text = f"{text[:start]}{column}{probe}\n{text[start:]}"
        else:  # the statement is on the line of the function header
            start = source.start(node)
            text = f"{text[:start]}{probe}; {text[start:]}"
    module = next(node for node in source.tree.body if not _is_preamble(node))
    start = source.line_start(min([module.lineno, *_lines_of_decorators(module)]))
    outside = f"_probe({ids['']!r})\n" if "" in ids else ""
    text = text[:start] + PROBE.format(folder=folder) + outside + text[start:]
    ast.parse(text)
    return text


def _first(function: Function) -> ast.stmt:
    """Return the first statement after the docstring."""
    return function.body[1 if ast.get_docstring(function) is not None else 0]


def _is_preamble(node: ast.stmt) -> bool:
    is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return is_future or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _lines_of_decorators(node: ast.stmt) -> list[int]:
    return [each.lineno for each in getattr(node, "decorator_list", [])]


def _tests(hits: Iterable[str], began: Iterable[str]) -> set[str]:
    """Return the tests for recorded values of PYTEST_CURRENT_TEST.

    A hit during setup or teardown selects all tests of the file: the fixture may be shared.
    """
    tests: set[str] = set()
    for hit in hits:
        id, _, phase = hit.rpartition(" ")
        if not hit:
            return {ALL}
        if phase == "(call)":
            tests.add(id)
        else:
            tests.update(each for each in began if file_of(each) == file_of(id))
    return tests
