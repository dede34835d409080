"""The files that were opened or saved last, as a menu that opens them again."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gui.widgets.plain_text import as_it_stands, caption

MOST = 10


@final
class Recent(QObject):
    """Remembers files, the latest first, each once.

    Parameters
    ----------
    paths : sequence of str
        What is remembered from before.
    window : QWidget

    Signals
    -------
    chosen(str)
        The file that is to be opened.
    """

    chosen = Signal(str)

    def __init__(self, paths: Sequence[str], window: QWidget) -> None:
        super().__init__(window)
        self.paths = tuple(paths[:MOST])
        self.menu = QMenu("Open recent", window)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.menu.triggered.connect(self._on_triggered)

    def add(self, path: Path) -> None:
        """Put a file at the top."""
        name = str(path.absolute())
        self.paths = (name, *(each for each in self.paths if each != name))[:MOST]

    @Slot()
    def _fill(self) -> None:
        """List the files that are there now; one on a disk that is not stays remembered."""
        self.menu.clear()
        there = [name for name in self.paths if _is_there(name)]
        for name, text in zip(there, captions(there), strict=True):
            action = self.menu.addAction(caption(text))
            action.setData(name)
            action.setToolTip(as_it_stands(name))
        if not there:
            self.menu.addAction("No files yet").setEnabled(False)
        self.menu.addSeparator()
        self.menu.addAction("Clear the list").setEnabled(bool(self.paths))

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        name = action.data()
        if name is None:
            self.paths = ()
        else:
            self.chosen.emit(name)


def captions(names: Sequence[str]) -> list[str]:
    """Return how files are listed: by their names, with folders where two have the same.

    >>> captions(["/a/xor.toml", "/a/moons.toml", "/b/moons.toml"])
    ['xor.toml', 'moons.toml — a', 'moons.toml — b']
    >>> captions(["/a/x/moons.toml", "/b/x/moons.toml"])
    ['moons.toml — a/x', 'moons.toml — b/x']
    """
    paths = [Path(name) for name in names]
    folders = [0] * len(paths)
    while True:
        tails = [path.parts[-1 - count :] for path, count in zip(paths, folders, strict=True)]
        alike = Counter(tails)
        longer = [
            count + (alike[tail] > 1 and len(tail) < len(path.parts))
            for path, tail, count in zip(paths, tails, folders, strict=True)
        ]
        if longer == folders:
            return [" — ".join([tail[-1], *_joined(tail[:-1])]) for tail in tails]
        folders = longer


def _joined(folders: Sequence[str]) -> list[str]:
    return [str(Path(*folders))] if folders else []


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False
