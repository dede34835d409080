"""Runs copied scripts as a reader would, in this process or in another one."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.types import Array

PROGRAM = """
import json, sys
results = []
for text in json.load(sys.stdin):
    names = {}
    exec(compile(text, "script.py", "exec"), names)
    W, b = ([array.tolist() for array in names[name]] for name in ("W", "b"))
    results.append(([float(loss) for loss in names["losses"]], W, b))
print(json.dumps(results))
"""


class Result(NamedTuple):
    """The losses of every frame, and the last parameters."""

    losses: list[float]
    W: list[Array]
    b: list[Array]


def run_here(text: str) -> Result:
    """Run a script that needs no more than NumPy."""
    names: dict[str, Any] = {}
    exec(compile(text, "script.py", "exec"), names)
    return Result([float(loss) for loss in names["losses"]], names["W"], names["b"])


def run_in_a_process(texts: Sequence[str]) -> list[Result]:
    """Run scripts one after another in one process: JAX and PyTorch start threads."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout.splitlines()[-1])  # after what the scripts print
    return [
        Result(losses, [np.array(w) for w in W], [np.array(w) for w in b])
        for losses, W, b in results
    ]
