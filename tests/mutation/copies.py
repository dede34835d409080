"""A copy of the checkout that may be changed, and pytest in it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.selection import CHOSEN, NOTES, file_of
from tests.mutation.source import ROOT

FEW = 60
"""So many tests run in one process: starting several takes longer."""


@contextmanager
def copied() -> Iterator[Path]:
    """Copy what git knows or would add into a folder that is removed afterwards."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory(prefix="initscope-", ignore_cleanup_errors=True) as folder:
        root = Path(folder, "copy")
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)
        yield root


@dataclass(frozen=True)
class Outcome:
    """What came of a run of pytest; the exit code is None when the time was over."""

    code: int | None
    began: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def is_failure(self) -> bool:
        """Whether a test failed, a file could not be imported, or the process crashed."""
        return bool(self.code)


def run_tests(
    root: Path, tests: Sequence[str] | None, seconds: float, *, to_first_failure: bool = True
) -> Outcome:
    """Run tests of a copy, all for None, by file in the order given.

    Raises
    ------
    RuntimeError
        If none of the tests were found.
    """
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    words += ["-p", "tests.mutation.selection"]
    words += ["-x"] if to_first_failure else []
    words += ["-n", "2"] if tests is None or len(tests) > FEW else []
    chosen, notes = root.with_name("chosen"), root.with_name("notes")
    notes.write_text("", encoding="utf-8")
    variables = os.environ | {NOTES: str(notes), "PYTHONPATH": str(root)}
    if tests is not None:
        chosen.write_text("\n".join(tests), encoding="utf-8")
        variables[CHOSEN] = str(chosen)
        words += [*dict.fromkeys(map(file_of, tests))]
    code = _run(words, root, variables, seconds)
    lines = notes.read_text(encoding="utf-8").splitlines()
    if code == 5:
        raise RuntimeError(f"pytest found none of {tests}")
    began, failed = (
        tuple(dict.fromkeys(line.removeprefix(word) for line in lines if line.startswith(word)))
        for word in ("began ", "failed ")
    )
    return Outcome(code, began, failed)


def _run(words: list[str], root: Path, variables: dict[str, str], seconds: float) -> int | None:
    """Run a command with its output in a file beside the copy; end what it leaves running."""
    with root.with_name("output").open("wb") as output:
        process = subprocess.Popen(
            words,
            cwd=root,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
