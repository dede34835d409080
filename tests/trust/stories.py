"""Scenarios; ``python -m tests.trust.stories NAME NUMBER`` prints the results as JSON."""

import gc
import json
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog

import main as program
from engine.editing.paths import edited
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment.specs import MAX_EXAMPLES
from engine.library.experiment_file import read_experiment, write_experiment
from engine.nn.initializers import Normal
from engine.points import write_points
from gui.app import make_application
from gui.background import trainer
from gui.document.data_files import DataFiles
from gui.document.opening import Opened
from gui.export.dialogs.animation_dialog import AnimationDialog
from gui.export.dialogs.single_frame_dialog import SingleFrameDialog
from gui.main_window import MainWindow
from gui.panels.base import field_image
from gui.panels.training.gradient_rows import GradientRowsPanel
from gui.stage.catalogue import PANELS
from gui.widgets.message_bar import MessageBar
from tests.gui.windows import act
from tests.trust.story import Figures, Lateness, Story, Wait, left, passed, trained

SETTLED = 5
"""After one in this number of repetitions, objects created once, such as fonts, exist."""
LARGEST = Experiment(
    title="largest",
    data=DataSpec(name="moons", samples=3000),
    network=NetworkSpec(layers=(2, 1024, 1024, 1024, 1)),
    training=TrainingSpec(steps=30),
    runs=(Run(init=Normal(scale=0.1)),),
)
"""A step of it takes about as long as one may, seconds."""
PREPARING = tuple(name for name, kind in PANELS.items() if kind.prepares)
"""The panels that have more to work out than the frame."""
WARM_UP = 50
"""The number of frames after which the caches of frames are full."""
NAMES = ("zero-vs-random", "constant", "deep-tanh", "saturation-scale", "perceptron-xor")


def reopen(window: MainWindow, times: int) -> Story:
    """Open, train again, change, undo, and open and close dialogs, many times."""
    early: Figures = {}
    for number in range(times):
        window.open_file(NAMES[number % len(NAMES)])
        yield from trained(window)
        experiment = window.document.experiment
        if experiment.uses("training"):
            window.document.apply(edited(experiment, {("training", "steps"): 50}), "Change steps")
            yield from trained(window)
            window.player.seek(7 * number % 50)
            act(window, "undo")
        for name in ("export", "help", "open", "save_as"):
            act(window, name)
            yield
            for dialog in window.findChildren(QDialog):
                dialog.close()
        yield from trained(window)
        yield
        if number == max(len(NAMES), times // SETTLED) - 1:  # what is open in the end, too
            yield from passed(0.1)
            early = left(window)
    yield from passed(0.1)
    return {"early": early, "late": left(window)}


def play(window: MainWindow, seconds: int) -> Story:
    """Play at top speed, over and over."""
    window.player.set_speed(64.0)
    window.player.set_loop(True)
    window.document.apply(
        edited(window.document.experiment, {("training",): TrainingSpec(steps=20_000)}), "More"
    )
    yield from trained(window)
    shown = [0]
    window.view.painted.connect(lambda: shown.__setitem__(0, shown[0] + 1))
    window.player.play()
    lateness = Lateness()
    lateness.start()
    early: Figures = {}
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        if not early and time.perf_counter() - began > seconds / SETTLED:
            early = left(window)
        yield
    return {
        "early": early,
        "late": left(window),
        "lateness": lateness.stop(),
        "pictures a second": round(shown[0] / seconds, 1),
    }


def frames(window: MainWindow, times: int) -> Story:
    """Show one frame after the other, and count who refers to None."""
    yield from trained(window)
    painted: list[int] = []
    window.view.painted.connect(lambda: painted.append(window.player.index))
    before = 0
    for number in range(-WARM_UP, times):
        if number == 0:
            gc.collect()
            before = sys.getrefcount(None)
        del painted[:]
        window.player.seek(number % 401)
        while not painted:
            yield
    gc.collect()
    return {"drift": sys.getrefcount(None) - before, "frames": times}


def late(window: MainWindow, seconds: int) -> Story:
    """Train, export, open large files, and tell how late the event loop was meanwhile."""
    lateness, found = Lateness(), {}

    def noted(name: str, wait: Wait) -> Wait:
        lateness.start()
        yield from wait
        found[name] = lateness.stop()

    with TemporaryDirectory() as name:
        folder = Path(name)
        for title in ("deep-relu", "wide-equal"):
            window.open_file(title)
            yield from trained(window)
            yield from noted(f"training {title}", trained_on(window, seconds))
            for suffix in (".svg", ".pdf", ".png"):
                still = frame_exported(window, folder / f"x{suffix}")
                yield from noted(f"exporting a frame of {title}, {suffix}", still)
        window.open_file("zero-vs-random")
        yield from trained(window)
        yield from noted("exporting", exported(window, folder / "x.mp4"))
        large = large_experiment(folder / "large.toml")
        yield from noted("opening", opened(window, large))
        yield from noted("showing what was opened", shown(window, "large"))
        yield from noted("exporting what was opened", exported(window, folder / "large.mp4"))
        window.open_file("zero-vs-random")
        yield from trained(window)
        points = folder / "large.csv"
        write_points(points, read_experiment(large).load_data())
        yield from passed(1)
        yield from noted("importing", imported(window, points))
    window.document.open(Opened(LARGEST))
    yield from noted("training the largest network", followed(window, seconds))
    explained = edited(LARGEST, {("panels",): PREPARING})
    window.document.apply(explained, "Explain")
    yield from noted("explaining it", followed(window, 3 * seconds))
    act(window, "export")
    yield from noted("previewing and estimating it", passed(4 * seconds))
    return found


def trained_on(window: MainWindow, seconds: float) -> Wait:
    """Train very many steps more, so long, and follow."""
    more = edited(window.document.experiment, {("training", "steps"): 5_000_000})
    window.document.apply(more, "Train on")
    window.player.set_follow(True)
    yield from passed(seconds)


def followed(window: MainWindow, seconds: float) -> Wait:
    """Train twice as long, and follow so long."""
    yield from passed(2 * seconds)
    window.player.set_follow(True)
    yield from passed(seconds)
    window.player.set_follow(False)


def opened(window: MainWindow, path: Path) -> Wait:
    """Open a large file, until it has been read."""
    window.open_file(str(path))
    while window.document.experiment.title != path.stem:
        yield


def shown(window: MainWindow, title: str) -> Wait:
    """Wait until what has this title is shown, and a while longer."""
    while window.scene is None or window.scene.experiment.title != title:
        yield
    yield from passed(2)


def imported(window: MainWindow, path: Path) -> Wait:
    """Import as many points as there may be."""
    files = window.findChild(DataFiles)
    assert files
    files.import_from(str(path))
    while window.document.experiment.data.count != MAX_EXAMPLES:
        yield


def frame_exported(window: MainWindow, path: Path) -> Wait:
    """Export one frame, after a look at the preview."""
    act(window, "export_frame")
    dialog = window.findChild(SingleFrameDialog)
    assert dialog
    dialog.form.file.path.setText(str(path))
    yield from passed(1)
    dialog.export_button.click()
    while not dialog.message.text().startswith("Written"):
        yield
    dialog.close()
    yield from passed(0.1)  # until it is deleted


def exported(window: MainWindow, path: Path) -> Wait:
    """Export, after a look at the preview and how large it will be."""
    act(window, "export")
    dialog = window.findChild(AnimationDialog)
    assert dialog
    dialog.form.file.path.setText(str(path))
    while "about" not in dialog.summary.text():
        yield
    dialog.export_button.click()
    while not dialog.message.text().startswith("Written"):
        yield
    dialog.close()


def large_experiment(path: Path) -> Path:
    """Write an experiment of as many points as there may be."""
    rng = np.random.Generator(np.random.PCG64(0))
    points = [
        (*x, float(y))
        for x, y in zip(
            rng.normal(size=(MAX_EXAMPLES, 2)).tolist(),
            rng.integers(0, 2, MAX_EXAMPLES).tolist(),
            strict=True,
        )
    ]
    experiment = Experiment(
        title="large", data=DataSpec(points=tuple(points)), training=TrainingSpec(steps=5)
    )
    write_experiment(experiment, path)
    return path


def faults(window: MainWindow, frame: int) -> Story:
    """Let a slot, the worker, a panel that draws and one that paints fail, and go on each time."""
    yield from trained(window)
    reported: Figures = {}

    def fail(*_: object, **__: object) -> NoReturn:
        raise ZeroDivisionError("on purpose")

    def told_of(fault: str) -> Wait:
        yield from passed(0.1)
        reported[fault] = window.message
        bar = window.findChild(MessageBar)
        assert bar
        bar.hide()

    QTimer.singleShot(0, fail)
    yield from told_of("slot")
    for where, name, fault in (
        (GradientRowsPanel, "draw", "draw"),
        (field_image, "paint_image", "paint"),
        (trainer, "open_scene", "worker"),
    ):
        with patch.object(where, name, fail):
            if fault == "worker":
                act(window, "reseed")
            window.player.seek(window.player.index + 5)
            yield from told_of(fault)
        window.stage.set_theme(window.stage.theme)
        window.player.seek(window.player.index + 5)
        yield from told_of(f"after {fault}")
    act(window, "undo")
    yield from trained(window)
    window.player.seek(frame)
    yield from passed(0.1)
    reported["index"] = window.player.index
    reported["as before"] = window.document.undo_text == ""
    return reported


def close(window: MainWindow, milliseconds: int) -> Story:
    """Close after so long, whatever happens then."""
    yield from passed(milliseconds / 1000)
    return {"training": window.trainer.is_training}


def leave(window: MainWindow, milliseconds: int) -> Story:
    """Close while a large file is being read."""
    yield from trained(window)
    with TemporaryDirectory() as folder:
        window.open_file(str(large_experiment(Path(folder, "large.toml"))))
        yield from passed(milliseconds / 1000)
        return {"reading": "reading" in {thread.name for thread in threading.enumerate()}}


STORIES: dict[str, Callable[[MainWindow, int], Story]] = {
    story.__name__: story for story in (reopen, play, frames, late, faults, close, leave)
}


def main() -> int:
    """Start the program, have the story happen, and close."""
    name, number, *words = sys.argv[1:]
    application = make_application()
    running: list[Story] = []

    def go_on() -> None:
        windows = [each for each in application.topLevelWidgets() if isinstance(each, MainWindow)]
        if not windows:
            return
        if not running:
            running.append(STORIES[name](windows[0], int(number)))
        try:
            next(running[0])
        except StopIteration as end:
            print(json.dumps(end.value), flush=True)
            timer.stop()
            windows[0].close_without_asking()
        except BaseException:
            traceback.print_exc()
            application.exit(1)

    timer = QTimer()
    timer.timeout.connect(go_on)
    timer.start(1)
    return program.main(words)


if __name__ == "__main__":
    sys.exit(main())
