"""The renderer: exact sizes, separate buffers, and errors that end an export cleanly."""

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from threading import enumerate as threads

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.errors import InitscopeError
from engine.experiment.experiment import Experiment, TrainingSpec
from engine.generators import drain
from engine.training.comparison import Comparison, compare
from gui.export.estimate import estimate, size_text
from gui.export.formats.video import Mp4Writer
from gui.export.plan import ExportPlan, FrameRange
from gui.export.renderer import Renderer, export_frames, render_frames, spread

SIZE = (320, 180)


@pytest.fixture
def comparison(qtbot: QtBot) -> Comparison:
    return compare(Experiment(training=TrainingSpec(steps=40)))


@pytest.mark.parametrize("size", [(320, 180), (333, 217), (1920, 1080), (16, 16)])
def test_pictures_have_exactly_the_size_of_the_plan(
    comparison: Comparison, size: tuple[int, int]
) -> None:
    pixels = Renderer(comparison, ExportPlan(Path("x.gif"), size=size)).pixels(3)
    assert pixels.shape == (size[1], size[0], 4)
    assert pixels.flags.owndata
    assert (pixels[..., 3] == 255).all()


def test_frames_do_not_depend_on_earlier_frames(comparison: Comparison) -> None:
    renderer = Renderer(comparison, ExportPlan(Path("x.gif"), size=SIZE))
    first = renderer.pixels(7)
    renderer.pixels(30)
    assert np.array_equal(renderer.pixels(7), first)
    assert not np.array_equal(renderer.pixels(30), first)


def test_a_repeated_frame_is_rendered_once(comparison: Comparison) -> None:
    renderer = Renderer(comparison, ExportPlan(Path("x.gif"), size=SIZE))
    frames = list(render_frames(renderer, [0, 0, 5, 5, 5, 0]))
    assert frames[0] is frames[1]
    assert frames[2] is frames[4]
    assert np.array_equal(frames[0], frames[5])


def test_spread_selects_evenly_spaced_indices() -> None:
    assert spread([4, 4, 4], 24) == [4]
    assert spread(range(1000), 3) == [0, 500, 999]
    assert spread(range(5), 0) == []


def test_progress_is_reported_and_an_exception_in_it_ends_the_export(
    comparison: Comparison, tmp_path: Path
) -> None:
    plan = ExportPlan(tmp_path / "x.gif", size=SIZE, frames=FrameRange(0, 30, 3))
    reported: list[tuple[int, int]] = []
    assert export_frames(comparison, plan, lambda done, total: reported.append((done, total))) == 10
    assert reported == [(done, 10) for done in range(1, 11)]
    (tmp_path / "x.gif").unlink()

    def interrupt(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_frames(comparison, plan, interrupt)
    assert not list(tmp_path.iterdir())
    assert not [thread for thread in threads() if thread.name == "encoder"]


def test_a_target_that_appears_meanwhile_is_unchanged(
    comparison: Comparison, tmp_path: Path
) -> None:
    path = tmp_path / "x.gif"
    plan = ExportPlan(path, size=SIZE)

    def intrude(done: int, total: int) -> None:
        path.write_text("mine")

    with pytest.raises(InitscopeError, match="it already exists"):
        export_frames(comparison, plan, intrude)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")
def test_stored_frames_are_not_rendered_again(comparison: Comparison, tmp_path: Path) -> None:
    plan = ExportPlan(tmp_path / "x.png", size=SIZE, frames=FrameRange(0, 10), resume=True)

    def intrude(done: int, total: int) -> None:
        plan.path.mkdir(exist_ok=True)

    with pytest.raises(InitscopeError, match="it already exists") as refused:
        export_frames(comparison, plan, intrude)
    assert refused.value.__notes__ == ["10 of 10 frames are stored: --resume uses them"]
    assert not list(plan.path.iterdir())
    more = msgspec.structs.replace(plan, frames=FrameRange(0, 12), overwrite=True)
    reported: list[tuple[int, int]] = []
    assert export_frames(comparison, more, lambda done, total: reported.append((done, total))) == 12
    assert reported == [(1, 2), (2, 2)]
    assert len(list(plan.path.iterdir())) == 12
    assert list(tmp_path.iterdir()) == [plan.path]


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".apng", ".png"])
def test_estimates_are_close_to_the_size(
    suffix: str, comparison: Comparison, tmp_path: Path
) -> None:
    plan = ExportPlan(tmp_path / f"x{suffix}", size=SIZE)
    guess = drain(estimate(comparison, plan, 41))
    assert not list(tmp_path.iterdir())
    export_frames(comparison, plan)
    files: Iterator[Path] = plan.path.iterdir() if plan.path.is_dir() else iter([plan.path])
    size = sum(file.stat().st_size for file in files)
    assert 0.6 * size < guess < 1.6 * size, (size_text(guess), size_text(size))


def test_an_estimate_does_not_wait_for_the_encoder(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()
    finish = Mp4Writer.finish

    def finish_at_last(writer: Mp4Writer) -> None:
        assert gate.wait(5)
        finish(writer)

    monkeypatch.setattr(Mp4Writer, "finish", finish_at_last)
    steps = estimate(comparison, ExportPlan(tmp_path / "x.mp4", size=SIZE), 41)
    for _ in range(20):
        next(steps)
    gate.set()
    assert drain(steps) > 0


def test_a_closed_estimate_leaves_nothing(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    steps = estimate(comparison, ExportPlan(Path("x.mp4"), size=SIZE), 41)
    while not list(tmp_path.iterdir()):
        next(steps)
    steps.close()
    assert not list(tmp_path.iterdir())
    assert not [thread for thread in threads() if thread.name == "encoder"]
