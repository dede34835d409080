"""Choosing a file: a dialog that can be opened again, and the name of a file to save."""

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.widgets.plain_text import as_it_stands

UNTITLED = "experiment"


def file_dialog(
    parent: QWidget, title: str, filters: Sequence[str], suffix: str | None = None
) -> QFileDialog:
    """Return a dialog that is reused: for an existing file, or with a default suffix to save one.

    The dialog that Qt draws itself creates new pixmaps each time it is opened, such as that of its
    header, and caches all of them. The cache is cleared, and the pixmaps of the stage are drawn
    again.
    """
    dialog = QFileDialog(parent, title)
    dialog.setNameFilters(filters)
    if suffix is None:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    else:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.lstrip("."))
    dialog.finished.connect(_clear_pixmap_cache)
    return dialog


def file_to_save(parent: QWidget, name: str, suffixes: Sequence[str]) -> Path | None:
    """Return the file of a name that was chosen, with the first suffix if it has none of them.

    A dialog does not add a suffix to "run v1.5", and has not asked whether to replace a file that
    only the suffix names; this asks. None if the file is not to be replaced.
    """
    chosen = Path(name)
    path = with_suffix(chosen, suffixes)
    if path == chosen or not path.exists():
        return path
    question = as_it_stands(f"{path.name} already exists. Replace it?")
    answer = QMessageBox.question(parent, "Initscope", question)
    return path if answer == QMessageBox.StandardButton.Yes else None


def with_suffix(path: Path, suffixes: Sequence[str]) -> Path:
    """Return a path that ends with one of some suffixes, by default with the first.

    Unlike `Path.with_suffix`, it replaces nothing; a name that is only a suffix gets a stem.

    >>> [with_suffix(Path(name), [".toml"]).name for name in ("run v1.5", "a.TOML", ".toml")]
    ['run v1.5.toml', 'a.TOML', 'experiment.toml']
    """
    name = path.name.lower()
    if name in suffixes:
        return path.with_name(f"{UNTITLED}{path.name}")
    return path if name.endswith(tuple(suffixes)) else path.with_name(path.name + suffixes[0])


def file_stem(title: str) -> str:
    """Return a title as the name of a file without a suffix, never empty.

    >>> file_stem("Zero against random: σ"), file_stem("→ ?!")
    ('zero-against-random-σ', 'experiment')
    """
    return "-".join(re.findall(r"\w+", title.lower()))[:60] or UNTITLED


@Slot(int)
def _clear_pixmap_cache(_: int) -> None:
    QPixmapCache.clear()
