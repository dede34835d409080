"""Pictures: the stage's next frame beside bare plots, and any frame beside the next one."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.comparison import compare
from gui.export.offscreen import offscreen_application
from tests.benchmarks.default_stage import SIZE, default_experiment, default_stage
from tests.benchmarks.plain_plots import PlainPlots
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    milliseconds,
    side_by_side,
    timed,
)

FRAMES = 40
"""Pictures in each round."""
LONG = 1_000_000


def stage_beside_plain_plots() -> Measurement:
    """Measure a frame of the default stage beside six plots whose curves all change."""
    application = offscreen_application()
    comparison = compare(default_experiment())
    stage, plots = default_stage(comparison), PlainPlots(*SIZE)
    plots.widget.show()
    QCoreApplication.processEvents()  # lays the axes out
    at = 0

    def draw_stage() -> None:
        nonlocal at
        for _ in range(FRAMES):
            at = (at + 1) % comparison.last_index
            stage.draw(at)
            stage.image(*SIZE)

    def draw_plots() -> None:
        for index in range(at, at + FRAMES):
            plots.draw(index)
            plots.image()

    def ours() -> float:
        return timed(draw_stage, FRAMES)

    def theirs() -> float:
        return timed(draw_plots, FRAMES)

    pairs = side_by_side(ours, theirs, 9)
    plots.smooth = True
    smooth = side_by_side(ours, theirs, 5)
    plots.widget.close()
    del application
    notes = (f"{Figure.TIME.of(smooth):.2f} × the time of plots of smooth curves in one range",)
    return Measurement(milliseconds(pairs), "ms a picture", notes)


def seek_beside_step() -> Measurement:
    """Measure frames at random beside frames in order, in a million steps."""
    application = offscreen_application()
    stage = default_stage(compare(default_experiment(LONG)))
    rng = np.random.default_rng(0)

    def show(indices: list[int]) -> float:
        def draw() -> None:
            for index in indices:
                stage.draw(index)
                stage.image(*SIZE)

        return timed(draw, len(indices))

    def seek() -> float:
        return show(rng.integers(0, LONG, FRAMES, endpoint=True).tolist())

    def step() -> float:
        start = int(rng.integers(0, LONG - FRAMES))
        stage.draw(start)
        return show(list(range(start + 1, start + 1 + FRAMES)))

    pairs = side_by_side(seek, step, 9)
    del application
    return Measurement(milliseconds(pairs), "ms a picture")


ROWS = (
    Row(
        "redraw",
        "redraw of the default two-run stage, next frame",
        "six bare pyqtgraph plots of 400 points",
        Target(Figure.TIME, 1.5),
        stage_beside_plain_plots,
    ),
    Row(
        "seek",
        "random seek in a recording of 1,000,000 steps",
        "stepping to the next frame",
        Target(Figure.TIME, 1.5),
        seek_beside_step,
    ),
)
