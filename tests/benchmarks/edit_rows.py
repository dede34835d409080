"""Edits by hand in the window: how soon one that is tried is seen, and one that is set, trained."""

from itertools import cycle
from time import perf_counter
from typing import final

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot

from engine.editing.parameters import Parameter
from gui.export.offscreen import offscreen_application
from gui.main_window import MainWindow
from gui.stage.stage_view import StageView
from tests.benchmarks.default_stage import SIZE, default_experiment
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    milliseconds,
    side_by_side,
    timed,
)

PICTURES = 40
"""Pictures in each round."""
STEPS = 400
EDITS = 5
"""Edits in each round, one trained after the other."""
BOUND = 0.1
"""Seconds in which 400 steps of 2-2-1 are to be shown."""
FRAME = 100
PARAMETER = Parameter(0, "W1", 0, 1)


@final
class Shown(QObject):
    """The program's window, and how long it takes until what was asked for has been painted."""

    def __init__(self) -> None:
        super().__init__()
        self.window = MainWindow(default_experiment(STEPS))
        self.window.resize(*SIZE)
        self.window.show()
        view = self.window.findChild(StageView)
        assert view is not None
        self.view = view
        self._loop = QEventLoop()
        self._has_ended = False
        self.window.trainer.finished.connect(self._on_ended)
        self.view.painted.connect(self._on_painted)
        self._loop.exec()
        self.window.player.seek(FRAME)

    @Slot(object)
    def _on_ended(self, scene: object) -> None:
        self._has_ended = True
        self.view.viewport().update()

    @Slot()
    def _on_painted(self) -> None:
        if self._has_ended:
            QTimer.singleShot(0, self._loop.quit)  # once all of the window is painted

    def seconds_until_trained(self, value: float) -> float:
        """Return how long it takes from an edit until what it leads to is painted, trained."""
        self._has_ended = False
        start = perf_counter()
        self.window.parameter_editor.set_value(PARAMETER, value)
        self._loop.exec()
        return perf_counter() - start


def tried_beside_redrawn() -> Measurement:
    """Measure a picture of what is tried beside a picture of a frame."""
    application = offscreen_application()
    shown = Shown()
    window, viewport = shown.window, shown.view.viewport()
    values = cycle([0.01 * notch for notch in range(-50, 50)])

    def tried() -> float:
        window.player.seek(FRAME)

        def draw() -> None:
            for _ in range(PICTURES):
                window.parameter_editor.preview(PARAMETER, next(values))
                viewport.repaint()

        return timed(draw, PICTURES)

    def redrawn() -> float:
        window.player.seek(FRAME - 1)

        def draw() -> None:
            for index in range(PICTURES):
                window.player.seek(FRAME + index)
                viewport.repaint()

        return timed(draw, PICTURES)

    pairs = side_by_side(tried, redrawn, 9)
    window.close()
    del application
    return Measurement(milliseconds(pairs), "ms a picture")


def trained_in_time() -> Measurement:
    """Measure edits until their training is shown, beside the time it may take."""
    application = offscreen_application()
    shown = Shown()
    values = cycle([0.01 * notch for notch in range(1, 50)])

    def trained() -> float:
        return sum(shown.seconds_until_trained(next(values)) for _ in range(EDITS)) / EDITS

    pairs = side_by_side(trained, lambda: BOUND, 9)
    shown.window.close()
    del application
    return Measurement(milliseconds(pairs), "ms an edit")


ROWS = (
    Row(
        "edit",
        "a weight that is dragged, until it is painted, not trained",
        "a frame sought, until it is painted",
        Target(Figure.TIME, 1.5),
        tried_beside_redrawn,
    ),
    Row(
        "retrain",
        "a weight that is set, until 400 steps of two 2-2-1 networks are painted",
        "100 ms",
        Target(Figure.TIME, 1.0),
        trained_in_time,
    ),
)
