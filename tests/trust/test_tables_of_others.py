"""Tables of points from other programs, and experiments that name one."""

import shutil
import sys
from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.experiment.experiment import Experiment, TrainingSpec
from engine.library.experiment_file import read_experiment
from tests.gui.windows import Open
from tests.trust.programs import assert_refused, names, run

SMALL = Experiment(training=TrainingSpec(steps=3))
TABLES = {
    "comma": b"x1,x2,y\n-1,0.5,1\n2,-3e-3,0\n",
    "mark": b"\xef\xbb\xbfx1,x2,y\n-1,0.5,1\n2,-3e-3,0\n",
    "semicolons": b"x1;x2;y\n-1;0,5;1\n2;-0,003;0\n",
    "returns": b"x1,x2,y\r\n-1,0.5,1\r\n2,-3e-3,0\r\n",
    "all": b"\xef\xbb\xbfx1;x2;y\r\n-1;0,5;1\r\n2;-0,003;0\r\n\r\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_common_forms_of_tables_are_read(open_window: Open, tmp_path: Path, name: str) -> None:
    (tmp_path / "points.csv").write_bytes(TABLES[name])
    file = tmp_path / "x.toml"
    file.write_text('format = 1\n[data]\nfile = "points.csv"\n[training]\nsteps = 2\n')
    window = open_window(SMALL)
    window.open_file(str(file))
    assert window.document.experiment.data.points == ((-1.0, 0.5, 1.0), (2.0, -0.003, 0.0))


@pytest.mark.skipif(sys.platform == "win32", reason="a file with a hole takes its whole size there")
def test_ragged_and_huge_tables_are_refused(tmp_path: Path) -> None:
    table, file = tmp_path / "points.csv", tmp_path / "x.toml"
    file.write_text('format = 1\n[data]\nfile = "points.csv"\n')
    table.write_bytes(b"x1,x2,y\n1,2,0\n1,2\n")
    words = "line 3: expected 3 columns as in line 1, got 2"
    assert_refused(run("run", file, cwd=tmp_path), 2, words)
    with table.open("wb") as sparse:
        sparse.truncate(2**30)
    under = ("prlimit", f"--as={2**30}") if shutil.which("prlimit") else ()
    assert_refused(run("run", file, cwd=tmp_path, under=under), 2, "is larger than 64 MiB")
    assert names(tmp_path) == ["points.csv", "x.toml"]


@pytest.mark.parametrize("name", ["//host/x.csv", r"\\host\x", r"\\?\UNC\host\x"])
def test_files_on_other_computers_are_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"format = 1\n[data]\nfile = '{name}'")
    with pytest.raises(UsageError, match=r"data\.file: names a file on another computer"):
        read_experiment(file)


def test_the_content_of_other_files_is_not_printed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:x:0:0\nsomebody:y:1:1\n")
    file = tmp_path / "inside" / "mine.toml"
    file.parent.mkdir()
    file.write_text("format = 1\n[data]\nfile = '../secret'")
    assert_refused(run("run", file, cwd=tmp_path), 2, "data.file:")
    (tmp_path / "points.csv").write_text("x1,x2,y\n-1,0,0\n2,3,1\n")
    for name in ("../points.csv", tmp_path / "points.csv"):
        file.write_text(f"format = 1\n[data]\nfile = '{name}'")
        assert read_experiment(file).data.count == 2
