"""What the bits of a training depend on, besides its experiment."""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np


@cache
def fingerprint() -> str:
    """Return what the bits of a training depend on: the versions, and the engine's own text."""
    return f"NumPy {np.__version__}, engine {text_digest(Path(__file__).parents[1])}"


def text_digest(folder: Path) -> str:
    """Return a digest of every Python file in a folder."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
