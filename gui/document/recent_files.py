"""The recent files, and the menu that opens them."""

import os.path
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gui.widgets import as_it_stands, caption

MOST = 10


@final
class RecentFiles(QObject):
    """A list of files without duplicates, the latest first.

    Parameters
    ----------
    paths : sequence of str
        The list of the last session.
    window : QWidget

    Signals
    -------
    chosen(str)
        A file was selected in the menu.
    """

    chosen = Signal(str)

    def __init__(self, paths: Sequence[str], window: QWidget) -> None:
        super().__init__(window)
        self.paths = tuple(paths[:MOST])
        self.menu = QMenu("Open recent", window)
        self.menu.setObjectName("recent_files")
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.menu.triggered.connect(self._on_triggered)

    def add(self, path: Path) -> None:
        """Move a file to the top, or add it."""
        name = str(path.absolute())
        self.paths = (name, *(each for each in self.paths if each != name))[:MOST]

    @Slot()
    def _fill(self) -> None:
        """List the files that exist; others stay in the list, as their disk may be missing."""
        self.menu.clear()
        existing = [name for name in self.paths if os.path.exists(name)]
        for name, text in zip(existing, captions(existing), strict=True):
            action = self.menu.addAction(caption(text))
            action.setData(name)
            action.setToolTip(as_it_stands(name))
        if not existing:
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
    """Return the names of files, with folders where two names are equal.

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
            return [
                " — ".join([tail[-1], str(Path(*tail[:-1]))] if tail[1:] else tail)
                for tail in tails
            ]
        folders = longer
