"""Formulas are painted in the colours of both themes, at any scale, and broken if too wide."""

import subprocess
import sys
import threading
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from engine.experiment.experiment import Experiment
from engine.experiment.quantity import FIRST, Quantity
from engine.explain.lines import explain
from engine.explain.matrices import explain_rows, explain_update
from engine.explain.notation import Explanation, Formula, Line, Matrix, matrix
from engine.library.built_ins import built_in
from engine.training.training import train
from gui.formulas import typesetting
from gui.formulas.sheet import READABLE, Sheet
from gui.formulas.typesetting import Setting
from gui.style.theme import THEMES, Theme, load_fonts

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
def test_formula_is_painted_in_the_colour_of_the_theme(qapp: object, name: str) -> None:
    theme = THEMES[name]
    seen = painted(Setting(RULE, theme.text, 20.0), theme).reshape(-1, 3)
    for colour, least in ((theme.text, 0.02), (theme.surface, 0.5)):
        ink = QColor(colour)
        wanted = np.array([ink.blue(), ink.green(), ink.red()])
        share = (np.abs(seen.astype(int) - wanted).max(axis=1) < 12).mean()
        assert share > least


@pytest.mark.parametrize("scale", [1.0, 3.0, 8.0])
def test_formula_is_crisp_at_any_scale(qapp: object, scale: float) -> None:
    theme = THEMES["light"]
    grey = painted(Setting(RULE, theme.text, 20.0), theme, scale).mean(axis=2)
    between = ((grey > 60.0) & (grey < 215.0)).sum()
    # Only the outlines are between ink and paper: they grow with the scale, the ink with its
    # square.
    assert between < 3.0 / scale * (grey < 60.0).sum()


def test_formula_is_painted_within_its_extent(qapp: object) -> None:
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


def test_long_formula_is_broken_before_signs(qapp: object) -> None:
    sum_: Formula = ("x", "=", "1", *(part for _ in range(9) for part in ("+", "2.5")))
    whole = Setting(sum_, "#000000", 20.0)
    broken = Setting(sum_, "#000000", 20.0, 150.0)
    assert broken.width <= 150.0 < whole.width
    assert broken.height > 2.0 * whole.height


def test_update_is_broken_before_its_binary_minus_sign(qapp: object) -> None:
    values = matrix(np.array([[1.5, 2.5], [3.5, 4.5]]))
    step: Formula = (values, "-", values)
    whole = Setting(step, "#000000", 20.0)
    signs = (
        Setting(("x", "-", "x"), "#000000", 20.0).width - Setting(("x", "x"), "#000000", 20.0).width
    )
    one = Setting((values,), "#000000", 20.0)
    assert whole.width == pytest.approx(2.0 * one.width + signs, abs=3.0)
    broken = Setting(step, "#000000", 20.0, 1.5 * one.width)
    assert broken.height > 2.0 * whole.height
    minus = Setting(("-", "1.5"), "#000000", 20.0)  # the sign of a number is never left behind
    assert Setting(("-", "1.5"), "#000000", 20.0, 1.0).height == minus.height


def test_all_digits_have_the_same_width(qapp: object) -> None:
    widths = {Setting(("0." + digit * 4,), "#000000", 20.0).width for digit in "0123456789"}
    assert len({round(width, 6) for width in widths}) == 1


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("size", [(900, 420), (360, 300), (120, 60)])
def test_sheet_fits_its_width_and_height(qapp: object, name: str, size: tuple[int, int]) -> None:
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


def explanations() -> tuple[Explanation, ...]:
    recording = train(built_in("zero-vs-random"))[1]
    frame, spec, data = recording[100], recording.spec, recording.data
    return (
        explain(spec, data, frame, FIRST),
        explain_rows(spec, data, frame, FIRST),
        explain_update(recording, 100, 1),
    )


@pytest.mark.parametrize("number", range(3))
def test_sheet_is_legible_beside_three_other_panels(qapp: object, number: int) -> None:
    """Of two runs at 1280 × 720, beside the network."""
    load_fonts()
    explained = explanations()[number]
    room = (315.0, 257.0)
    sheet = Sheet(explained.lines, THEMES["light"], *room)
    assert sheet.scale >= READABLE
    assert sheet.height <= room[1]
    assert set(sheet.lines) >= {line for line in explained.lines if line.rank == 0}
    # What is left out is what matters least, and nothing is where there is room.
    least = min((line.rank for line in set(explained.lines) - set(sheet.lines)), default=9)
    assert all(line.rank < least for line in sheet.lines)
    assert Sheet(explained.lines, THEMES["light"], 900.0, 600.0).lines == explained.lines


@pytest.mark.parametrize("size", [(315.0, 257.0), (733.0, 257.0), (315.0, 600.0), (150.0, 150.0)])
def test_explanations_fit_the_sheet(qapp: object, size: tuple[float, float]) -> None:
    load_fonts()
    theme = THEMES["light"]
    for explained in explanations():
        words = [line._replace(formula=()) for line in explained.lines]
        sheet = Sheet(words, theme, *size)
        image = QImage(round(2.0 * size[0]), round(2.0 * size[1]), QImage.Format.Format_RGB32)
        image.fill(QColor(theme.surface))
        painter = QPainter(image)
        sheet.paint(painter)
        painter.end()
        rows, columns = np.nonzero((pixels(image) != pixels(image)[-1, -1]).any(axis=2))
        assert columns.max() <= size[0]
        assert rows.max() <= size[1]


def test_words_without_a_formula_use_the_whole_width(qapp: object) -> None:
    load_fonts()
    sheet = Sheet((Line("there is no step"),), THEMES["light"], 500.0)
    assert 10.0 < sheet.height < 30.0


def test_ziamath_is_imported_with_the_first_formula() -> None:
    code = (
        "import sys, gui.main_window, gui.formulas.sheet, gui.formulas.typesetting\n"
        "assert 'ziamath' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_prepared_formulas_need_no_typesetting(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    formula = (r"\Xi", "=", Matrix((((r"\Omega",), ("7",)), ((r"\Psi",), ("-", "8")))))
    thread = threading.Thread(target=typesetting.prepare, args=([formula],))
    thread.start()
    thread.join(60)

    def fail(*_: object, **__: object) -> NoReturn:
        raise AssertionError("it is set once more")

    monkeypatch.setattr("ziamath.zmath.Latex", fail)
    assert Setting(formula, "#112233", 20.0).width > 0.0
    with pytest.raises(AssertionError, match="once more"):
        Setting((r"\Upsilon",), "#112233", 20.0)
