"""The reasons why panels have nothing to show of an experiment; empty where they have."""

from engine.experiment import Experiment


def no_two_units(experiment: Experiment) -> str:
    """Return that no hidden layer has two units, which could be compared."""
    has_two = max(experiment.network.layers[1:-1], default=1) >= 2
    return "" if has_two else "no hidden layer of two units or more"


def not_two_inputs(experiment: Experiment) -> str:
    """Return that points of the plane are no inputs of the network."""
    return "" if experiment.network.layers[0] == 2 else "drawn for networks of two inputs"


def one_input(experiment: Experiment) -> str:
    """Return that the inputs of the network do not span a plane."""
    return "" if experiment.network.layers[0] > 1 else "drawn for networks of two inputs or more"
