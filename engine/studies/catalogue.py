"""From an experiment to what is played: its training, or the scene that it names."""

from engine.experiment.experiment import Experiment
from engine.studies.depth.study import DepthStudy
from engine.studies.ensemble.study import EnsembleStudy, SweepStudy
from engine.studies.logistic.study import LogisticStudy
from engine.studies.perceptron.study import PerceptronStudy
from engine.studies.saturation.study import SaturationStudy
from engine.studies.symmetry_breaking.study import BreakingStudy
from engine.studies.variance.study import VarianceStudy
from engine.training.comparison import Comparison
from engine.training.scene import TRAINING, Scene, Study

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
