"""Writes experiments as TOML: the main fields always, the others if they are not the default."""

from collections.abc import Collection
from typing import Any

import msgspec

from engine import Spec, UsageError, default_of
from engine.experiment.experiment import Experiment, Run
from engine.io.toml_layout import layout
from engine.nn import Initializer

FORMAT = 1
"""The version of the file format; files of a newer version are rejected."""

Table = dict[str, Any]


def format_experiment(experiment: Experiment) -> str:
    """Return the TOML text of an experiment, which reads back to the same bits.

    Raises
    ------
    UsageError
        If the title, the notes or a name contain half a surrogate pair.
    """
    document = {
        "format": FORMAT,
        **_fields(experiment, {"title"}, but={"scene", "data", "network", "training", "run"}),
    }
    if experiment.scene is not None:
        parameters = _fields(experiment.scene, experiment.scene.__struct_fields__)
        document["scene"] = {"kind": experiment.scene.kind, **parameters}
    data, network, training = experiment.data, experiment.network, experiment.training
    always_written = {
        "data": {"samples": data.is_drawn, "noise": data.is_drawn, "seed": data.depends_on_seed},
        "network": {
            "layers": True,
            "hidden": len(network.layers) > 2,
            "output": True,
            "loss": True,
        },
        "training": {
            "learning_rate": True,
            "steps": True,
            "shuffle_seed": training.batch_size is not None and training.shuffle,
        },
    }
    for part, names in always_written.items():
        if experiment.uses(part):
            shown = [name for name, is_shown in names.items() if is_shown]
            document[part] = _fields(getattr(experiment, part), shown)
    if experiment.uses("runs"):
        document["run"] = [_run(run) for run in experiment.runs]
    text = layout(document)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        broken = error.object[error.start : error.end]
        raise UsageError(f"the text holds {broken!r}, which is no character") from None
    return text


def _run(run: Run) -> Table:
    others = _fields(run, but={"name", "init", "edits", "changes"})
    table = {"name": run.name, "init": _scheme(run.init), **others}
    # After the start, which they change.
    table |= {"edits": msgspec.to_builtins(run.edits)} if run.edits else {}
    return table | ({"changes": [_fields(each) for each in run.changes]} if run.changes else {})


def _scheme(init: Initializer, nested: bool = False) -> Table:
    """Return the table of an initializer; one that is part of another has no seed."""
    own = {field.name for field in msgspec.structs.fields(init)} - {"seed", "bias"}
    shown = own | {"seed"} if init.random and not nested else own
    by_layer = ("W", "b") if init.by_layer else ()
    table = {"scheme": init.scheme, **_fields(init, shown, but={"base", "bias", "seed", *by_layer})}
    for name in by_layer:
        table |= {f"{name}{layer}": rows for layer, rows in enumerate(getattr(init, name), start=1)}
    for field in msgspec.structs.fields(init):
        value = getattr(init, field.name)
        is_set = field.name == "bias" and repr(value) != repr(default_of(field))
        if is_set or field.name == "base":
            is_scheme = isinstance(value, Initializer)
            table[field.name] = _scheme(value, nested=True) if is_scheme else value
    return table | {k: v for k, v in _fields(init, shown).items() if k == "seed"}


def _fields(spec: Spec, shown: Collection[str] = (), but: Collection[str] = ()) -> Table:
    """Return the fields that are `shown` or differ from their defaults, in order."""
    table: Table = {}
    for field in msgspec.structs.fields(spec):
        value = getattr(spec, field.name)
        if value is None or field.encode_name in but:
            continue
        is_shown = field.name in shown or field.required or field.default is None
        if is_shown or repr(value) != repr(field.default):  # by repr, as −0.0 equals 0.0
            table[field.encode_name] = msgspec.to_builtins(value)
    return table
