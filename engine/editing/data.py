"""Edits of the data: points drawn with the mouse, or imported from a file."""

from pathlib import Path
from typing import NamedTuple

from engine import counted, error_prefix, require
from engine.editing.resizing import fitted
from engine.experiment import DataSpec, Experiment
from engine.nn import MAX_WIDTH
from engine.points import Point, PointsFile, read_points_file

MAX_DRAWN = 1000
"""The most points among which one can be drawn: more could not all be shown."""


class Imported(NamedTuple):
    """An experiment with the points of a file, and a message that describes the import."""

    experiment: Experiment
    message: str


def reason_not_drawable(experiment: Experiment) -> str:
    """Return the reason why points cannot be drawn in this experiment; empty if they can."""
    inputs, outputs = experiment.network.layers[0], experiment.network.layers[-1]
    if experiment.scene is not None:
        return "points are drawn where networks are trained; this is another scene"
    if inputs != 2:
        return f"points are drawn for two inputs; this network has {inputs}"
    if outputs != 1:
        return f"points are drawn for one output; this network has {outputs}"
    if experiment.data.count > MAX_DRAWN:
        return f"points are drawn among at most {MAX_DRAWN:,}; use fewer samples"
    return ""


def with_point_added(experiment: Experiment, x: tuple[float, float], label: int) -> Experiment:
    """Return the experiment with an example appended.

    Like every edit here, it replaces a registered data set by its points and labels.

    Raises
    ------
    UsageError
        If there are `MAX_DRAWN` points, or points cannot be drawn (see `reason_not_drawable`).
    """
    _check_drawn(experiment)
    require(
        experiment.data.count != MAX_DRAWN,
        f"there are {MAX_DRAWN:,} points, as many as can be drawn by hand",
    )
    return _with_points(experiment, (*points_of(experiment), (*x, float(label))))


def with_point_moved(experiment: Experiment, number: int, x: tuple[float, float]) -> Experiment:
    """Return the experiment with an example, counted from 0, moved to another position."""
    _check_drawn(experiment)
    points = list(points_of(experiment))
    points[number] = (*x, *points[number][2:])
    return _with_points(experiment, tuple(points))


def without_point(experiment: Experiment, number: int) -> Experiment:
    """Return the experiment without an example; raise `UsageError` if it is the only one.

    The same example is shown as before, unless it is the one removed.
    """
    _check_drawn(experiment)
    points = points_of(experiment)
    require(len(points) != 1, "the last point cannot be deleted: training needs an example")
    shown = experiment.example - (number < experiment.example)
    left = (*points[:number], *points[number + 1 :])
    return _with_points(experiment, left, min(shown, len(left) - 1))


def points_of(experiment: Experiment) -> tuple[Point, ...]:
    """Return the examples as points: x1 … xn, then the targets."""
    data = experiment.load_data()
    return tuple((*x, *y) for x, y in zip(data.X.T.tolist(), data.Y.T.tolist(), strict=True))


def _check_drawn(experiment: Experiment) -> None:
    reason = reason_not_drawable(experiment)
    require(not reason, reason)


def _with_points(
    experiment: Experiment, points: tuple[Point, ...], example: int | None = None
) -> Experiment:
    shown = experiment.example if example is None else example
    return experiment.replace(data=DataSpec(points=points), example=shown)


def with_file(experiment: Experiment, path: str | Path) -> Imported:
    """Return the experiment with the points of a file, and the network that they need.

    The network gets one input for each input column, and an output and a loss for the targets,
    unless its own serve.

    Raises
    ------
    UsageError
        If the file is not a table of points (see `read_points_file`), or the rest of the
        experiment cannot use them.
    """
    require(experiment.uses("data"), "this scene uses no data; open another experiment first")
    file = read_points_file(path)
    with error_prefix(f"{path}: "):
        return with_points_file(experiment, file)


def with_points_file(experiment: Experiment, file: PointsFile) -> Imported:
    """Return the experiment with points that were read; see `with_file`."""
    inputs, layers = len(file.inputs), experiment.network.layers
    require(inputs <= MAX_WIDTH, f"has {inputs:,} inputs; a network has at most {MAX_WIDTH:,}")
    messages = [f"imported {counted(len(file.points), 'point')}", *file.summary]
    network, runs = experiment.network, experiment.runs
    sizes = inputs, *layers[1:-1], file.outputs
    if sizes != layers:
        fit = fitted(experiment, sizes)
        network, runs = fit.network, fit.runs
        if inputs != layers[0]:
            messages.append(f"the network now has {counted(inputs, 'input')}")
        if file.outputs != layers[-1]:
            messages.append(f"the network now has {counted(file.outputs, 'output')}")
        if fit.dropped:
            messages.append(f"{counted(fit.dropped, 'edit')} by hand removed")
    output, loss = _OUTPUTS[file.task]
    serves = file.task == "binary" and network.output != "softmax"
    if not serves and (network.output, network.loss) != (output, loss):
        network = network.replace(output=output, loss=loss)
        messages.append(f"the output is now {output}, the loss {loss}")
    fitting = experiment.replace(
        example=min(experiment.example, len(file.points) - 1),
        data=DataSpec(points=file.points),
        network=network,
        runs=runs,
    )
    return Imported(fitting, "; ".join(messages))


_OUTPUTS = {
    "binary": ("sigmoid", "cross-entropy"),
    "classes": ("softmax", "cross-entropy"),
    "regression": ("linear", "mean-squared-error"),
}
"""The output and the loss for each kind of target."""
