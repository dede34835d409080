"""The export job reports its progress and leaves no files when it is cancelled."""

from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, TrainingSpec
from gui.background import child_process
from gui.document.opening import open_experiment
from gui.export import job as module
from gui.export.job import ExportJob
from gui.export.order import encode_job
from gui.export.plan import ExportPlan
from tests.gui.export.pictures import read

SHORT = Experiment(title="Short", training=TrainingSpec(steps=10))
LONG = Experiment(title="Long", training=TrainingSpec(steps=20_000))
SIZE = (320, 180)


def test_a_job_writes_what_the_command_writes(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "ü %d 'q.gif"
    job = ExportJob(SHORT, ExportPlan(path, size=SIZE))
    reports: list[tuple[int, int, float]] = []
    job.progress.connect(lambda *values: reports.append(values))
    with qtbot.waitSignal(job.finished, timeout=30_000):
        job.start()
    assert not job.is_running
    assert reports[-1] == (11, 11, 0.0)
    assert len(read(path).frames) == 11
    assert open_experiment(path) == SHORT
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_is_reported_as_one_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "x.gif"
    path.write_text("old")
    job = ExportJob(SHORT, ExportPlan(path, size=SIZE))
    with qtbot.waitSignal(job.failed, timeout=30_000) as caught:
        job.start()
    assert caught.args is not None
    assert caught.args[0].startswith(f"cannot write {path}: it already exists")
    assert path.read_text() == "old"


@pytest.mark.slow
@pytest.mark.parametrize("kills", [False, True])
def test_cancelling_leaves_the_older_target(
    kills: bool, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kills:  # as if the process ignored the signal
        monkeypatch.setattr(child_process, "GRACE_MILLISECONDS", 0)
    path = tmp_path / "x.mp4"
    path.write_text("old")
    job = ExportJob(LONG, ExportPlan(path, size=SIZE, overwrite=True))
    ends: list[str] = []
    for name in ("finished", "failed", "cancelled"):
        getattr(job, name).connect(lambda *_, name=name: ends.append(name))
    with qtbot.waitSignal(job.progress, timeout=30_000):
        job.start()
    assert len(list(tmp_path.iterdir())) == 2
    with qtbot.waitSignal(job.cancelled, timeout=30_000):
        job.cancel()
    assert ends == ["cancelled"]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.slow
def test_stop_waits_for_the_process(qtbot: QtBot, tmp_path: Path) -> None:
    job = ExportJob(LONG, ExportPlan(tmp_path / "x.mp4", size=SIZE))
    with qtbot.waitSignal(job.progress, timeout=30_000):
        job.start()
    job.stop()
    assert not job.is_running
    assert not list(tmp_path.iterdir())
    job.stop()


@pytest.mark.parametrize("stops", [False, True])
def test_job_cancelled_while_encoded_starts_no_process(
    stops: bool, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_encode = Event()

    def encode(experiment: Experiment, order: ExportPlan) -> bytes:
        may_encode.wait(20)
        return encode_job(experiment, order)

    monkeypatch.setattr(module, "encode_job", encode)
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    job = ExportJob(SHORT, ExportPlan(tmp_path / "x.gif"))
    job.failed.connect(lambda sentence: pytest.fail(sentence))
    job.start()
    was_running = job.is_running
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
        may_encode.set()
        if stops:
            job.stop()
    assert (was_running, job.is_running) == (True, False)
    qtbot.wait(50)  # no other signal is emitted
    assert not list(tmp_path.iterdir())


def test_a_program_that_cannot_be_started_is_reported(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    job = ExportJob(SHORT, ExportPlan(tmp_path / "x.gif"))
    with qtbot.waitSignal(job.failed, timeout=30_000) as caught:
        job.start()
    assert caught.args is not None
    assert "cannot be started" in caught.args[0]
