"""How panels share an area: without gaps or overlaps, and none of them out of shape."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from engine.comparison import compare
from engine.library import built_in
from gui.panel_catalogue import PANELS, in_order
from gui.sharing import Wish, in_rows
from gui.stage import SPACING, Stage
from gui.theme import LIGHT, load_fonts

WISHES = st.builds(Wish, st.floats(0.8, 2.5), st.floats(0.8, 2.0))
USUAL = ("network", "gradient-rows", "saturation", "weight-space", "decision")


@given(
    st.lists(WISHES, max_size=6),
    st.lists(WISHES, min_size=1, max_size=4),
    st.floats(600.0, 3000.0),
    st.floats(600.0, 3000.0),
)
def test_an_area_is_shared_without_gaps_or_overlaps(
    first: list[Wish], second: list[Wish], width: float, height: float
) -> None:
    area = QRectF(7.0, 40.0, width, height)
    places = in_rows(first, second, area, SPACING)
    assert len(places) == len(first) + len(second)
    for one, other in combinations(places, 2):
        half = SPACING / 2.0 - 0.01
        assert not one.adjusted(-half, -half, half, half).intersects(
            other.adjusted(-half, -half, half, half)
        )
    # Grown by half the space around them, they cover the area grown as much.
    covered = sum((place.width() + SPACING) * (place.height() + SPACING) for place in places)
    assert covered == pytest.approx((width + SPACING) * (height + SPACING), rel=1e-9)
    united = QRectF(places[0])
    for place in places:
        united = united.united(place)
    assert (united.left(), united.top()) == pytest.approx((7.0, 40.0))
    assert (united.right(), united.bottom()) == pytest.approx((7.0 + width, 40.0 + height))


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (970, 590)])
@pytest.mark.parametrize("shared", [(), ("loss",), ("loss", "gap", "log-gap")])
def test_no_panel_of_a_run_alone_is_drawn_out(
    qapp: object, size: tuple[int, int], shared: tuple[str, ...]
) -> None:
    load_fonts()
    comparison = compare(built_in("random-solves-xor"))
    stage = Stage(LIGHT)
    stage.show_comparison(comparison)
    for count in range(1, len(USUAL) + 1):
        for names in combinations(USUAL, count):
            stage.set_panels(in_order((*names, *shared)))
            stage.set_size(*size)
            for panel in stage.panels:
                assert panel.rect.height() < 1.6 * panel.rect.width(), names
                if len(stage.panels) > 2:  # two have no other place
                    most = 2.2 * PANELS[panel.name].proportion
                    assert panel.rect.width() < most * panel.rect.height(), names


def test_the_panel_of_a_longer_explanation_gets_the_most(qapp: object) -> None:
    load_fonts()
    stage = Stage(LIGHT, ("network", "chain-rule", "loss"))
    stage.show_comparison(compare(built_in("random-solves-xor")))
    stage.set_size(1280, 720)
    _, chain, loss = stage.panels
    assert chain.rect.height() > 1.5 * loss.rect.height()
    assert chain.rect.width() * chain.rect.height() > 0.25 * 1264.0 * 636.0
