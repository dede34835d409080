"""What the pixels of a frame depend on, besides its experiment and the plan."""

from functools import cache
from importlib.metadata import version

from engine.ensemble.fingerprint import fingerprint as training_fingerprint
from engine.io.resources import source_digest

_DRAWN_BY = ("PySide6-Essentials", "pyqtgraph", "ziamath", "cmap", "fontpkg-inter", "av")


@cache
def fingerprint() -> str:
    """Return the versions of what computes, draws and encodes, and the program's own text."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _DRAWN_BY)
    return f"{training_fingerprint()}, gui {source_digest('gui')}, {libraries}"
