"""Sweeps of one field of an experiment over a range of values.

The fields are read from the experiment itself, so that every field that a scheme declares can be
swept.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import msgspec
import numpy as np

from engine import UsageError, error_prefix, require, unknown_name
from engine.experiment.experiment import Experiment, Run

PARTS = {"data": ("samples", "noise", "flip"), "network": ("beta",), "training": ("learning_rate",)}
"""The fields of the parts that all runs share."""
SIZES = ("width", "depth")
"""The sizes of the hidden layers: the units in each, and the number of layers."""


def fields_of(experiment: Experiment) -> list[str]:
    """Return every field that can be swept, such as `training.learning_rate` or `init.scale`."""
    fields = [f"{part}.{name}" for part, names in PARTS.items() for name in names]
    if len(experiment.network.layers) > 2:
        fields += [f"network.{name}" for name in SIZES]
    parameters = dict.fromkeys(name for run in experiment.runs for name in _numbers_of(run))
    return [*fields, *(f"init.{name}" for name in parameters)]


def field_named(experiment: Experiment, name: str) -> str:
    """Return the full name of a field; its last word is enough where it is unique.

    Raises
    ------
    UsageError
        If the experiment has no such field; the nearest known one is named.
    """
    known = fields_of(experiment)
    short = name.removeprefix("run.")
    found = [field for field in known if short in (field, field.split(".")[1])]
    if len(found) == 1:
        return found[0]
    words = {field.split(".")[1]: field for field in known}
    close = get_close_matches(short.split(".")[-1], words, n=1, cutoff=0.7)
    if close:
        raise UsageError(f'unknown field "{name}": did you mean "{words[close[0]]}"?')
    raise unknown_name("field", name, known)


def values_of(start: float, stop: float, count: int, logarithmic: bool) -> list[float]:
    """Return `count` values from start to stop, evenly spaced, or in equal ratios.

    >>> values_of(0.01, 100.0, 3, True), values_of(0.0, 1.0, 3, False)
    ([0.01, 1.0, 100.0], [0.0, 0.5, 1.0])
    """
    if count == 1:
        return [start]
    if not logarithmic:
        return [float(value) for value in np.linspace(start, stop, count)]
    exponents = np.linspace(np.log10(start), np.log10(stop), count)
    # Rounded, so that 0.01 is exactly the number that a user types.
    return [float(f"{10.0**exponent:.12g}") for exponent in exponents]


def with_value(experiment: Experiment, field: str, value: float) -> Experiment:
    """Return the experiment with another value of a field (see `fields_of`).

    A field of `init` changes in every run whose scheme has it. Whole numbers are rounded.

    Raises
    ------
    UsageError
        If the experiment cannot have this value; the message names field and value.
    """
    part, name = field.split(".")
    with error_prefix(f"{field} = {value:g}: "):
        if part == "init":
            runs = (
                run.replace(init=run.init.replace(**{name: value}))
                if name in _numbers_of(run)
                else run
                for run in experiment.runs
            )
            return experiment.replace(runs=tuple(runs))
        if name in SIZES:
            inputs, *hidden, outputs = experiment.network.layers
            size = round(value)
            hidden = [size] * len(hidden) if name == "width" else hidden[:1] * size
            network = experiment.network.replace(layers=(inputs, *hidden, outputs))
            return experiment.replace(network=network)
        spec = getattr(experiment, part)
        new = round(value) if isinstance(getattr(spec, name), int) else value
        return experiment.replace(**{part: spec.replace(**{name: new})})


def check_values(experiment: Experiment, field: str, values: Sequence[float]) -> None:
    """Raise `UsageError` if a run cannot have one of the values, or the field has no effect."""
    reason = _reason_without_effect(experiment, field)
    require(not reason, f"scene.field: {field} changes nothing here: {reason}")
    for number, run in enumerate(experiment.runs):
        plain = experiment.replace(scene=None, runs=(run,))
        for value in values:
            try:
                with_value(plain, field, value)
            except UsageError as error:
                message = str(error).replace("run[0]", f"run[{number}]")
                raise UsageError(f"scene.field: {message}") from None


def _reason_without_effect(experiment: Experiment, field: str) -> str:
    """Return the reason why no number depends on a field; empty if any does."""
    has_own_rates = all(run.learning_rate is not None for run in experiment.runs)
    if field == "training.learning_rate" and has_own_rates:
        return "every run sets its own learning rate; remove it from one"
    if field in ("data.samples", "data.noise") and not experiment.data.is_drawn:
        return "these data are not drawn; choose a set that is, such as moons"
    return ""


def _numbers_of(run: Run) -> Iterator[str]:
    """Yield the names of the numeric parameters of a run's scheme."""
    for field in msgspec.structs.fields(run.init):
        if field.name not in ("seed", "bias") and isinstance(getattr(run.init, field.name), float):
            yield field.name
