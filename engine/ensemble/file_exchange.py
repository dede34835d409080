"""Tasks and results that go to and from the processes of this machine by files."""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, final

from engine.errors import InitscopeError


@contextmanager
def exchange_folder() -> Iterator[Path]:
    """Open a folder for a while, which no other user can read or write.

    Raises
    ------
    InitscopeError
        If there is no place for one.
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

    A process that is killed while it writes leaves half a message in a pipe, for the rest of
    which `ProcessPoolExecutor` waits for ever. A name is so short that it is written at once or
    not at all.

    Parameters
    ----------
    executor : Executor
        Of processes that see the same files. Whoever opened it shuts it down.
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
        named = self._executor.submit(_work, file)
        named.add_done_callback(partial(_hand_over, file, result))
        return result


def _work(file: Path) -> None:
    """Do the task in a file, and write over it what came out."""
    function, arguments, options = pickle.loads(file.read_bytes())
    result = function(*arguments, **options)
    try:
        file.write_bytes(pickle.dumps(result))
    except OSError as error:
        raise InitscopeError(f"cannot hand over what was computed: {error}") from error


def _hand_over(file: Path, result: Future[Any], named: Future[None]) -> None:
    """Put what is in a file into the future that stands for it."""
    if not result.set_running_or_notify_cancel():
        return
    try:
        named.result()
        value = pickle.loads(file.read_bytes())
        file.unlink()
    except BaseException as error:  # the pool broken, or whatever the task has raised
        result.set_exception(error)
    else:
        result.set_result(value)
