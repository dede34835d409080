"""The study of CONTRIBUTING.md is found, read, edited, run, exported, listed and shown."""

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

import engine.studies
from engine.editing.paths import edited
from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.experiment.toml_writer import format_experiment
from engine.library import built_ins
from engine.library.experiment_file import parse_experiment
from engine.studies.catalogue import STUDIES, import_studies, open_scene
from gui.cli.commands import main
from gui.controls.scene_editor import SceneEditor
from gui.main_window import MainWindow
from gui.stage.catalogue import PANELS
from tests.contracts.contributing import python_example
from tests.gui.windows import wait_for_training

MODULE = "engine.studies.coin.study"
TEXT = 'format = 1\ntitle = "A coin"\n\n[scene]\nkind = "coin"\ntosses = 20\nseed = 3\n'


@pytest.fixture(scope="module", autouse=True)
def coin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install the example as a package of studies, and its panel."""
    folder = tmp_path_factory.mktemp("studies")
    package = folder / "coin"
    package.mkdir()
    (package / "__init__.py").write_text('"""The coin study."""\n')
    (package / "study.py").write_text(python_example("CoinStudy"), encoding="utf-8")
    engine.studies.__path__.append(str(folder))
    import_studies()
    exec(python_example("CoinPanel"), {})  # which registers it
    yield
    engine.studies.__path__.remove(str(folder))
    del STUDIES["coin"], PANELS["coin-share"]
    for name in (MODULE, "engine.studies.coin"):
        del sys.modules[name]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "coin.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def coin_experiment() -> Experiment:
    return parse_experiment(TEXT)


def test_the_package_is_found_and_its_defaults_are_valid() -> None:
    assert STUDIES["coin"].study is import_module(MODULE).CoinStudy
    Experiment(scene=STUDIES["coin"].spec())


def test_the_file_format_reads_and_writes_its_parameters() -> None:
    experiment = coin_experiment()
    assert experiment.kind == "coin"
    assert format_experiment(experiment) == TEXT
    assert parse_experiment(format_experiment(experiment)) == experiment


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tosses = 20", "tosses = 0", "scene.tosses: expected a whole number, at least 1"),
        ("tosses = 20", "toses = 20", 'scene.toses: unknown field; did you mean "tosses"?'),
        ('"coin"', '"coyn"', 'scene.kind: unknown scene "coyn": did you mean "coin"?'),
        ("seed = 3", 'seed = 3\n[data]\nname = "moons"', "data: means nothing to the scene coin"),
    ],
)
def test_errors_in_a_file_name_the_field(old: str, new: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_experiment(TEXT.replace(old, new))
    assert message in str(error.value)


def test_run_writes_its_table_and_prints_its_findings(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(file), "-o", str(tmp_path / "coin.npz"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["scene"], document["frames"]) == ("coin", 20)
    assert document["findings"][0].startswith("heads: ")
    with np.load(tmp_path / "coin.npz") as table:
        assert table["frame"].tolist() == list(range(20))
        assert np.isfinite(table["share"]).all()


@pytest.fixture
def _fresh_titles() -> Iterator[None]:
    """Empty the cache of titles, for other tests of this process fill and read it."""
    built_ins.titles.cache_clear()
    yield
    built_ins.titles.cache_clear()


@pytest.mark.usefixtures("_fresh_titles")
def test_list_names_its_example(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(built_ins.FILES, "coin", file)
    assert main(["list", "--json"]) == 0
    assert {"name": "coin", "title": "A coin"} in json.loads(capsys.readouterr().out)


def test_export_draws_its_panel(file: Path, tmp_path: Path, qapp: object) -> None:
    target = tmp_path / "coin.gif"
    size = ["--size", "320x180"]
    assert main(["export", str(file), "-o", str(target), "--frames", "0:20:5", *size]) == 0
    with Image.open(target) as image:
        assert image.size == (320, 180)
        assert getattr(image, "n_frames", 1) == 4


def test_the_form_has_a_field_for_each_parameter(qtbot: QtBot) -> None:
    editor = SceneEditor()
    qtbot.addWidget(editor)
    editor.show_scene(coin_experiment().scene, 1)
    assert [field.path for field in editor.fields] == [("scene", "tosses"), ("scene", "seed")]
    changed = edited(coin_experiment(), {("scene", "tosses"): 5})
    assert open_scene(changed).planned_index == 4


def test_window_plays_the_example_study(qtbot: QtBot) -> None:
    window = MainWindow(coin_experiment())
    qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
    with qtbot.waitExposed(window):
        window.show()
    wait_for_training(window, qtbot)
    assert [panel.name for panel in window.stage.panels] == ["coin-share"]
    window.player.seek(7)
    window.player.step(2)
    assert (window.player.index, window.player.last_index) == (9, 19)


def test_example_study_has_the_same_frames_each_time() -> None:
    one, other = open_scene(coin_experiment()), open_scene(coin_experiment())
    for scene in (one, other):
        scene.compute_all()
    assert [one.text_table(i) for i in range(20)] == [other.text_table(i) for i in range(20)]
