"""A server that has imported the program, and forks itself for each process that tests start.

To import Qt, NumPy and the program takes a process a second, to fork takes milliseconds. The
forked process is an ordinary one: it has its own exit code, signals, streams, folder and variables,
and ends as the interpreter does.
"""

import gc
import importlib
import io
import json
import os
import resource
import runpy
import signal
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
LARGEST_REQUEST: Final = 2**20
MODULES: Final = ("gui.app", "main", "pytestqt.qtbot")
"""Imported first, as the program and the tests in its process do."""


def serve(requests: socket.socket) -> dict[str, Any] | None:
    """Fork for each request. In a forked process, return its request; in the server, None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # reaps the reporters
    gc.collect()
    gc.freeze()  # or the first collection would copy every page
    while True:
        message, files, *_ = socket.recv_fds(requests, LARGEST_REQUEST, 4)
        if not message:
            return None
        if os.fork() == 0:
            requests.close()
            if _report(*files):
                os._exit(0)
            return dict(json.loads(message))
        for file in files:
            os.close(file)


def _report(*files: int) -> bool:
    """Fork a process with these streams, and report its ID and exit code to the last file.

    Return whether this is the process that reports.
    """
    *streams, status = files
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for file in files:
            os.close(file)
        return False
    for stream in streams:
        os.close(stream)
    os.write(status, f"{pid}\n".encode())
    os.write(status, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
    return True


def run(request: dict[str, Any]) -> None:
    """Do in this process what the request asks for, as a new interpreter would."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    if request["largest_file"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest_file"], resource.RLIM_INFINITY))
    sys.stdout = sys.__stdout__ = _open_output(1, "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _open_output(2, "backslashreplace")  # type: ignore[misc]
    option, *words = request["words"]
    if option == "-c":
        program, *words = words
        sys.argv = ["-c", *words]
        module = sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(program, "<string>", "exec"), module.__dict__)
    elif option == "-m":
        name, *words = words
        sys.argv = [name, *words]
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    else:
        sys.argv = [option, *words]
        runpy.run_path(option, run_name="__main__")


def _open_output(number: int, errors: str) -> io.TextIOWrapper:
    """Open a standard stream as the interpreter does: the server's may be no pipe or terminal."""
    is_line_buffered = number == 2 or os.isatty(number)
    file = io.FileIO(number, "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(file), "utf-8", errors, line_buffering=is_line_buffered
    )


def import_program() -> None:
    """Import everything that the program may import."""
    for name in MODULES:
        importlib.import_module(name)
    for folder in ("engine", "gui"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            importlib.import_module(".".join(parts).removesuffix(".__init__"))


def main() -> None:
    """Serve the socket whose number is the argument."""
    import_program()
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        request = serve(requests)
    if request is not None:
        run(request)


if __name__ == "__main__":
    main()
