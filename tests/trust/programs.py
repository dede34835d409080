"""The program as a separate process in an environment that a test chooses."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.library.experiment_file import write_experiment
from tests.processes import processes
from tests.processes.processes import Started

ROOT = Path(__file__).parents[2]
MAIN = (sys.executable, str(ROOT / "main.py"))
SHORT = Experiment(title="Short", training=TrainingSpec(steps=10))
ENDLESS = Experiment(title="Endless", training=TrainingSpec(steps=10_000_000))
SMALL = ("--size", "320x180")
PATIENCE = 60

ORDINARY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner")
"""What runs a command without the powers over files by which root passes every permission."""


def surroundings(**variables: str) -> dict[str, str]:
    """Return the variables of this process without those that name a display, and these."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: text for name, text in os.environ.items() if name not in displays} | variables


def start(
    *words: str | Path, under: Sequence[str] = (), program: Sequence[str] = MAIN, **options: Any
) -> Started:
    """Start the program with these words, `under` a command that runs it."""
    chosen: dict[str, Any] = {"env": surroundings(), "stdout": subprocess.PIPE} | options
    return processes.start([*under, *program, *map(str, words)], stderr=subprocess.PIPE, **chosen)


def ended(process: Started, seconds: float = PATIENCE) -> subprocess.CompletedProcess[str]:
    """Wait for a process to exit; fail the test after a number of seconds."""
    return processes.finish(process, seconds)


def run(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return ended(start(*words, **options))


def assert_done(done: subprocess.CompletedProcess[str]) -> None:
    assert (done.returncode, done.stderr) == (0, "")


def assert_refused(done: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    """Assert that a command ended with this code and one sentence that has these words."""
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("initscope: ")
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def contents(path: Path) -> list[bytes]:
    """Return the bytes of a file, or of each file in a folder by its name."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [file.read_bytes() for file in files]


def ordinary() -> Sequence[str]:
    """Return what a command is run under to have an ordinary user's rights to files."""
    if os.geteuid():
        return ()
    probe = [*ORDINARY, "true"]
    try:
        subprocess.run(probe, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root's powers over files cannot be laid down here: there is no setpriv")
    return ORDINARY


def own_mounts(script: str) -> Sequence[str]:
    """Return what a command is run under that mounts things for itself alone.

    Parameters
    ----------
    script : str
        Of the shell; "$@" stands for the command.
    """
    unshare = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    try:
        probe = [*unshare, "mount", "-t", "tmpfs", "none", "/mnt"]
        subprocess.run(probe, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    return [*unshare, "sh", "-ec", script, "sh"]


def short(folder: Path, experiment: Experiment = SHORT) -> Path:
    """Write an experiment, of eleven frames, into a new folder there, and return its file."""
    path = folder / "recipes" / "short.toml"
    path.parent.mkdir()
    write_experiment(experiment, path)
    return path
