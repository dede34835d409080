"""A dialog for choosing a file, which can be opened again."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QFileDialog, QWidget


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


@Slot(int)
def _clear_pixmap_cache(_: int) -> None:
    QPixmapCache.clear()
