"""The trainer: cancels within a step, drops the reports of replaced trainings, ends its threads."""

import logging
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment, TrainingSpec
from engine.training.comparison import Comparison, compare
from gui.background import trainer as trainer_module
from gui.background.trainer import Trainer

SHORT = Experiment(title="short", training=TrainingSpec(steps=20))
LONG = Experiment(title="long", training=TrainingSpec(steps=3_000_000))


@pytest.fixture
def trainer(qapp: object) -> Iterator[Trainer]:
    trainer = Trainer()
    yield trainer
    trainer.stop()


def training_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "training"]


def test_trainer_reports_a_short_training_once_complete(trainer: Trainer, qtbot: QtBot) -> None:
    reports: list[tuple[str, object, bool]] = []
    trainer.started.connect(lambda c: reports.append(("began", c, c.is_complete)))
    trainer.finished.connect(lambda c: reports.append(("ended", c, c.is_complete)))
    with qtbot.waitSignal(trainer.finished):
        trainer.start(SHORT)
    assert [(what, complete) for what, _, complete in reports] == [("began", True), ("ended", True)]
    comparison = reports[0][1]
    assert isinstance(comparison, Comparison)
    assert comparison is reports[1][1]
    assert not trainer.is_training
    expected = compare(SHORT)
    for got, wanted in zip(comparison.recordings, expected.recordings, strict=True):
        assert (got.parameters(0, 21) == wanted.parameters(0, 21)).all()


def test_started_comes_before_a_long_training_is_complete(trainer: Trainer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(trainer.started) as began:
        trainer.start(LONG)
    comparison = began.args[0]
    assert comparison.last_index >= 0
    assert not comparison.is_complete
    before = comparison.last_index
    qtbot.waitUntil(lambda: comparison.last_index > before)
    assert trainer.is_training


def test_started_waits_for_the_first_frame_to_be_shown(
    trainer: Trainer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_module, "LONGEST_GRACE_SECONDS", 20.0)
    with qtbot.waitSignal(trainer.started, timeout=20_000) as began:
        trainer.start(LONG, 20_000)
    assert began.args[0].last_index >= 20_000
    assert trainer.is_training
    monkeypatch.setattr(trainer_module, "LONGEST_GRACE_SECONDS", 0.0)
    with qtbot.waitSignal(trainer.started) as began:
        trainer.start(LONG, 2_000_000)  # not if that takes long
    assert trainer.is_training


def test_replaced_training_emits_no_signals(trainer: Trainer, qtbot: QtBot) -> None:
    titles: list[str] = []
    trainer.started.connect(lambda c: titles.append(f"began {c.experiment.title}"))
    trainer.finished.connect(lambda c: titles.append(f"ended {c.experiment.title}"))
    for number in range(30):
        trainer.start(SHORT.replace(title=str(number)))
    with qtbot.waitSignal(trainer.finished):
        trainer.start(SHORT)
    qtbot.wait(50)
    assert titles == ["began short", "ended short"]


def test_start_does_not_wait_for_the_replaced_training(trainer: Trainer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(trainer.started):
        trainer.start(LONG)
    with qtbot.waitSignal(trainer.finished, timeout=3000):
        trainer.start(SHORT)
    qtbot.waitUntil(lambda: not training_threads())


def test_stop_ends_the_training_within_a_step(trainer: Trainer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(trainer.started) as began:
        trainer.start(LONG)
    trainer.stop()
    frames = [len(recording) for recording in began.args[0].recordings]
    assert not training_threads()
    qtbot.wait(30)
    assert [len(recording) for recording in began.args[0].recordings] == frames


def test_stop_without_a_training_does_nothing(trainer: Trainer) -> None:
    trainer.stop()
    trainer.start(LONG)
    trainer.stop()
    trainer.stop()
    assert not training_threads()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InitscopeError("the data are gone"), "the data are gone"),
        (MemoryError(), "training: not enough memory; use fewer steps or smaller layers"),
        (ZeroDivisionError("by nought"), "training stopped: by nought"),
    ],
)
def test_failed_carries_the_reason(
    trainer: Trainer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    sentence: str,
) -> None:
    def fail(experiment: Experiment) -> Comparison:
        raise error

    monkeypatch.setattr(trainer_module, "open_scene", fail)
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(trainer.failed) as failed:
        trainer.start(SHORT)
    assert failed.args == [sentence]
    assert ("by nought" in caplog.text) == isinstance(error, ZeroDivisionError)
    assert not trainer.is_training
    monkeypatch.undo()
    with qtbot.waitSignal(trainer.finished):
        trainer.start(SHORT)


def test_deleting_the_trainer_ends_its_thread(qtbot: QtBot) -> None:
    trainer = Trainer()
    with qtbot.waitSignal(trainer.started):
        trainer.start(LONG)
    thread = trainer.thread_of_training
    assert thread is not None
    trainer.deleteLater()
    QCoreApplication.sendPostedEvents(trainer, QEvent.Type.DeferredDelete.value)
    thread.join(5)
    assert not thread.is_alive()


def frames_of(scene: object) -> int:
    assert isinstance(scene, Comparison)
    return sum(len(recording) for recording in scene.recordings)


def test_pause_lets_no_chunk_start_until_resume(
    trainer: Trainer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_module, "PATIENCE_SECONDS", 3600.0)
    with qtbot.waitSignal(trainer.started) as began:
        trainer.start(LONG)
    trainer.pause()
    qtbot.wait(100)  # what had begun has ended
    held = frames_of(began.args[0])
    qtbot.wait(100)
    assert frames_of(began.args[0]) == held
    trainer.resume()
    qtbot.waitUntil(lambda: frames_of(began.args[0]) > held)
    trainer.pause()
    qtbot.wait(20)
    trainer.stop()  # does not wait for what never comes
    assert not training_threads()


def test_training_waits_only_once_for_a_resume_that_never_comes(
    trainer: Trainer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_module, "PATIENCE_SECONDS", 0.5)
    with qtbot.waitSignal(trainer.started) as began:
        trainer.start(LONG)
    trainer.pause()
    qtbot.wait(700)
    before = frames_of(began.args[0])
    trainer.pause()
    qtbot.waitUntil(lambda: frames_of(began.args[0]) > before, timeout=400)
