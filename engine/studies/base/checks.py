"""Checks that the specs of several studies share."""

from engine import require
from engine.experiment import Experiment
from engine.nn import LayerInitializer


def need_layer_initializers(experiment: Experiment, why: str) -> None:
    """Raise `UsageError` for a run whose initializer does not draw single layers."""
    for number, run in enumerate(experiment.runs):
        require(
            isinstance(run.init, LayerInitializer),
            f"run[{number}].init: this scene {why}, which {run.init.scheme} does not have; "
            "choose a scheme such as normal or he-normal",
        )
