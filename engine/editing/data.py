"""Edits of the data: points drawn with the mouse, or imported from a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from engine import UsageError, counted, error_prefix, require
from engine.editing.resizing import fitted
from engine.experiment import DataSpec, Experiment, Point, PointsTable, parse_table
from engine.io.text_file import read_text
from engine.nn import MAX_WIDTH

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
    """Return the experiment with the points of a CSV file; see `with_table`."""
    table = parse_table(read_text(path), str(path), labels=experiment.network.layers[-1])
    with error_prefix(f"{path}: "):
        return with_table(experiment, table)


def with_table(experiment: Experiment, table: PointsTable) -> Imported:
    """Return the experiment with the points of a table, whose last columns are targets.

    The network gets one input for each other column. For a sigmoid output, two labels of any kind
    become 0 and 1; numbers from 0 to 1 are unchanged.

    Raises
    ------
    UsageError
        If there are too few or too many columns, more than two labels, or if the rest of the
        experiment cannot use such points.
    """
    require(experiment.uses("data"), "this scene uses no data; open another experiment first")
    layers = experiment.network.layers
    inputs = len(table.columns) - layers[-1]
    require(
        inputs >= 1,
        f"has {counted(len(table.columns), 'column')}; this network needs one input at "
        f"least, then {counted(layers[-1], 'target')}",
    )
    require(inputs <= MAX_WIDTH, f"has {inputs:,} inputs; a network has at most {MAX_WIDTH:,}")
    columns: list[Sequence[float | str]] = list(zip(*table.rows, strict=True))
    messages = [f"imported {counted(len(table.rows), 'point')}"]
    for place in range(inputs, len(columns)):
        columns[place], mapped = _targets(experiment, table.columns[place], columns[place])
        messages += [mapped] if mapped else []
    points = tuple(zip(*columns, strict=True))
    changes: dict[str, object] = {"data": DataSpec(points=points)}
    if inputs != layers[0]:
        fit = fitted(experiment, (inputs, *layers[1:]))
        changes |= {"network": fit.network, "runs": fit.runs}
        messages.append(f"the network now has {counted(inputs, 'input')}")
        if fit.dropped:
            messages.append(f"{counted(fit.dropped, 'edit')} by hand removed")
    messages += _one_class(columns[inputs:])
    example = min(experiment.example, len(points) - 1)
    return Imported(experiment.replace(example=example, **changes), "; ".join(messages))


def _targets(
    experiment: Experiment, name: str, column: Sequence[float | str]
) -> tuple[Sequence[float | str], str]:
    """Return the targets for the labels of a column, and a message about their mapping."""
    labels = set(column)
    numbers = [label for label in labels if isinstance(label, float)]
    least, greatest = experiment.network.head.target_range
    if len(numbers) == len(labels) and all(least <= number <= greatest for number in numbers):
        return column, ""
    ordered = sorted(labels, key=lambda label: (isinstance(label, str), label))
    shown = [_shown(label) for label in ordered[:3]]
    if len(ordered) > 2:
        more = ", …" if len(ordered) > len(shown) else ""
        raise UsageError(
            f"column {name[:40]}: {len(ordered):,} labels ({', '.join(shown)}{more}); at most two "
            "can be distinguished"
        )
    targets = {label: float(place) for place, label in enumerate(ordered)}
    became = "the label {} became 0" if len(shown) == 1 else "the labels {} and {} became 0 and 1"
    return [targets[label] for label in column], became.format(*shown)


def _one_class(targets: Sequence[Sequence[float | str]]) -> list[str]:
    """Return a message if all examples have the same class."""
    values = {value for column in targets for value in column}
    if values <= {0.0, 1.0} and all(len(set(column)) == 1 for column in targets):
        return ["all points are of one class: there is nothing to separate"]
    return []


def _shown(label: float | str) -> str:
    if isinstance(label, str):
        return f"“{label[:20]}”"
    return f"{label:g}".replace("-", "−")
