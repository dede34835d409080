"""The number box parses numbers as files of points do."""

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.number_box import NumberBox


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 0,5 ", "0.5"),
        ("1e-3", "0.001"),
        ("-0", "0.0"),  # there is one zero
        ("1_0", "None"),
        ("٣", "None"),
        ("nan", "None"),
        ("", "None"),
    ],
)
def test_number_box_parses_a_number(qtbot: QtBot, text: str, number: str) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    box.lineEdit().setText(text)
    assert repr(box.number()) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("1e3", 1000), ("9007199254740993", 2**53 + 1), ("1_0", None), ("٣", None), ("2.5", None)],
)
def test_number_box_parses_an_integer(qtbot: QtBot, text: str, number: int | None) -> None:
    box = NumberBox(whole=True)
    qtbot.addWidget(box)
    box.lineEdit().setText(text)
    assert box.number() == number
