"""An executor that passes tasks and results to processes of this machine in files."""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, final

from engine import InitscopeError


@contextmanager
def exchange_folder() -> Iterator[Path]:
    """Make a temporary folder that no other user can read or write.

    Raises
    ------
    InitscopeError
        If it cannot be made.
    """
    try:
        folder = TemporaryDirectory(prefix="initscope-", ignore_cleanup_errors=True)
    except OSError as error:
        raise InitscopeError(f"cannot make a folder for temporary files: {error}") from error
    with folder as name:
        yield Path(name)


@final
class FileBackedExecutor(Executor):
    """Sends only the names of files through the pipes of a pool of processes.

    A process that is killed while it writes leaves half a message in a pipe, and
    `ProcessPoolExecutor` waits for the rest forever. A name is short enough to be written
    completely or not at all.

    Parameters
    ----------
    executor : Executor
        Its processes see the same files. The caller shuts it down.
    folder : Path
    """

    def __init__(self, executor: Executor, folder: Path) -> None:
        self._executor = executor
        self._folder = folder
        self._numbers = count()

    def submit(
        self, function: Callable[..., Any], /, *arguments: Any, **options: Any
    ) -> Future[Any]:
        file = self._folder / str(next(self._numbers))
        file.write_bytes(pickle.dumps((function, arguments, options)))
        result: Future[Any] = Future()
        self._executor.submit(_run, file).add_done_callback(partial(_set_result, file, result))
        return result


def _run(file: Path) -> None:
    """Run the task in a file, and replace the file by the result."""
    function, arguments, options = pickle.loads(file.read_bytes())
    result = function(*arguments, **options)
    try:
        file.write_bytes(pickle.dumps(result))
    except OSError as error:
        raise InitscopeError(f"cannot write the result of a worker: {error}") from error


def _set_result(file: Path, result: Future[Any], named: Future[None]) -> None:
    """Set the result of a future from a file."""
    if not result.set_running_or_notify_cancel():
        return
    try:
        named.result()
        value = pickle.loads(file.read_bytes())
        file.unlink()
    except BaseException as error:  # of the pool or of the task
        result.set_exception(error)
    else:
        result.set_result(value)
