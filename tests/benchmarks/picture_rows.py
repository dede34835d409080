"""Pictures: the stage's next frame beside bare plots, and any frame beside the next one."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.ensemble.spec import SeedsSpec
from engine.experiment.experiment import Experiment
from engine.library.built_ins import BUILT_INS, built_in
from engine.studies.catalogue import open_scene
from engine.studies.ensemble.study import SweepSpec
from engine.training.comparison import compare
from gui.export.offscreen import offscreen_application
from tests.benchmarks.default_stage import SIZE, default_experiment, shown_stage
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
from tests.gui.stages import draw_frame

FRAMES = 40
"""Pictures in each round."""
LONG = 1_000_000
SEEDS = 300


def stage_beside_plain_plots() -> Measurement:
    """Measure a frame of the default stage beside six plots whose curves all change."""
    application = offscreen_application()
    stage, plots = _Frames(default_experiment()), _plain_plots()
    pairs = side_by_side(stage.seconds, lambda: _plots_seconds(plots), 9)
    plots.smooth = True
    smooth = side_by_side(stage.seconds, lambda: _plots_seconds(plots), 5)
    plots.widget.close()
    del application
    notes = (f"{Figure.TIME.of(smooth):.2f} × the time of plots of smooth curves in one range",)
    return Measurement(milliseconds(pairs), "ms a picture", notes)


def scenes_beside_plain_plots() -> Measurement:
    """Measure the scene that takes longest, of all kinds, and tell of the others."""
    application = offscreen_application()
    plots = _plain_plots()
    measured = {}
    for name, experiment in ((name, built_in(name)) for name in BUILT_INS):
        if experiment.scene is None and not experiment.panels:
            continue  # it shows what the default stage shows
        frames = _Frames(_with_few_seeds(experiment))
        measured[name] = side_by_side(frames.seconds, lambda: _plots_seconds(plots), 3)
    plots.widget.close()
    del application
    ratios = {name: Figure.TIME.of(pairs) for name, pairs in measured.items()}
    slowest = max(ratios, key=lambda name: ratios[name])
    notes = tuple(f"{name}: {ratio:.2f} × the time" for name, ratio in ratios.items())
    return Measurement(milliseconds(measured[slowest]), "ms a picture", notes)


def _with_few_seeds(experiment: Experiment) -> Experiment:
    """Return the experiment with no more networks than its panels draw dots for."""
    if not isinstance(experiment.scene, SeedsSpec):
        return experiment
    few = experiment.scene.replace(seeds=min(experiment.scene.seeds, SEEDS))
    if isinstance(few, SweepSpec):
        few = few.replace(seeds=20)
    return experiment.replace(scene=few)


class _Frames:
    """The frames of an experiment, drawn one after another on a separate stage."""

    def __init__(self, experiment: Experiment) -> None:
        self._scene = open_scene(experiment)
        for _ in self._scene.compute():
            pass
        self._stage = shown_stage(self._scene)
        self._at = 0

    def seconds(self) -> float:
        """Return how long a frame takes."""

        def draw() -> None:
            for _ in range(FRAMES):
                self._at = (self._at + 1) % self._scene.last_index
                draw_frame(self._stage, self._at)
                self._stage.image(*SIZE)

        return timed(draw, FRAMES)


def _plain_plots() -> PlainPlots:
    plots = PlainPlots(*SIZE)
    plots.widget.show()
    QCoreApplication.processEvents()  # lays the axes out
    return plots


def _plots_seconds(plots: PlainPlots) -> float:
    def draw() -> None:
        for index in range(FRAMES):
            plots.draw(index)
            plots.image()

    return timed(draw, FRAMES)


def seek_beside_step() -> Measurement:
    """Measure frames at random beside frames in order, in a million steps."""
    application = offscreen_application()
    stage = shown_stage(compare(default_experiment(LONG)))
    rng = np.random.default_rng(0)

    def show(indices: list[int]) -> float:
        def draw() -> None:
            for index in indices:
                draw_frame(stage, index)
                stage.image(*SIZE)

        return timed(draw, len(indices))

    def seek() -> float:
        return show(rng.integers(0, LONG, FRAMES, endpoint=True).tolist())

    def step() -> float:
        start = int(rng.integers(0, LONG - FRAMES))
        draw_frame(stage, start)
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
        "scenes",
        "redraw of the slowest built-in scene, next frame",
        "six bare pyqtgraph plots of 400 points",
        Target(Figure.TIME, 3.0),
        scenes_beside_plain_plots,
    ),
    Row(
        "seek",
        "random seek in a recording of 1,000,000 steps",
        "stepping to the next frame",
        Target(Figure.TIME, 1.5),
        seek_beside_step,
    ),
)
