"""The help sheet: every key, read from the actions themselves."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QWidget

from gui.actions import COMMANDS, key_texts
from gui.theme import Theme

COLUMNS = (("Playback",), ("File", "Edit", "View", "Help"))


@final
class HelpSheet(QDialog):
    """A window that lists what the keys do; it stays open beside the work."""

    def __init__(self, actions: Mapping[str, QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("help_sheet")
        self.setWindowTitle("Keys — Initscope")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 26)
        layout.setSpacing(44)
        for menus in COLUMNS:
            label = QLabel(keys_table(actions, menus, theme))
            label.setTextFormat(Qt.TextFormat.RichText)
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)


def keys_table(actions: Mapping[str, QAction], menus: Sequence[str], theme: Theme) -> str:
    """Return the keys of some menus' actions as HTML."""
    rows = []
    for menu in menus:
        rows.append(
            f'<tr><td colspan="2" style="padding: 10px 0 4px 0"><b>{escape(menu)}</b></td></tr>'
        )
        for command in COMMANDS:
            if command.menu == menu:
                action = actions[command.name]
                keys = " &nbsp; ".join(escape(key) for key in key_texts(action))
                text = escape(action.text().rstrip("…").replace("&", ""))
                rows.append(
                    f'<tr><td style="padding: 3px 30px 3px 0">{text}</td>'
                    f'<td style="padding: 3px 0; color: {theme.accent}">{keys}</td></tr>'
                )
    return f'<table cellspacing="0">{"".join(rows)}</table>'
