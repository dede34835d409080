"""A label is one line, however long its text."""

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QGraphicsRectItem

from gui.panels.base.label import CHIP_MARGIN, MOST_CHARACTERS, Label
from gui.style.theme import font, load_fonts


@pytest.mark.parametrize("length", [100, 100_000, 3_000_000])
def test_a_long_word_ends_in_an_ellipsis(qapp: object, length: int) -> None:
    load_fonts()
    parent = QGraphicsRectItem()
    label = Label(parent, "black", font(22.0))
    label.max_width = 300.0
    label.set_text("w" * length)
    assert label.text == "w" * length
    assert label.width > 300.0
    assert 270.0 < label.boundingRect().width() - 2.0 * CHIP_MARGIN <= 300.0
    assert label.layout.text().endswith("…")
    assert label.layout.size().width() <= 301.0
    assert label.layout.size().height() < 2.0 * QFontMetricsF(font(22.0)).height()


def test_layout_of_a_long_text_is_limited(qapp: object) -> None:
    parent = QGraphicsRectItem()
    label = Label(parent, "black", font(22.0))
    label.set_text("w" * 3_000_000)
    assert len(label.layout.text()) == MOST_CHARACTERS
