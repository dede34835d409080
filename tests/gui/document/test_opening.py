"""Built-in names and TOML files are opened; other names are refused with a hint."""

from pathlib import Path

import pytest

from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import Experiment
from engine.library.built_ins import BUILT_INS, built_in
from engine.library.experiment_file import write_experiment
from gui.document.opening import open_experiment, open_to_show


def test_built_in_names_and_files_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in BUILT_INS:
        assert open_experiment(name) == built_in(name)
    mine = Experiment(title="Mine")
    for name in ("mine.toml", "MINE.TOML", "constant", "Grüße ✓.toml", "mine.txt"):
        write_experiment(mine, name)
    assert open_experiment("mine.toml") == mine
    assert open_experiment("MINE.TOML") == mine
    assert open_experiment("mine.txt") == mine
    assert open_experiment(tmp_path / "Grüße ✓.toml") == mine
    assert open_experiment("constant") == built_in("constant")
    assert open_experiment("./constant") == mine
    assert open_experiment(Path("constant")) == mine


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "constnat",
            'neither a built-in experiment nor a file "constnat": did you mean "constant"?',
        ),
        ("qqqq", "the built-in ones are zero-vs-random, "),
        ("x.toml", "x.toml: there is no such file"),
        ("x.mp4", "x.mp4: there is no such file"),
        ("a/b", "a/b: there is no such file"),
        ("a\0b", "a\0b"),
        ("n" * 5000, "n" * 100),
    ],
)
def test_missing_names_are_refused(name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_experiment(name)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["n" * 5000 + ".png", "n" * 5000 + ".toml", "a\0b.toml"])
def test_impossible_file_names_are_refused(name: str) -> None:
    with pytest.raises(InitscopeError, match="cannot be read"):
        open_experiment(name)


def test_files_without_an_experiment_are_refused(tmp_path: Path) -> None:
    (tmp_path / "video.mp4").write_bytes(b"\0" * 1000)
    (tmp_path / "folder").mkdir()
    for name in ("video.mp4", "folder"):
        with pytest.raises(InitscopeError, match=name):
            open_experiment(tmp_path / name)


def test_unknown_panels_are_refused_when_they_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('format = 1\npanels = ["loss", "netwrk"]\n')
    assert open_experiment(path).panels == ("loss", "netwrk")
    with pytest.raises(UsageError, match=r'panels\[1\]: unknown panel "netwrk".*"network"'):
        open_to_show(path)
    path.write_text('format = 1\npanels = ["loss", "network"]\n')
    assert open_to_show(path).panels == ("loss", "network")
