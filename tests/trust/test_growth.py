"""Text from a file takes time in proportion to its length, also where it is refused."""

from collections.abc import Callable
from io import BytesIO

import pytest

from engine.editing.runs import with_fork
from engine.errors import UsageError
from engine.experiment.experiment import Experiment, Run
from engine.library.experiment_file import parse_experiment
from gui.export.formats.pdf import PdfDrawing
from gui.export.formats.svg import SvgDrawing
from gui.widgets.plain_text import caption, in_short
from tests.growth import LINEAR, growth


def refuse(text: str) -> None:
    with pytest.raises(UsageError):
        parse_experiment(text)


REFUSED = {
    "runs": lambda count: "format = 1\n" + "[[run]]\n" * count,
    "edits": lambda count: (
        "format = 1\n[[run]]\n" + '[[run.edits]]\nstep = 1\nparameter = "W1"\n' * count
    ),
    "unknown field": lambda count: f"format = 1\n{'x' * 100 * count} = 1",
    "value": lambda count: f"format = 1\ntitle = {'9' * 100 * count}",
    "points": lambda count: f"format = 1\n[data]\npoints = [{'[1, 2],' * count} 1]",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_experiment_takes_linear_time(kind: str) -> None:
    assert growth(refuse, REFUSED[kind], 200) < LINEAR


def test_runs_beyond_those_allowed_are_not_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first of a hundred thousand runs is read, and refused."""
    looked_up: list[object] = []

    class Table(dict[str, object]):
        def get(self, key: str, default: object = None) -> object:
            looked_up.append(key)
            return super().get(key, default)

    tables = {"format": 1, "run": [Table() for _ in range(1000)]}
    monkeypatch.setattr("engine.library.experiment_file.tomllib.loads", lambda _: tables)
    with pytest.raises(UsageError, match="at most 6"):
        parse_experiment("")
    assert len(looked_up) < 100


NAMES: dict[str, Callable[[int], str]] = {
    "spaces": lambda count: " " * 100 * count + "x",
    "brackets": lambda count: "(1" * 100 * count,
    "words": lambda count: "a " * 100 * count,
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_or_a_title_takes_linear_time(kind: str) -> None:
    def use(name: str) -> None:
        with_fork(Experiment(runs=(Run(name=name),)), 0, 1)
        in_short(name)
        caption(name)

    assert growth(use, NAMES[kind], 20) < LINEAR


CONTENTS: dict[str, Callable[[int], bytes]] = {
    "svg tags": lambda count: b"<svg>" + b"<experiment " * count,
    "svg namespaces": lambda count: b"<experiment " + b"urn:initscope:experiment " * count,
    "svg text": lambda count: b'<experiment a="urn:initscope:experiment">' + b" " * 20 * count,
    "pdf objects": lambda count: b"%PDF- /EF << /F 5 0 R >>" + b"\n5 0 obj <<" * count,
    "pdf filters": lambda count: (
        b"%PDF- /EF << /F 5 0 R >>\n5 0 obj <<" + b"/FlateDecode " * count + b">"
    ),
    "pdf spaces": lambda count: b"%PDF-" + b"/EF" + b" " * 20 * count,
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_an_exported_file_takes_linear_time(kind: str) -> None:
    drawing = SvgDrawing if kind.startswith("svg") else PdfDrawing
    assert growth(lambda content: drawing.texts(BytesIO(content)), CONTENTS[kind], 100) < LINEAR
