import pytest
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from gui.widgets import configured


def test_configured_sets_properties_and_connects_functions_and_signals(qtbot: QtBot) -> None:
    values: list[int] = []
    other = QSpinBox()
    box = configured(QSpinBox(), maximum=5, value=3, role="quiet", valueChanged=values.append)
    qtbot.addWidget(other)
    qtbot.addWidget(box)
    configured(other, valueChanged=box.valueChanged)
    assert (box.maximum(), box.value(), box.property("role")) == (5, 3, "quiet")
    box.setValue(4)
    other.setValue(2)
    assert values == [4, 2]


@pytest.mark.parametrize(
    ("error", "values"),
    [(AssertionError, {"maximun": 5}), (AttributeError, {"valueChangd": print})],
)
def test_configured_refuses_names_that_qt_does_not_declare(
    qtbot: QtBot, error: type[Exception], values: dict[str, object]
) -> None:
    box = QSpinBox()
    qtbot.addWidget(box)
    with pytest.raises(error):
        configured(box, **values)
