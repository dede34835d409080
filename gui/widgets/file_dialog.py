"""The dialog that asks for a file."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QFileDialog, QWidget


def file_dialog(parent: QWidget, title: str, folder: str = "") -> QFileDialog:
    """Return a dialog to be kept and opened again.

    Where Qt draws it itself, it makes new pictures at every opening, such as of the head of its
    list, and would keep them all. Those of the stage go with them, and are drawn once more.
    """
    dialog = QFileDialog(parent, title, folder)
    dialog.finished.connect(_forget_pictures)
    return dialog


@Slot(int)
def _forget_pictures(_: int) -> None:
    QPixmapCache.clear()
