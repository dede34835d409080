"""A dialog for choosing a file, which can be opened again."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QFileDialog, QWidget


def file_dialog(parent: QWidget, title: str, folder: str = "") -> QFileDialog:
    """Return a dialog that is reused.

    The dialog that Qt draws itself creates new pixmaps each time it is opened, such as that of its
    header, and caches all of them. The cache is cleared, and the pixmaps of the stage are drawn
    again.
    """
    dialog = QFileDialog(parent, title, folder)
    dialog.finished.connect(_clear_pixmap_cache)
    return dialog


@Slot(int)
def _clear_pixmap_cache(_: int) -> None:
    QPixmapCache.clear()
