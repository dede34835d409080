"""The glossary as a window, with the terms that are on the stage first."""

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from engine.glossary import Term, glossary_html
from gui.widgets.builders import column, configured

SIZE = (620, 640)


@final
class GlossarySheet(QDialog):
    """A window with the definitions of all terms, which can stay open beside the main window.

    Parameters
    ----------
    shown : sequence of Term
        The terms on the stage.
    parent : QWidget
    """

    def __init__(self, shown: Sequence[Term], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("glossary_sheet")
        self.setWindowTitle("Glossary — Initscope")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._text = configured(
            QTextBrowser(),
            objectName="glossary",
            openLinks=False,
            html=glossary_html(shown),
        )
        column(self._text, parent=self, margins=(12, 12, 12, 12))
        self.resize(*SIZE)

    def show_term(self, key: str) -> None:
        """Scroll to a term by its key."""
        self._text.scrollToAnchor(key)
