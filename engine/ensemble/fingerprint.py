"""The versions on which the bits of a training depend, besides its experiment."""

from functools import cache

import numpy as np

from engine.io.resources import source_digest


@cache
def fingerprint() -> str:
    """Return the NumPy version and a digest of the source of the engine."""
    return f"NumPy {np.__version__}, engine {source_digest('engine')}"
