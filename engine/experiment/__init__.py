"""Experiments: the frozen specs they consist of, and their text as TOML."""

from engine.experiment.experiment import (
    MAX_RUNS,
    MAX_SCHEMES,
    PARTS,
    TRAINING,
    Change,
    DataSpec,
    Edit,
    Experiment,
    NetworkSpec,
    Run,
    SceneSpec,
    TrainingSpec,
)
from engine.experiment.quantity import FIRST, Quantity, Question, parse_quantity
from engine.experiment.specs import Index, ParameterName, Steps, check_position
from engine.experiment.sweep import check_values, field_named, values_of, with_value
from engine.experiment.toml_writer import FORMAT, format_experiment

__all__ = [
    "FIRST",
    "FORMAT",
    "MAX_RUNS",
    "MAX_SCHEMES",
    "PARTS",
    "TRAINING",
    "Change",
    "DataSpec",
    "Edit",
    "Experiment",
    "Index",
    "NetworkSpec",
    "ParameterName",
    "Quantity",
    "Question",
    "Run",
    "SceneSpec",
    "Steps",
    "TrainingSpec",
    "check_position",
    "check_values",
    "field_named",
    "format_experiment",
    "parse_quantity",
    "values_of",
    "with_value",
]
