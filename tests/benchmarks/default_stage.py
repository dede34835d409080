"""What is drawn in every benchmark of pictures: the default experiment on the default stage."""

import msgspec

from engine.comparison import Comparison
from engine.experiment import Experiment, TrainingSpec
from engine.library import DEFAULT, built_in
from gui.stage import Stage
from gui.theme import THEMES

SIZE = (1920, 1080)


def default_experiment(steps: int | None = None) -> Experiment:
    """Return the experiment that the program opens with, with its own or so many steps."""
    experiment = built_in(DEFAULT)
    if steps is None:
        return experiment
    training = TrainingSpec(learning_rate=experiment.training.learning_rate, steps=steps)
    return msgspec.structs.replace(experiment, training=training)


def default_stage(comparison: Comparison) -> Stage:
    """Return the stage as it is at first, laid out for a picture of `SIZE`."""
    stage = Stage(THEMES["light"])
    stage.show_comparison(comparison)
    stage.set_size(*SIZE)
    return stage
