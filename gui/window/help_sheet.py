"""The help sheet, which lists the keys of all actions."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from gui.editing.selection import KEYS
from gui.style.theme import Theme
from gui.widgets import COMMANDS, configured, key_texts, row

COLUMNS = (("Playback",), ("File", "View"), ("Edit", "Help"))


@final
class HelpSheet(QDialog):
    """A window with the keys of all actions, which can stay open beside the main window."""

    def __init__(self, actions: Mapping[str, QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        configured(self, objectName="help_sheet", windowTitle="Keys — Initscope")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = row(parent=self, spacing=36, margins=(28, 22, 28, 26))
        for menus in COLUMNS:
            table = keys_table(actions, menus, theme)
            if menus == COLUMNS[0]:
                table += diagram_table(theme)
            label = QLabel(table, textFormat=Qt.TextFormat.RichText)
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)


def diagram_table(theme: Theme) -> str:
    """Return the keys on the network diagram as HTML."""
    rows = [_heading("On the network"), *(_row(text, escape(keys), theme) for text, keys in KEYS)]
    return f'<table cellspacing="0">{"".join(rows)}</table>'


def keys_table(actions: Mapping[str, QAction], menus: Sequence[str], theme: Theme) -> str:
    """Return the keys of some menus' actions as HTML."""
    rows = []
    for menu in menus:
        rows.append(_heading(menu))
        # The current text, such as the name of the edit to undo, may have any length.
        rows += (
            _row(
                command.text.rstrip("…"),
                " &nbsp; ".join(map(escape, key_texts(actions[command.name]))),
                theme,
            )
            for command in COMMANDS
            if command.menu == menu
        )
    return f'<table cellspacing="0">{"".join(rows)}</table>'


def _heading(text: str) -> str:
    return f'<tr><td colspan="2" style="padding: 10px 0 4px 0"><b>{escape(text)}</b></td></tr>'


def _row(text: str, keys: str, theme: Theme) -> str:
    return (
        f'<tr><td style="padding: 3px 30px 3px 0">{escape(text)}</td>'
        f'<td style="padding: 3px 0; color: {theme.accent}">{keys}</td></tr>'
    )
