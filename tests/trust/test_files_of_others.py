"""Untrusted files are read or refused in one sentence, and never executed."""

import io
import pickle
import resource
import sqlite3
import stat
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.ensemble.shards import shards, train_shard
from engine.ensemble.store import Store
from engine.errors import UsageError
from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.experiment.toml_writer import format_experiment
from engine.library.experiment_file import write_experiment
from engine.nn.initializers import Normal
from engine.points import write_points
from engine.studies.ensemble.study import EnsembleSpec
from gui.export.formats.registry import FORMATS
from gui.settings.settings import Settings, read_settings, write_settings
from tests.engine.ensemble.test_shards import equal
from tests.fuzzing.readers import try_reading
from tests.gui.export.test_recipe import export
from tests.gui.windows import EXPERIMENT, Open, wait_for_training
from tests.trust.programs import assert_refused, names, run

SMALL = Experiment(training=TrainingSpec(steps=3))
ENSEMBLE = Experiment(
    runs=(Run(init=Normal(scale=0.5)),),
    training=TrainingSpec(steps=5),
    scene=EnsembleSpec(seeds=4),
)
NOISE = np.random.Generator(np.random.PCG64(0)).bytes(20_000)
DEEP = b"[" * 100_000


class Canary:
    """What touches a file as soon as it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (Path("canary").touch, ())


def evil_archive() -> bytes:
    """Return a zip whose members lead out of any folder, are there twice, or are links."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("../canary", "/tmp/canary", "..\\canary", "canary"):
            archive.writestr(name, b"format = 1\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("canary", b"")
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("W1.npy", pickle.dumps(Canary()))
    return file.getvalue()


def evil_files() -> dict[str, bytes]:
    """Return files that run something where they are unpickled, evaluated or unpacked."""
    arrays = io.BytesIO()
    np.savez(arrays, W1=np.array([Canary()], dtype=object), allow_pickle=True)
    one = io.BytesIO()
    np.save(one, np.array([Canary()], dtype=object), allow_pickle=True)
    blob = pickle.dumps(Canary())
    variant = "".join(f"\\x{byte:02x}" for byte in struct.pack(">I", 1024) + b"\0PyQt" + blob)
    touch = "__import__('pathlib').Path('canary').touch()"
    return {
        "x.npz": arrays.getvalue(),
        "x.npy": one.getvalue(),
        "x.pkl": blob,
        "x.ini": f"[General]\ngeometry=@Variant({variant})\n".encode(),
        "x.cfg": f"title: {touch}\n".encode(),
        "x.py": touch.encode(),
        "x.zip": evil_archive(),
        "x.shards": blob,
    }


@pytest.mark.parametrize("suffix", ["", ".toml"])
def test_code_in_a_file_is_not_executed(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    files = [tmp_path / f"{name}{suffix}" for name in evil_files()]
    for file, content in zip(files, evil_files().values(), strict=True):
        file.write_bytes(content)
    window = open_window(SMALL)
    for file in files:
        window.open_file(str(file))
        assert file.name in window.message
        assert window.document.experiment is SMALL
        stored = tmp_path / "window.json"
        stored.write_bytes(file.read_bytes())
        assert read_settings(stored) == Settings()
        with pytest.raises(UsageError, match="delete the file"):
            Store(file, ENSEMBLE)
    assert "canary" not in [*names(tmp_path), *names(tmp_path.parent), *names(Path("/tmp"))]


@pytest.mark.parametrize("name", ["x.npz", "x.zip", "x.pkl"])
def test_commands_refuse_broken_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(evil_files()[name])
    assert_refused(run("run", name, cwd=tmp_path), 2, name)
    assert names(tmp_path) == [name]


def array_file(shape: tuple[int, ...], content: bytes = b"") -> bytes:
    file = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + content


def archive_of(member: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("solved.npy", member)
    return file.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "10¹² numbers": lambda: archive_of(array_file((10**12,))),
    "another shape": lambda: archive_of(array_file((4, 3), bytes(96))),
    "70 MB of zeros": lambda: archive_of(array_file((9 * 10**6,), bytes(72 * 10**6))),
    "a pickle": lambda: pickle.dumps(Canary()),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such account of memory")
@pytest.mark.parametrize("name", BOMBS)
def test_huge_sizes_are_refused_before_memory_is_allocated(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path, bomb = tmp_path / "x.npz.shards", BOMBS[name]()
    Store(path, ENSEMBLE).__exit__()
    first = shards(ENSEMBLE)[0]
    with sqlite3.connect(path) as database:
        row = (0, 0, first.first, first.count, bomb)
        database.execute("INSERT INTO shard VALUES (?, ?, ?, ?, ?)", row)
    database.close()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Store(path, ENSEMBLE) as store, pytest.raises(UsageError, match="delete the file"):
        list(store.finished())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB
    assert not Path("canary").exists()


def test_an_endless_view_in_a_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npz.shards"
    Store(path, ENSEMBLE).__exit__()
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE shard")
        database.execute(
            "CREATE VIEW shard AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) "
            "SELECT 0 AS run, 0 AS value, i AS first, 4 AS count, '' AS fates FROM n"
        )
    database.close()
    with pytest.raises(UsageError, match="other tables"):
        Store(path, ENSEMBLE)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One file of every format that is read, by its name."""
    folder = tmp_path_factory.mktemp("whole")
    write_experiment(EXPERIMENT, folder / "experiment.toml")
    write_points(folder / "points.csv", EXPERIMENT.load_data())
    write_settings(Settings(geometry=(1, 2, 3, 4), folder="/home"), folder / "window.json")
    with Store(folder / "x.shards", ENSEMBLE) as store:
        for shard in shards(ENSEMBLE):
            store.add(shard, train_shard(ENSEMBLE, shard))
    recipe = format_experiment(SMALL)
    for suffix, writer in FORMATS.items():
        path = export(writer, folder / f"x{suffix}", recipe, frames=1)
        if path.is_dir():
            (frame,) = path.iterdir()
            frame.rename(folder / "frame.png")
            path.rmdir()
    return {file.name: file.read_bytes() for file in folder.iterdir()}


NAMES = ["experiment.toml", "points.csv", "window.json", "x.shards"] + [
    f"x{suffix}" for suffix in FORMATS
]


def broken(content: bytes) -> Iterator[bytes]:
    """Yield a file cut off at each twentieth of its length, and what is no such file at all."""
    for twentieth in range(20):
        yield content[: len(content) * twentieth // 20]
    yield from (b"\0" * 1000, NOISE, DEEP, b"{" * 100_000, b"format = 1\ntitle = " + DEEP)
    yield content[:64] + NOISE


@pytest.mark.parametrize("name", NAMES)
def test_truncated_files_are_read_or_refused(
    name: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / name
    exported: Callable[[bytes], None] = partial(try_reading, "exported")
    readers: dict[str, Callable[[bytes], None]] = {
        "experiment.toml": partial(try_reading, "experiment"),
        "points.csv": partial(try_reading, "points"),
        "window.json": partial(settle, path),
        "x.shards": partial(resume, path),
    }
    reader = readers.get(name, exported)
    content = whole.get(name) or whole["frame.png"]
    for each in broken(content):
        reader(each)


def settle(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert isinstance(read_settings(path), Settings)


def resume(path: Path, content: bytes) -> None:
    """Read finished shards; those that a file has lost are trained again, none comes out wrong."""
    path.write_bytes(content)
    with suppress(UsageError), Store(path, ENSEMBLE) as store:
        for shard, results in store.finished():
            equal(results, train_shard(ENSEMBLE, shard))


@pytest.mark.slow
def test_broken_files_leave_the_window_unchanged(
    open_window: Open, qtbot: QtBot, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """Every format, broken in every way, opened one after the other in one window."""
    window = open_window()
    window.player.seek(70)
    scene, experiment = window.scene, window.document.experiment
    for name in NAMES:
        content = whole.get(name) or whole["frame.png"]
        path = tmp_path / name
        for each in broken(content):
            path.write_bytes(each)
            window.open_file(str(path))
            if window.document.experiment is experiment:
                assert name in window.message
                assert (window.scene, window.player.index) == (scene, 70)
                assert not window.document.undo_text
            else:  # what is cut off may say all there is to say
                assert name in ("experiment.toml", "points.csv") or (
                    window.document.experiment == SMALL
                )
                window.document.undo()
                wait_for_training(window, qtbot)
                window.player.seek(70)
                scene = window.scene
    window.open_file(str(tmp_path / "none.toml"))
    assert "there is no such file" in window.message
