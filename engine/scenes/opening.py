"""From an experiment to what is played: its training, or the scene that it names."""

from engine.comparison import Comparison
from engine.experiment import Experiment
from engine.scenes.breaking import BreakingStudy
from engine.scenes.depth import DepthStudy
from engine.scenes.ensemble import EnsembleStudy, SweepStudy
from engine.scenes.logistic import LogisticStudy
from engine.scenes.perceptron import PerceptronStudy
from engine.scenes.saturation import SaturationStudy
from engine.scenes.scene import TRAINING, Scene, Study
from engine.scenes.variance import VarianceStudy

STUDIES: dict[str, type[Study]] = {
    study.kind: study
    for study in (
        PerceptronStudy,
        LogisticStudy,
        SaturationStudy,
        VarianceStudy,
        DepthStudy,
        EnsembleStudy,
        SweepStudy,
        BreakingStudy,
    )
}
"""What computes each kind of scene, by its name in the experiment file."""


def kind_of(experiment: Experiment) -> str:
    """Return the kind of scene that an experiment is."""
    return TRAINING if experiment.scene is None else experiment.scene.kind


def open_scene(experiment: Experiment) -> Scene:
    """Return the scene of an experiment, with nothing computed yet."""
    if experiment.scene is None:
        return Comparison(experiment)
    return STUDIES[experiment.scene.kind](experiment)
