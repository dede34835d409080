"""Runs the tests against mutants and reports which mutants they kill."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from time import perf_counter
from typing import final

from tests.mutation.copies import Outcome, copied, run_tests
from tests.mutation.mutants import Mutant
from tests.mutation.probes import ALL
from tests.mutation.selection import file_of

Coverage = Mapping[str, Sequence[str]]
"""The tests that execute the function of each mutant, by mutant id; `ALL` has all tests."""
ALIVE = ("survived", "unreached")
WHOLE = 4
"""The timeout of a run of all tests, in units of the timeout of a mutant."""


@final
class Log:
    """Prints verdicts and appends them to a file; the last verdict of a mutant is valid."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        text = path.read_text(encoding="utf-8") if path and path.exists() else ""
        lines = (line.split() for line in text.splitlines())
        self.verdicts = {words[0]: words[1] for words in lines if len(words) > 1}

    def add(self, id: str, verdict: str, more: str) -> None:
        line = f"{id} {verdict} {more}"
        self.verdicts[id] = verdict
        print(line, flush=True)
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def summary(self) -> str:
        found = list(self.verdicts.values())
        counts = {each: found.count(each) for each in ("killed", "timed-out", *ALIVE)}
        return f"{len(found)} mutants: " + ", ".join(f"{n} {word}" for word, n in counts.items())


def run_each(mutants: Iterable[Mutant], covered: Coverage, log: Log, seconds: float) -> None:
    """Run the tests for each mutant without a verdict."""
    for mutant in mutants:
        tests = covered[mutant.id]
        if mutant.id in log.verdicts:
            continue
        if not tests:
            log.add(mutant.id, "unreached", "by any test")
        elif ALL in tests:
            _judge(mutant, in_order(mutant, covered[ALL]), log, WHOLE * seconds)
        else:
            _judge(mutant, in_order(mutant, tests), log, seconds)


def run_combined(mutants: Iterable[Mutant], log: Log, seconds: float) -> None:
    """Run all tests with all surviving mutants applied, then each mutant with the failed tests.

    Coverage attributes a cached function to the first test that calls it. This finds the other
    tests that depend on it with a single run.
    """
    alive = [mutant for mutant in mutants if log.verdicts.get(mutant.id) in ALIVE]
    while alive:
        with copied() as root:
            for mutant in alive:
                mutant.apply(root)
            outcome = run_tests(root, None, WHOLE * seconds, to_first_failure=False)
        print(f"{len(outcome.failed)} tests fail with {len(alive)} survivors combined", flush=True)
        if not outcome.failed:
            break
        before = len(alive)
        for mutant in alive:
            _judge(mutant, outcome.failed, log, seconds)
        alive = [mutant for mutant in alive if log.verdicts[mutant.id] in ALIVE]
        if len(alive) == before:
            break


def _judge(mutant: Mutant, tests: Sequence[str], log: Log, seconds: float) -> None:
    """Run tests until one fails twice; a single failure can be due to a slow machine."""
    start = perf_counter()
    verdict, by = "survived", f"{len(tests)} tests"
    with copied() as root:
        mutant.apply(root)
        while tests:
            outcome = run_tests(root, tests, seconds)
            if outcome.code is None:
                verdict, by = "timed-out", f"by {('no test', *outcome.began)[-1]}"
            if not outcome.is_failure:
                break
            if _fails_again(root, outcome, tests, seconds):
                verdict, by = "killed", f"by {(*outcome.failed, 'a crash')[0]}"
                break
            tests = [id for id in tests if id not in outcome.failed]
    log.add(mutant.id, verdict, f"{by} in {perf_counter() - start:.0f} s")


def _fails_again(root: Path, outcome: Outcome, tests: Sequence[str], seconds: float) -> bool:
    """Return whether the first failed test also fails when it runs alone."""
    first = outcome.failed[:1]
    if first and "::" not in first[0]:
        return True  # the file cannot be imported
    return run_tests(root, first or tests, seconds).code != 0


def in_order(mutant: Mutant, tests: Iterable[str]) -> list[str]:
    """Return the tests sorted by file: of the module, of its folder, of engine or gui, others.

    Within these groups, files with fewer tests come first.
    """
    file = PurePosixPath(mutant.file)
    mirrored = "tests" / file.parent
    by_file: dict[str, list[str]] = {}
    for id in tests:
        by_file.setdefault(file_of(id), []).append(id)

    def rank(name: str) -> tuple[int, int, str]:
        path = PurePosixPath(name)
        nearness = (
            path in (file, mirrored / f"test_{file.name}"),
            path.parent == mirrored,
            path.is_relative_to("tests/" + file.parts[0]),
            True,
        )
        return nearness.index(True), len(by_file[name]), name

    return [id for name in sorted(by_file, key=rank) for id in by_file[name]]
