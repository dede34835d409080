"""Runs the tests against mutants, and says which of these they notice."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from time import perf_counter

from tests.mutation.copies import Outcome, copied, run_tests
from tests.mutation.mutants import Mutant
from tests.mutation.probes import ALL
from tests.mutation.selection import file_of

Coverage = Mapping[str, Sequence[str]]
"""The tests that run the function of each mutant, by its id; and by `ALL` all tests."""
ALIVE = ("survived", "unreached")
WHOLE = 4
"""A run of all tests may take so many times what the run for a mutant may."""


class Log:
    """The verdicts, a line each, on the screen and in a file; the last one of a mutant counts."""

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
    """Run the tests of each mutant that has no verdict yet."""
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


def run_together(mutants: Iterable[Mutant], log: Log, seconds: float) -> None:
    """Run all tests with all that are alive applied at once; each then meets those that failed.

    A function whose result is kept runs in the first test that asks for it, and is not seen to
    matter to the next: this finds such tests by one run instead of one for each mutant.
    """
    alive = [mutant for mutant in mutants if log.verdicts.get(mutant.id) in ALIVE]
    while alive:
        with copied() as root:
            for mutant in alive:
                mutant.apply(root)
            outcome = run_tests(root, None, WHOLE * seconds, to_first_failure=False)
        print(f"with {len(alive)} alive at once, {len(outcome.failed)} fail", flush=True)
        if not outcome.failed:
            break
        before = len(alive)
        for mutant in alive:
            _judge(mutant, outcome.failed, log, seconds)
        alive = [mutant for mutant in alive if log.verdicts[mutant.id] in ALIVE]
        if len(alive) == before:
            break


def _judge(mutant: Mutant, tests: Sequence[str], log: Log, seconds: float) -> None:
    """Run tests until one fails twice: once may be the fault of a busy machine."""
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
    """Return whether the first failure of a run is one again by itself."""
    first = outcome.failed[:1]
    if first and "::" not in first[0]:
        return True  # a file that cannot be imported
    return run_tests(root, first or tests, seconds).code != 0


def in_order(mutant: Mutant, tests: Iterable[str]) -> list[str]:
    """Return the tests by file: those of the module, of its folder, of its half, the others.

    Among these, files with few tests come first.
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
