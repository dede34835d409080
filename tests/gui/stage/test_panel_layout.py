"""The layout of panels in rows."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from engine.experiment.experiment import TRAINING
from engine.library.built_ins import built_in
from engine.training.comparison import compare
from gui.stage import panel_layout
from gui.stage.arrangement import SPACING
from gui.stage.catalogue import PANELS, in_order, panels_of
from gui.stage.panel_layout import PanelShape, place_in_rows
from gui.stage.stage import Stage
from gui.style.theme import LIGHT, load_fonts

SHAPES = st.builds(PanelShape, st.floats(0.8, 2.5), st.floats(0.8, 2.0))
USUAL = ("network", "gradient-rows", "saturation", "weight-space", "decision")


@given(
    st.lists(SHAPES, max_size=6),
    st.lists(SHAPES, min_size=1, max_size=4),
    st.floats(600.0, 3000.0),
    st.floats(600.0, 3000.0),
)
def test_layout_has_no_gaps_or_overlaps(
    first: list[PanelShape], second: list[PanelShape], width: float, height: float
) -> None:
    area = QRectF(7.0, 40.0, width, height)
    places = place_in_rows(first, second, area, SPACING)
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


@pytest.mark.parametrize("size", [(1264.0, 636.0), (1650.0, 2700.0), (800.0, 20_000.0)])
def test_layout_of_many_panels_tries_few_arrangements(
    monkeypatch: pytest.MonkeyPatch, size: tuple[float, float]
) -> None:
    tried: list[int] = []
    lay_out_rows = panel_layout.lay_out_rows

    def counted(rows: Any, *rest: Any) -> Any:
        tried.append(len(rows))
        return lay_out_rows(rows, *rest)

    monkeypatch.setattr(panel_layout, "lay_out_rows", counted)
    panels = panels_of(TRAINING)
    own, shared = (
        [
            PanelShape(panel.breadth, panel.proportion)
            for panel in panels
            if panel.per_run is per_run
        ]
        for per_run in (True, False)
    )
    assert len(panels) == 16
    panel_layout.best_rows.cache_clear()
    assert len(place_in_rows(own, shared, QRectF(0.0, 0.0, *size), SPACING)) == 16
    assert 0 < len(tried) <= 300


def test_layout_by_few_arrangements_costs_little_more_than_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes = tuple(PanelShape(panel.breadth, panel.proportion) for panel in panels_of(TRAINING))[
        :10
    ]
    given_ = shapes, 7, (1300.0, 1800.0), SPACING
    panel_layout.best_rows.cache_clear()
    few = panel_layout.best_rows(*given_).cost
    monkeypatch.setattr(panel_layout, "MOST_WAYS", 2**9)
    panel_layout.best_rows.cache_clear()
    assert panel_layout.best_rows(*given_).cost <= few <= 1.3 * panel_layout.best_rows(*given_).cost


@given(
    st.lists(SHAPES, max_size=12),
    st.floats(-100.0, 100.0),
    st.floats(-100.0, 100.0),
)
def test_layout_without_room_has_no_negative_sizes(
    shapes: list[PanelShape], width: float, height: float
) -> None:
    places = place_in_rows((), shapes, QRectF(7.0, 40.0, width, height), SPACING)
    assert len(places) == len(shapes)
    assert all(place.width() >= 0.0 and place.height() >= 0.0 for place in places)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (970, 590)])
@pytest.mark.parametrize("shared", [(), ("loss",), ("loss", "gap", "log-gap")])
def test_panels_of_a_single_run_have_moderate_proportions(
    qapp: object, size: tuple[int, int], shared: tuple[str, ...]
) -> None:
    load_fonts()
    comparison = compare(built_in("random-solves-xor"))
    stage = Stage(LIGHT)
    stage.show_scene(comparison)
    for count in range(1, len(USUAL) + 1):
        for names in combinations(USUAL, count):
            stage.set_panels(in_order((*names, *shared)))
            stage.set_size(*size)
            for panel in stage.panels:
                assert panel.rect.height() < 1.6 * panel.rect.width(), names
                if len(stage.panels) > 2:  # two have no other place
                    most = 2.2 * PANELS[panel.name].proportion
                    assert panel.rect.width() < most * panel.rect.height(), names


def test_chain_rule_panel_gets_the_largest_area(qapp: object) -> None:
    load_fonts()
    stage = Stage(LIGHT, ("network", "chain-rule", "loss"))
    stage.show_scene(compare(built_in("random-solves-xor")))
    stage.set_size(1280, 720)
    _, chain, loss = stage.panels
    assert chain.rect.height() > 1.5 * loss.rect.height()
    assert chain.rect.width() * chain.rect.height() > 0.25 * 1264.0 * 636.0
