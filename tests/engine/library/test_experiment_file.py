"""Experiments are written to and read from TOML; every error is one sentence."""

import contextlib
import os
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import DataSpec, Edit, Experiment, Run
from engine.library.experiment_file import (
    format_experiment,
    parse_experiment,
    read_experiment,
    write_experiment,
)
from engine.nn.initializers import (
    SCHEMES,
    Explicit,
    Normal,
    Perturbed,
    Zeros,
)

DESIGN = """
format = 1
title = "Zero against random"
notes = "…"

[data]
name = "xor"
samples = 200
noise = 0.1
seed = 0

[network]
layers = [2, 2, 1]
hidden = "tanh"
output = "sigmoid"
loss = "cross-entropy"
beta = 1.0

[training]
learning_rate = 0.5
steps = 400

[[run]]
name = "zero"
init = { scheme = "zeros" }

[[run]]
name = "random"
init = { scheme = "normal", scale = 0.01, seed = 3 }
learning_rate = 0.5
edits = [ { step = 37, parameter = "W1", index = [0, 1], value = 0.3 } ]
"""


def test_example_of_the_format_is_read() -> None:
    experiment = parse_experiment(DESIGN)
    assert experiment.title == "Zero against random"
    assert experiment.runs[0] == Run(name="zero", init=Zeros())
    assert experiment.runs[1] == Run(
        name="random",
        init=Normal(scale=0.01, seed=3),
        learning_rate=0.5,
        edits=(Edit(step=37, parameter="W1", index=(0, 1), value=0.3),),
    )


def test_every_field_but_format_has_a_default() -> None:
    assert parse_experiment("format = 1") == Experiment()


def test_scheme_name_is_read_as_a_scheme_or_bias() -> None:
    experiment = parse_experiment(
        'format = 1\n[[run]]\ninit = "zeros"\n[[run]]\n'
        'init = { scheme = "zeros", bias = { scheme = "normal", scale = 0.5 } }\n[[run]]\n'
        'init = { scheme = "perturbed", base = "ones" }'
    )
    assert experiment.runs[0].init == Zeros()
    assert experiment.runs[1].init == Zeros(bias=Normal(scale=0.5))
    assert experiment.runs[2].init == Perturbed(base=SCHEMES["ones"]())


def test_given_weights_are_numbered_by_layer() -> None:
    experiment = parse_experiment(
        'format = 1\n[[run]]\ninit = { scheme = "explicit", W1 = [[1, 2], [3, 4]], '
        "W2 = [[5, 6.5]], b1 = [[7], [8]] }"
    )
    init = experiment.runs[0].init
    assert isinstance(init, Explicit)
    parameters = init.parameters((2, 2, 1), np.random.Generator(np.random.PCG64(0)))
    assert parameters["W1"].tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert parameters["b1"].tolist() == [[7.0], [8.0]]
    assert parameters["W2"].tolist() == [[5.0, 6.5]]
    assert parameters["b2"].tolist() == [[0.0]]


def init(text: str) -> str:
    return f"format = 1\n[[run]]\ninit = {text}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "format: missing; an experiment file begins with format = 1"),
        ("format = 2", "format: 2 is newer than format 1"),
        ("format = true", "format: expected 1, got True"),
        ('format = "1"', "format: expected 1, got '1'"),
        (
            "format = 1\n[network]\nlayer = [2]",
            'network.layer: unknown field; did you mean "layers"?',
        ),
        ("format = 1\nruns = []", 'runs: unknown field; did you mean "run"?'),
        ("format = 1\nzzz = 1", "zzz: unknown field; known are title, notes, panels, example"),
        (
            'format = 1\n[training]\nsteps = "many"',
            "training.steps: expected a whole number, got text",
        ),
        (
            "format = 1\n[training]\nsteps = 1.5",
            "training.steps: expected a whole number, got a number",
        ),
        (
            "format = 1\n[training]\nsteps = -1",
            "training.steps: expected a whole number, at least 0",
        ),
        (
            "format = 1\n[training]\nlearning_rate = nan",
            "training.learning_rate: expected a number",
        ),
        (
            "format = 1\n[training]\nlearning_rate = inf",
            "training.learning_rate: expected a number",
        ),
        (
            "format = 1\n[training]\nlearning_rate = true",
            "training.learning_rate: expected a number",
        ),
        (
            "format = 1\n[data]\nsamples = 1_000_000_000",
            "data.samples: expected a whole number, at most 100,000",
        ),
        ('format = 1\n[data]\nname = "xro"', 'data: unknown data set "xro": did you mean "xor"?'),
        ("format = 1\n[data]\npoints = []", "data.points: give at least one point"),
        ("format = 1\n[data]\npoints = [[1, 2, nan]]", "data.points[0][2]: expected a number"),
        ("format = 1\n[data]\npoints = [[1, 2, 3, 4]]", "data.points: point 1 has 4 numbers"),
        ('format = 1\n[data]\nname = "xor"\npoints = [[1, 1, 1]]', "data.points: excludes name"),
        ("format = 1\ndata = 3", "data: expected a table, got a whole number"),
        ("format = 1\ntitle = 2024-01-01", "title: expected text, got date"),
        ("format = 1\n[run]\nname = 'a'", "run: expected a list, got a table"),
        ("format = 1\nrun = []", "run: expected a list, of length at least 1"),
        ("format = 1\nrun = [1]", "run[0]: expected a table, got a whole number"),
        (
            "format = 1\n[network]\nlayers = [2, 5000, 1]",
            "network.layers[1]: expected a whole number, at most 1,024",
        ),
        ("format = 1\n[network]\nlayers = [3, 1]", "network.layers: begins with 3"),
        ("format = 1\n[network]\nhidden = 'tahn'", 'did you mean "tanh"?'),
        (init('"zeroes"'), 'run[0].init.scheme: unknown scheme "zeroes": did you mean "zeros"?'),
        (init("3"), "run[0].init: expected a table, got a whole number"),
        (init("{ scale = 1 }"), "run[0].init.scheme: expected a name"),
        (init('{ scheme = "normal", scael = 1 }'), 'scael: unknown field; did you mean "scale"?'),
        (
            init('{ scheme = "normal", scale = "a" }'),
            "run[0].init.scale: expected a number, got text",
        ),
        (
            init('{ scheme = "normal", scale = -1 }'),
            "run[0].init.scale: expected a number, at least 0",
        ),
        (
            init('{ scheme = "normal", seed = -1 }'),
            "run[0].init.seed: expected a whole number, at least 0",
        ),
        (init('{ scheme = "zeros", bias = "explicit" }'), "run[0].init.bias: "),
        (init('{ scheme = "perturbed", base = "zero" }'), "run[0].init.base.scheme: unknown"),
        (init('{ scheme = "explicit" }'), "run[0].init.W: give W1 to W2"),
        (init('{ scheme = "explicit", W = [] }'), 'run[0].init.W: unknown field; did you mean "W'),
        (init('{ scheme = "explicit", W2 = [[1, 1]] }'), "run[0].init.W1: missing"),
        (init('{ scheme = "explicit", W1 = 1, W2 = 2 }'), "run[0].init.W1: expected a list"),
        (
            init('{ scheme = "explicit", W1 = [[1, 2], [3, 4]], W2 = [["x", 2]] }'),
            "run[0].init.W2[0][0]: expected a number, got text",
        ),
        (
            init('{ scheme = "explicit", W1 = [[1, 2]], W2 = [[1, 2]] }'),
            "run[0].init.W1: give 2 rows of 2 numbers",
        ),
        (
            init('{ scheme = "explicit", W1 = [[1, 2], [3, 4]], W2 = [[1, 2]], b1 = [1] }'),
            "run[0].init.b1: give 2 numbers",
        ),
        (
            "format = 1\n[[run]]\n"
            'edits = [{ step = 1, parameter = "W3", index = [0, 0], value = 1 }]',
            "run[0].edits[0].parameter: there is no W3",
        ),
        (
            "format = 1\n[[run]]\nedits = [{ stp = 1 }]",
            'run[0].edits[0].stp: unknown field; did you mean "step"?',
        ),
        ("format = 1\ntitle = \nx = 1", "is not TOML: Invalid value (at line 2, column 9)"),
        ("format = 1\nformat = 1", "is not TOML: Cannot overwrite a value"),
        ("format = " + "9" * 5000, "is not TOML: "),
        ('format = 1\n"a\\nb" = 1', r'"a\nb": unknown field'),
        ('format = 1\n[data]\nfile = "points.csv"', "data.file: only an experiment in a file"),
    ],
)
def test_error_names_the_field(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_experiment(text, source="bad.toml")
    reported = str(caught.value)
    assert reported.startswith("bad.toml: ")
    assert message in reported
    assert "\n" not in reported
    assert "`" not in reported


@pytest.mark.parametrize("depth", [5, 100, 3000])
def test_deep_nesting_is_rejected(depth: int) -> None:
    nested = '{ scheme = "perturbed", base = ' * depth + '"zeros"' + " }" * depth
    with pytest.raises(UsageError):
        parse_experiment(init(nested))
    with pytest.raises(UsageError):
        parse_experiment(f"format = 1\ntitle = {'[' * depth}{']' * depth}")


@pytest.mark.parametrize("part", ["a.", '"a".', "a . "])
def test_keys_of_many_parts_are_rejected_quickly(part: str) -> None:
    with pytest.raises(UsageError, match="two hundred parts"):
        parse_experiment(f"format = 1\n{part * 50_000}a = 1")
    assert parse_experiment(f'format = 1\ntitle = "{"a. b, " * 500}"').title


def test_message_is_short_without_control_characters() -> None:
    with pytest.raises(UsageError) as caught:
        parse_experiment(f'format = 1\n[data]\nname = "\\u001b[31m{"x" * 10_000}"')
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400


def broken(text: str) -> st.SearchStrategy[str]:
    """Text with a slice of it gone, doubled or replaced."""

    def breaks(at: tuple[int, int, str]) -> str:
        start, length, inserted = at
        return text[:start] + inserted + text[start + length :]

    pieces = st.one_of(
        st.text(max_size=8),
        st.sampled_from(["[", "]", "{", "}", "=", "nan", "-inf", "1e400", "9" * 30, '"', "true"]),
    )
    return st.tuples(st.integers(0, len(text)), st.integers(0, 40), pieces).map(breaks)


@given(broken(DESIGN))
@settings(max_examples=500)
def test_broken_text_raises_only_usage_errors(text: str) -> None:
    try:
        experiment = parse_experiment(text)
    except UsageError:
        return
    assert parse_experiment(format_experiment(experiment)) == experiment


values = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.dates(),
        st.just("normal"),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["scheme", "name", "W1", "b1", "base", "x"]), inner)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(
        [
            "title",
            "data",
            "network",
            "training",
            "run",
            "init",
            "edits",
            "bias",
            "base",
            "W1",
            "file",
        ]
    ),
    values,
)
@example("file", "\0")
@example("file", "x" * 300)
@settings(max_examples=500)
def test_arbitrary_values_raise_only_usage_errors(place: str, value: Any) -> None:
    schemes = {"bias": "normal", "base": "perturbed", "W1": "explicit"}
    table: dict[str, Any] = {"format": 1}
    if place in schemes:
        table["run"] = [{"init": {"scheme": schemes[place], place: value}}]
    elif place in ("init", "edits"):
        table["run"] = [{place: value}]
    elif place == "file":
        table["data"] = {place: value}
    else:
        table[place] = value
    with contextlib.suppress(UsageError):
        parse_experiment(tomli_w.dumps(table), folder="/nowhere")


def test_csv_file_beside_the_experiment_becomes_its_points(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "points.csv").write_text("x1,x2,y\n-1,-1,0\n1,0.5,1\n")
    file = tmp_path / "mine.toml"
    file.write_text('format = 1\n[data]\nfile = "points.csv"\nflip = 0.5\nseed = 4')
    experiment = read_experiment(file)
    points = ((-1.0, -1.0, 0.0), (1.0, 0.5, 1.0))
    assert experiment.data == DataSpec(points=points, flip=0.5, seed=4)
    assert "file" not in tomllib.loads(format_experiment(experiment))["data"]
    assert caplog.text == ""  # nothing surprises


def test_error_in_a_csv_file_names_both_files_and_the_line(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x1,x2,y\n-1,a,0\n2,3,1\n4,5,1\n")
    file = tmp_path / "mine.toml"
    file.write_text('format = 1\n[data]\nfile = "points.csv"')
    with pytest.raises(UsageError, match=r"mine\.toml: data\.file: .*points\.csv, line 2: "):
        read_experiment(file)
    file.write_text('format = 1\n[data]\nfile = "points.csv"\nname = "xor"')
    with pytest.raises(UsageError, match=r"data\.file: excludes name"):
        read_experiment(file)
    file.write_text('format = 1\n[data]\nfile = "a\\u0000b"')
    with pytest.raises(InitscopeError):
        read_experiment(file)


def test_roles_of_the_columns_are_fields_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("a,b,c,d\n1,2,0,5\n3,,1,7\n5,6,1,9\n")
    file = tmp_path / "mine.toml"
    data = 'file = "points.csv"\ninputs = ["d", "a"]\ntargets = ["c"]\nskip_incomplete = true'
    file.write_text(f"format = 1\n[data]\n{data}\n")
    assert read_experiment(file).data.points == ((5, 1, 0), (7, 3, 1), (9, 5, 1))
    unknown = data.replace('"c"', '"e"')
    file.write_text(f"format = 1\n[data]\n{unknown}\n")
    with pytest.raises(UsageError, match='has no column "e"'):
        read_experiment(file)
    file.write_text('format = 1\n[data]\ninputs = ["a"]\n')
    with pytest.raises(UsageError, match=r"data\.inputs: .*data\.file"):
        read_experiment(file)


def test_experiment_file_round_trip(tmp_path: Path) -> None:
    file = tmp_path / "Grüße ✓.toml"
    experiment = parse_experiment(DESIGN)
    write_experiment(experiment, file)
    assert read_experiment(file) == experiment
    assert read_experiment(str(file)) == experiment
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_experiment(file) == experiment
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


def test_special_files_are_rejected_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "latin.toml").write_bytes(b'format = 1\ntitle = "\xe9"')
    with (tmp_path / "huge.toml").open("wb") as huge:
        huge.truncate(2**30)
    for name, message in {
        "missing.toml": "there is no such file",
        "latin.toml/x.toml": "there is no such file",
        "pipe": "not a regular file",
        "latin.toml": "not UTF-8 text (byte 20)",
        "huge.toml": "larger than 64 MiB",
        ".": "is a folder",
        "/dev/zero": "not a regular file",
    }.items():
        with pytest.raises(UsageError) as caught:
            read_experiment(tmp_path / name)
        assert message in str(caught.value), name
