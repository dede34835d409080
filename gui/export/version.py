"""What the pixels of a frame depend on, besides its experiment and the plan."""

from functools import cache
from importlib.metadata import version
from pathlib import Path

from engine.ensemble import version as engine_version

_DRAWN_BY = ("PySide6-Essentials", "pyqtgraph", "ziamath", "cmap", "fontpkg-inter", "av")


@cache
def fingerprint() -> str:
    """Return the versions of what computes, draws and encodes, and the program's own text."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _DRAWN_BY)
    text = engine_version.text_digest(Path(__file__).parents[1])
    return f"{engine_version.fingerprint()}, gui {text}, {libraries}"
