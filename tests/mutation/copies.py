"""Temporary copies of the checkout, and runs of pytest in them."""

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
from typing import final

from tests.mutation.selection import CHOSEN, NOTES, file_of
from tests.mutation.source import ROOT

FEW = 60
"""Up to this number of tests run in one process, more in two."""


@contextmanager
def copied() -> Iterator[Path]:
    """Copy tracked and untracked files, without ignored ones, to a temporary folder."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory(prefix="initscope-", ignore_cleanup_errors=True) as folder:
        root = Path(folder, "copy")
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)
        yield root


@final
@dataclass(frozen=True)
class Outcome:
    """The result of a pytest run; the exit code is None after a timeout."""

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
    """Run tests in a copy, file by file in the given order; None runs all tests.

    Raises
    ------
    RuntimeError
        If pytest finds none of the tests.
    """
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not soak"]
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
    """Run a command, with its output in a file next to the copy; kill remaining children."""
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
