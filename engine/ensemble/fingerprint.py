"""What the bits of a training depend on, besides its experiment."""

from functools import cache

import numpy as np

from engine.io.resources import source_digest


@cache
def fingerprint() -> str:
    """Return what the bits of a training depend on: the versions, and the engine's own text."""
    return f"NumPy {np.__version__}, engine {source_digest('engine')}"
