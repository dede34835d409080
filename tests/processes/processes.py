"""Starts the program in a new process, forked from one that has imported the program.

`start` and `run` take the place of `subprocess.Popen` and `subprocess.run` for commands of this
Python. Use `subprocess` where the start of the interpreter or the order of imports is tested.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final, TextIO, final

from tests.processes.fork_server import ROOT

CAN_FORK: Final = sys.platform == "linux"
"""Elsewhere processes are started as always: not every system library survives a fork."""
READ_AT_START: Final = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_")
"""Beginnings of the names of variables that the interpreter reads when it starts."""
Stream = int | IO[Any] | None
"""As in `subprocess`: a file, its descriptor, `PIPE`, or None for the one of the tests."""


@final
class Process:
    """A forked process, with the methods and attributes of `subprocess.Popen`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: str | Path | None = None,
        env: Mapping[str, str] | None = None,
        stdout: Stream = None,
        stderr: Stream = None,
        largest_file: int | None = None,
    ) -> None:
        """Fork.

        Parameters
        ----------
        command : sequence of str
            This Python, and its arguments: a file, `-c` and a program, or `-m` and a module.
        largest_file : int, optional
            The largest size in bytes to which the process can write a file.
        """
        self.args = command
        self.returncode: int | None = None
        request = {
            "words": command[1:],
            "folder": os.fspath(cwd or os.getcwd()),
            "environment": dict(os.environ if env is None else env),
            "largest_file": largest_file,
        }
        self.stdout, output = _readable(stdout, 1)
        self.stderr, error = _readable(stderr, 2)
        reading, writing = os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        files = [nothing, output, error, writing]
        socket.send_fds(_server(), [json.dumps(request).encode()], files)
        for file, stream in ((output, self.stdout), (error, self.stderr)):
            if stream is not None:
                os.close(file)
        os.close(nothing)
        os.close(writing)
        self._status = open(reading)  # noqa: SIM115 (closed when the process has ended)
        self.pid = int(self._status.readline())
        self._reporter = Thread(target=self._wait, daemon=True)
        self._reporter.start()

    def _wait(self) -> None:
        with self._status as status:
            self.returncode = int(status.readline())

    def poll(self) -> int | None:
        """Return the exit code, or None while the process runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the process to end, and return the exit code."""
        self._reporter.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read the streams to their ends, wait for the process to end, and return the texts."""
        start = time.monotonic()
        texts = ["", ""]

        def read(number: int, stream: TextIO) -> None:
            texts[number] = stream.read()

        streams = (self.stdout, self.stderr)
        threads = [
            Thread(target=read, args=(number, stream), daemon=True)
            for number, stream in enumerate(streams)
            if stream is not None and not stream.closed
        ]
        for thread in threads:
            thread.start()
        for thread in [*threads, self._reporter]:
            left = None if timeout is None else max(0.0, start + timeout - time.monotonic())
            thread.join(left)
            if thread.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        for stream in streams:
            if stream is not None:
                stream.close()
        return texts[0], texts[1]

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(15)

    def kill(self) -> None:
        self.send_signal(9)


Started = Process | subprocess.Popen[str]


def can_fork(command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
    """Return whether a forked process does what a new one would."""
    if not CAN_FORK or command[0] != sys.executable:
        return False
    if command[1].startswith("-") and command[1] not in ("-c", "-m"):
        return False  # an option of the interpreter
    env = os.environ if env is None else env
    names = {name for name in {*env, *os.environ} if name.startswith(READ_AT_START)}
    return all(env.get(name) == os.environ.get(name) for name in names)


def start(command: Sequence[str], *, largest_file: int | None = None, **options: Any) -> "Started":
    """Start a command; see `Process` for the options. It is forked if that makes no difference."""
    if can_fork(command, options.get("env")):
        return Process(command, largest_file=largest_file, **options)
    if largest_file is not None:
        options["preexec_fn"] = lambda: limit_files(largest_file)
    return subprocess.Popen(command, text=True, **options)


def run(
    command: Sequence[str], *, timeout: float | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its streams are captured unless given."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return finish(start(command, **streams), timeout)


def finish(process: Started, timeout: float | None = None) -> subprocess.CompletedProcess[str]:
    """Wait for a process to end; kill it after `timeout` seconds, which raises TimeoutExpired."""
    try:
        output, error = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(process.args, process.wait(), output, error)


def limit_files(size: int) -> None:
    """Let this process write no file of more bytes than `size`."""
    import resource  # Windows has none

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _readable(stream: Stream, inherited: int) -> tuple[TextIO | None, int]:
    """Return what the tests read, if it is a pipe, and the descriptor that the process writes."""
    if stream == subprocess.PIPE:
        reading, writing = os.pipe()
        return open(reading, encoding="utf-8"), writing
    if stream is None:
        return None, inherited
    return None, stream if isinstance(stream, int) else stream.fileno()


@cache
def _server() -> socket.socket:
    """Start the server, which ends when its socket is closed."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.processes.fork_server", str(there.fileno())],
        cwd=ROOT,
        pass_fds=[there.fileno()],
    )
    there.close()

    def end() -> None:
        here.close()
        process.wait()

    atexit.register(end)
    return here
