"""Colour scales distinguish sign, size, exact zero and NaN."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from gui.panels.base.colours import ColourScale
from gui.panels.base.field_image import share_colours
from gui.panels.base.text import number_text
from gui.style.theme import THEMES, Theme

finite = st.floats(allow_nan=False, allow_infinity=False)
scales = st.builds(
    ColourScale,
    limit=st.floats(min_value=1e-300, max_value=1e300),
    theme=st.sampled_from(list(THEMES.values())),
    logarithmic=st.booleans(),
)


@given(scales, finite)
def test_strength_is_between_0_and_1(scale: ColourScale, value: float) -> None:
    assert 0.0 <= scale.strength(value) <= 1.0
    assert scale.strength(value) == scale.strength(-value)


@given(scales, st.floats(min_value=1e-320, max_value=1e300), st.floats(min_value=1.0, max_value=9))
def test_larger_value_is_never_paler(scale: ColourScale, value: float, factor: float) -> None:
    assert scale.strength(value * factor) >= scale.strength(value)


@given(scales, st.floats(min_value=5e-324, max_value=1e308))
def test_negative_positive_zero_and_nan_have_different_colours(
    scale: ColourScale, value: float
) -> None:
    colours = {scale.colour(each).name() for each in (value, -value, 0.0, float("nan"))}
    assert len(colours) == 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.00412, "+0.004"),
        (-12.345, "−12.35"),
        (1e300, "+1.0·10³⁰⁰"),
        (float("inf"), "+∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers_are_written_short_and_signed(value: float, text: str) -> None:
    assert number_text(value) == text


@given(finite)
def test_only_zero_is_written_zero(value: float) -> None:
    assert (number_text(value) == "0") == (value == 0.0)
    if value:
        assert number_text(value)[0] == ("−" if value < 0 else "+")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_nan_share_has_its_own_colour(theme: Theme) -> None:
    shares = np.array([[0.0, 0.5, 1.0], [-np.inf, np.nan, np.inf]])
    lut = theme.class_lut()
    colours = share_colours(shares, lut, theme.missing)
    assert colours[0].tolist() == lut[[0, 128, 255]].tolist()
    assert colours[1, [0, 2]].tolist() == lut[[0, 255]].tolist()
    assert QColor(*colours[1, 1].tolist()) == QColor(theme.missing)
    assert (np.abs(lut.astype(int) - colours[1, 1]).max(axis=1) > 60).all()


COLOUR_VISION = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""How linear RGB appears, by Machado, Oliveira and Fernandes (2009), of full severity."""


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_classes_are_apart_for_colour_blind_people(theme: Theme, vision: str) -> None:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    labs = []
    for colour in map(QColor, theme.class_colours):
        rgb = np.array([colour.redF(), colour.greenF(), colour.blueF()])
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        seen = np.clip(np.array(COLOUR_VISION[vision]) @ linear, 0.0, 1.0)
        x, y, z = np.cbrt(np.array(to_xyz) @ seen / [0.9505, 1.0, 1.089]).tolist()
        labs.append([116.0 * y, 500.0 * (x - y), 200.0 * (y - z)])
    points = np.array(labs)
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    assert len(points) == 10
    assert apart[~np.eye(10, dtype=bool)].min() > 12.0  # a clear difference is about 5
