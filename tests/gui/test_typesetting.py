"""Formulas: ink in the colours of both themes, at any scale, and broken where they are too wide."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from engine.experiment import Experiment
from engine.explaining.lines import explain
from engine.explaining.matrices import explain_rows, explain_update
from engine.explaining.notation import Formula, Line, matrix
from engine.explaining.quantity import FIRST, Quantity
from engine.training import train
from gui.explaining.sheet import Sheet
from gui.theme import THEMES, Theme, load_fonts
from gui.typesetting import Setting

RULE: Formula = (r"dW^{[1]}_{1,2}", "=", r"\frac{1}{m}\sum_{i=1}^{m}", r"dz^{[1](i)}_{1}")


def pixels(image: QImage) -> NDArray[np.uint8]:
    shape = (image.height(), image.width(), 4)
    data = bytes(image.constBits())
    return np.frombuffer(data, np.uint8).reshape(shape)[..., :3]


def painted(setting: Setting, theme: Theme, scale: float = 1.0) -> NDArray[np.uint8]:
    size = (round(scale * (setting.width + 8.0)), round(scale * (setting.height + 8.0)))
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.surface))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    setting.paint(painter, QPointF(4.0, 4.0))
    painter.end()
    return pixels(image)


@pytest.mark.parametrize("name", THEMES)
def test_a_formula_has_ink_in_the_colour_of_the_theme(qapp: object, name: str) -> None:
    theme = THEMES[name]
    seen = painted(Setting(RULE, theme.text, 20.0), theme).reshape(-1, 3)
    for colour, least in ((theme.text, 0.02), (theme.surface, 0.5)):
        ink = QColor(colour)
        wanted = np.array([ink.blue(), ink.green(), ink.red()])
        share = (np.abs(seen.astype(int) - wanted).max(axis=1) < 12).mean()
        assert share > least


@pytest.mark.parametrize("scale", [1.0, 3.0, 8.0])
def test_it_is_crisp_at_any_scale(qapp: object, scale: float) -> None:
    theme = THEMES["light"]
    grey = painted(Setting(RULE, theme.text, 20.0), theme, scale).mean(axis=2)
    between = ((grey > 60.0) & (grey < 215.0)).sum()
    # Only the outlines are between ink and paper: they grow with the scale, the ink with its
    # square.
    assert between < 3.0 / scale * (grey < 60.0).sum()


def test_ink_stays_within_what_the_setting_says(qapp: object) -> None:
    theme = THEMES["light"]
    values = np.array([[-1.25, 3e-12], [0.5, -7.0]])
    step: Formula = ("W", ":=", matrix(values), "-", "0.5")
    output: Formula = (r"\hat{y}^{(1)}_{1}",)
    for formula in (RULE, step, output):
        image = painted(Setting(formula, theme.text, 20.0), theme)
        paper = image[0, 0]
        edge = np.concatenate([image[:2], image[-2:]]).reshape(-1, 3)
        assert (edge == paper).all()
        sides = np.concatenate([image[:, :1], image[:, -1:]]).reshape(-1, 3)
        assert (sides == paper).all()


def test_a_long_formula_is_broken_before_its_signs(qapp: object) -> None:
    sum_: Formula = ("x", "=", "1", *(part for _ in range(9) for part in ("+", "2.5")))
    whole = Setting(sum_, "#000000", 20.0)
    broken = Setting(sum_, "#000000", 20.0, 150.0)
    assert broken.width <= 150.0 < whole.width
    assert broken.height > 2.0 * whole.height


def test_every_digit_is_as_wide_so_numbers_do_not_dance(qapp: object) -> None:
    widths = {Setting(("0." + digit * 4,), "#000000", 20.0).width for digit in "0123456789"}
    assert len({round(width, 6) for width in widths}) == 1


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("size", [(900, 420), (360, 300), (120, 60)])
def test_an_explanation_fits_where_it_is_to_stand(
    qapp: object, name: str, size: tuple[int, int]
) -> None:
    load_fonts()
    recording = train(Experiment())[1]
    frame = recording[50]
    explained = (
        explain(recording.spec, recording.data, frame, FIRST),
        explain(recording.spec, recording.data, frame, Quantity("A", 2, 0)),
        explain_rows(recording.spec, recording.data, frame, FIRST),
        explain_update(recording, 50, 1),
    )
    for each in explained:
        sheet = Sheet(each.lines, THEMES[name], *size)
        if size[0] > 300:
            assert sheet.height <= size[1]
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(QColor(THEMES[name].surface))
        painter = QPainter(image)
        sheet.paint(painter)
        painter.end()
        assert (pixels(image) != pixels(image)[-1, -1]).any()


def test_words_without_a_formula_stand_alone(qapp: object) -> None:
    load_fonts()
    sheet = Sheet((Line("there is no step"),), THEMES["light"], 500.0)
    assert 10.0 < sheet.height < 30.0


def test_what_typesets_is_loaded_only_when_asked_for() -> None:
    code = (
        "import sys, gui.main_window, gui.explaining.sheet, gui.typesetting\n"
        "assert 'ziamath' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
