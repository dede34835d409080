"""Lays out the stage: its header, the headers of its runs, and its panels."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSizeF

from gui.panels.base.panel import MARGIN, TITLE_HEIGHT, Panel
from gui.stage.panel_layout import PanelShape, place_in_rows
from gui.stage.run_header import Header

SPACING = 8.0
HEADER_HEIGHT = 46.0
RUN_HEADER_HEIGHT = 30.0
COMPACT_RUN_HEADER_HEIGHT = 24.0


def arrange(
    headers: Sequence[Header], panels: Sequence[Panel[Any]], size: tuple[float, float]
) -> None:
    """Lay out a stage: a row for each run header, or else the rows that the panels name.

    The first header is that of the stage; the others are those of the runs.
    """
    header, *run_headers = headers
    width, height = size
    inner = QRectF(SPACING, 0.0, width - 2.0 * SPACING, height - SPACING)
    header.arrange(QRectF(inner.left(), 0.0, inner.width(), HEADER_HEIGHT))
    area = inner.adjusted(0.0, HEADER_HEIGHT, 0.0, 0.0)
    if not run_headers:
        _arrange_rows(panels, area)
        return
    rows = [
        [panel for panel in panels if panel.per_run and panel.run == run]
        for run in range(len(run_headers))
    ]
    shared = [panel for panel in panels if not panel.per_run]
    if len(rows) == 1:
        _arrange_one_run(run_headers[0], rows[0], shared, area)
    else:
        _arrange_runs(run_headers, rows, shared, area)


def _arrange_rows(panels: Sequence[Panel[Any]], area: QRectF) -> None:
    rows: dict[int, list[Panel[Any]]] = {}
    for panel in panels:
        rows.setdefault(panel.row + (panel.run if panel.row_each else 0), []).append(panel)
    shares = {row: max(panel.tall for panel in in_row) for row, in_row in rows.items()}
    room = area.height() - SPACING * (len(rows) - 1)
    top = area.top()
    for row, in_row in sorted(rows.items()):
        height = room * shares[row] / sum(shares.values())
        _arrange_row(in_row, QRectF(area.left(), top, area.width(), height))
        top += height + SPACING


def _arrange_one_run(
    run_header: Header, own: Sequence[Panel[Any]], shared: Sequence[Panel[Any]], area: QRectF
) -> None:
    """Lay out all panels below the header of the only run."""
    run_header.arrange(QRectF(area.topLeft(), QSizeF(area.width(), RUN_HEADER_HEIGHT)))
    first, second = (
        [PanelShape(panel.breadth, panel.proportion) for panel in group] for group in (own, shared)
    )
    places = place_in_rows(first, second, area.adjusted(0.0, RUN_HEADER_HEIGHT, 0.0, 0.0), SPACING)
    for panel, place in zip((*own, *shared), places, strict=True):
        panel.arrange(place)


def _arrange_runs(
    run_headers: Sequence[Header],
    rows: Sequence[Sequence[Panel[Any]]],
    shared: Sequence[Panel[Any]],
    area: QRectF,
) -> None:
    """Lay out a row for each run, and below them a row of what they share.

    Of three or more rows, only the first has titles.
    """
    if shared:
        share = area.height() * (0.27 if len(rows) == 2 else 0.21)
        _arrange_row(shared, area.adjusted(0.0, area.height() - share, 0.0, 0.0))
        area = area.adjusted(0.0, 0.0, 0.0, -share - SPACING)
    compact = len(rows) > 2
    run_header_height = COMPACT_RUN_HEADER_HEIGHT if compact else RUN_HEADER_HEIGHT
    titles = TITLE_HEIGHT - MARGIN if compact else 0.0
    top = area.top()
    for run_header, panels in zip(run_headers, rows, strict=True):
        height = (area.height() - titles + SPACING) / len(rows) - SPACING
        titled = not compact or panels is rows[0]
        height += titles if panels is rows[0] else 0.0
        run_header.arrange(QRectF(area.left(), top, area.width(), run_header_height))
        row = QRectF(area.left(), top + run_header_height, area.width(), height - run_header_height)
        _arrange_row(panels, row, compact, titled)
        top += height + SPACING


def _arrange_row(
    panels: Sequence[Panel[Any]], row: QRectF, compact: bool = False, titled: bool = True
) -> None:
    room = row.width() - SPACING * (len(panels) - 1)
    total = sum(panel.breadth for panel in panels)
    left = row.left()
    for panel in panels:
        width = room * panel.breadth / total
        panel.arrange(QRectF(left, row.top(), width, row.height()), compact, titled)
        left += width + SPACING
