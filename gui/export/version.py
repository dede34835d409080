"""The versions on which the pixels of a frame depend, besides its experiment and plan."""

from functools import cache
from importlib.metadata import version

from engine.ensemble.fingerprint import fingerprint as training_fingerprint
from engine.io.resources import source_digest

_DRAWN_BY = ("PySide6-Essentials", "pyqtgraph", "ziamath", "cmap", "fontpkg-inter", "av")


@cache
def fingerprint() -> str:
    """Return the versions of the libraries that compute, draw and encode, and of the program."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _DRAWN_BY)
    return f"{training_fingerprint()}, gui {source_digest('gui')}, {libraries}"
