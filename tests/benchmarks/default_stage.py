"""What is drawn in every benchmark of pictures: the default experiment on the default stage."""

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.library.built_ins import DEFAULT, built_in
from engine.training.scene import Scene
from gui.stage.stage import Stage
from gui.style.theme import THEMES

SIZE = (1920, 1080)


def default_experiment(steps: int | None = None) -> Experiment:
    """Return the experiment that the program opens with; steps replaces its number of steps."""
    experiment = built_in(DEFAULT)
    if steps is None:
        return experiment
    training = TrainingSpec(learning_rate=experiment.training.learning_rate, steps=steps)
    return experiment.replace(training=training)


def shown_stage(scene: Scene) -> Stage:
    """Return a stage that shows a scene, laid out for a picture of `SIZE`."""
    stage = Stage(THEMES["light"])
    stage.show_scene(scene)
    stage.set_size(*SIZE)
    return stage
