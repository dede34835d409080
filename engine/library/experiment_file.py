"""Reads experiments from TOML; errors name the field.

The file differs from `Experiment` in a few ways: `format` comes first, a scheme without parameters
may be just its name, names may be those of other libraries, given weights are W1, b1, W2, …, and
points may come from a CSV file.
"""

import json
import logging
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PureWindowsPath
from typing import Any, TypeVar

import msgspec

from engine import (
    Spec,
    UsageError,
    error_prefix,
    one_line,
    require,
    split_path,
    suggestion,
)
from engine.experiment import (
    FORMAT,
    MAX_SCHEMES,
    Change,
    DataSpec,
    Edit,
    Experiment,
    NetworkSpec,
    Run,
    SceneSpec,
    TrainingSpec,
    format_experiment,
)
from engine.io.staged_output import write_text
from engine.io.text_file import read_text
from engine.nn import SCHEMES, AnyInitializer, Initializer
from engine.points import read_points_file
from engine.studies.catalogue import STUDIES

__all__ = [
    "format_experiment",
    "parse_experiment",
    "parse_scheme",
    "read_experiment",
    "write_experiment",
]

Table = dict[str, Any]

log = logging.getLogger(__name__)


class _FileOptions(msgspec.Struct):
    """The fields of `data` that say how a file of points is read."""

    file: str
    inputs: tuple[str, ...] | None = None
    targets: tuple[str, ...] | None = None
    skip_incomplete: bool = False


FILE_FIELDS: tuple[str, ...] = _FileOptions.__struct_fields__
T = TypeVar("T")

_NUMBERED = re.compile(r"([Wb])([1-9][0-9]?)")
KEY_PARTS = 200
_ENDLESS_KEY = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{KEY_PARTS}}}")
"""A key such as a.a.a.…, for which tomllib takes time quadratic in its length."""


def read_experiment(path: str | Path) -> Experiment:
    """Return the experiment in a TOML file.

    Raises
    ------
    UsageError
        If there is no such file, or it is not an experiment; the message begins with its name.
    """
    path = Path(path)
    return parse_experiment(read_text(path), str(path), path.parent)


def write_experiment(experiment: Experiment, path: str | Path) -> None:
    """Write an experiment to a TOML file atomically; raise `InitscopeError` if that fails."""
    write_text(path, format_experiment(experiment))


def parse_experiment(
    text: str, source: str = "experiment", folder: str | Path | None = None
) -> Experiment:
    """Return the experiment that TOML text describes.

    Parameters
    ----------
    text : str
    source : str
        The origin of the text; error messages begin with it.
    folder : path, optional
        The folder that `data.file` is relative to. Its points become part of the experiment.

    Raises
    ------
    UsageError
        One sentence with the field, the error and what was expected.
    """
    try:
        return _experiment(_toml(text), folder)
    except RecursionError:
        raise UsageError(f"{source}: is nested too deeply") from None
    except UsageError as error:
        raise UsageError(f"{source}: {one_line(str(error))}") from None


def _toml(text: str) -> Table:
    # The search is limited to lines that may match: most of a large file is points.
    long_lines = (line for line in text.split("\n") if line.count(".") >= KEY_PARTS)
    require(
        not any(map(_ENDLESS_KEY.search, long_lines)),
        "is no experiment: it has a key of two hundred parts",
    )
    try:
        return tomllib.loads(text)
    except ValueError as error:  # besides TOMLDecodeError, of integers with thousands of digits
        raise UsageError(f"is not TOML: {error}") from None


def _experiment(table: Table, folder: str | Path | None) -> Experiment:
    _check_format(table)
    _check_fields(table, _fields(Experiment), "")
    parts = {
        "data": [*_fields(DataSpec), *FILE_FIELDS],
        "network": _fields(NetworkSpec),
        "training": _fields(TrainingSpec),
    }
    for name, known in parts.items():
        if isinstance(table.get(name), dict):
            _check_fields(table[name], known, name)
    if isinstance(table.get("scene"), dict):
        table["scene"] = _scene(table["scene"])
    if isinstance(table.get("data"), dict) and not table["data"].keys().isdisjoint(FILE_FIELDS):
        table["data"] = _with_points(table["data"], folder)
    if isinstance(table.get("run"), list):
        runs = table["run"][: MAX_SCHEMES + 1]  # more runs are refused, however many there are
        table["run"] = [_run(run, f"run[{i}]") for i, run in enumerate(runs)]
    return _converted(table, Experiment)


def _check_format(table: Table) -> None:
    require("format" in table, f"format: missing; an experiment file begins with format = {FORMAT}")
    number = table.pop("format")
    require(type(number) is int and number >= 1, f"format: expected {FORMAT}, got {number!r}")
    require(
        number <= FORMAT,
        f"format: {number} is newer than format {FORMAT}, which this Initscope reads; "
        "a newer Initscope opens it",
    )


def _scene(table: Table) -> SceneSpec:
    kind = table.get("kind")
    if not isinstance(kind, str):
        raise UsageError(f"scene.kind: expected one of {', '.join(STUDIES)}")
    with error_prefix("scene.kind: "):
        spec = STUDIES.find(kind).spec
    _check_fields(table, ["kind", *_fields(spec)], "scene")
    return _converted(table, spec, "scene.")


def _with_points(data: Table, folder: str | Path | None) -> Table:
    """Return the table `data` with the points of the file that it names."""
    for name in FILE_FIELDS:
        require("file" in data or name not in data, f"data.{name}: needs data.file")
    others = data.keys() & {"name", "points"}
    if others:
        raise UsageError(f"data.file: excludes {min(others)}; give one of them")
    chosen = {name: data[name] for name in FILE_FIELDS if name in data}
    options = _converted(chosen, _FileOptions, "data.")
    if folder is None:
        raise UsageError("data.file: only an experiment in a file can name one; give points")
    # //host/x would ask another computer.
    if PureWindowsPath(options.file).drive.startswith("\\\\"):
        raise UsageError("data.file: names a file on another computer; copy it here, and name that")
    with error_prefix("data.file: "):
        read = read_points_file(
            Path(folder, options.file),
            options.inputs,
            options.targets,
            skip_incomplete=options.skip_incomplete,
        )
    # A target named y is no surprise: the program writes that name itself.
    if read.summary not in ([], ["target y"]):
        log.warning("%s: %s", options.file, "; ".join(read.summary))
    rest = {name: value for name, value in data.items() if name not in FILE_FIELDS}
    return rest | {"points": read.points}


def _run(run: object, path: str) -> object:
    if not isinstance(run, dict):
        return run
    _check_fields(run, _fields(Run), path)
    for name, spec in (("edits", Edit), ("changes", Change)):
        for number, each in enumerate(run[name] if isinstance(run.get(name), list) else ()):
            if isinstance(each, dict):
                _check_fields(each, _fields(spec), f"{path}.{name}[{number}]")
    if "init" in run:
        run = run | {"init": _scheme(run["init"], f"{path}.init")}
    return run


def _scheme(value: object, path: str) -> object:
    """Return the table of an initializer in the form of its class; other values unchanged."""
    table = {"scheme": value} if isinstance(value, str) else value
    if not isinstance(table, dict):
        return value
    name = table.get("scheme")
    if not isinstance(name, str):
        raise UsageError(f'{path}.scheme: expected a name such as "zeros" or "normal"')
    with error_prefix(f"{path}.scheme: "):
        registered, parameters = SCHEMES.resolve(name)
    scheme, table = SCHEMES[registered], parameters | table | {"scheme": registered}
    if scheme.by_layer:
        return _folded(table, path, [each for each in _fields(scheme) if each not in "Wb"])
    _check_fields(table, ["scheme", *_fields(scheme)], path)
    nested = table.keys() & {"base", "bias"}
    return table | {part: _scheme(table[part], f"{path}.{part}") for part in nested}


def parse_scheme(value: object) -> Initializer:
    """Return the initializer for the name or table of a scheme; raise `UsageError` if invalid."""
    table = _scheme(value, "init")
    return _converted(table, AnyInitializer, "init.")  # type: ignore[type-abstract]


def _folded(table: Table, path: str, others: Iterable[str]) -> Table:
    """Fold W1, W2, … and b1, b2, … into W and b; biases may be a column."""
    given: dict[str, dict[int, Any]] = {"W": {}, "b": {}}
    result = {}
    for key, value in table.items():
        match = _NUMBERED.fullmatch(key)
        if match:
            given[match[1]][int(match[2])] = value
        else:
            result[key] = value
    _check_fields(result, ["scheme", *others], path, ["W1", "b1", "W2", "b2"])
    last = max(given["W"], default=1)
    missing = next((layer for layer in range(1, last) if layer not in given["W"]), None)
    require(not missing, f"{path}.W{missing}: missing, though there is a W{last}")
    result["W"] = [given["W"][layer] for layer in sorted(given["W"])]
    result["b"] = [
        _flat(given["b"].get(layer, [])) for layer in range(1, max(given["b"], default=0) + 1)
    ]
    return result


def _flat(column: Any) -> Any:
    """Return [1, 2] for [[1], [2]], and other values unchanged."""
    if isinstance(column, list) and all(isinstance(row, list) and len(row) == 1 for row in column):
        return [row[0] for row in column]
    return column


@cache
def _fields(spec: type[Spec]) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(spec))


def _check_fields(
    table: Table, known: Iterable[str], path: str, further: Iterable[str] = ()
) -> None:
    """Raise `UsageError` for a field that is not `known`; the hint may name one of `further`."""
    for key in table:
        if key not in known:
            shown = key if re.fullmatch(r"[\w-]+", key) else json.dumps(key)
            hint = suggestion(key, [*known, *further])
            raise UsageError(f"{path}{'.' if path else ''}{shown}: unknown field; {hint}")


def _converted(table: object, kind: type[T], prefix: str = "") -> T:
    """Return a table as a spec; the message of a `UsageError` names the field below the prefix."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise UsageError(f"{prefix}{_sentence(str(error))}") from None


def _sentence(message: str) -> str:
    """Return a message of msgspec, which may contain one of a spec, as `path: reason`."""
    path, reason = split_path(message)
    path = re.sub(r"\.([Wb])\[(\d+)\]", lambda m: f".{m[1]}{int(m[2]) + 1}", path).lstrip(".")
    if not path:
        return reason
    # A message of a spec begins with the field below the path.
    return f"{path}.{reason}" if re.match(r"[\w.\[\]]+: ", reason) else f"{path}: {reason}"
