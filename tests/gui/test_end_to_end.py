"""The program in a real window under Xvfb, with real keys and a real mouse."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.library.experiment_file import read_experiment

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
NEEDED = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(NEEDED), reason=f"not installed: {', '.join(NEEDED)}"),
]


Picture = NDArray[np.uint8]


def same(picture: Picture, other: Picture) -> bool:
    """Whether two pictures are the same, pixel for pixel."""
    return bool((picture == other).all())


@dataclass
class Screen:
    """A separate display, and the picture on it."""

    name: str
    framebuffer: Path

    def environment(self, home: Path) -> dict[str, str]:
        stored = {name: text for name, text in os.environ.items() if name != "QT_QPA_PLATFORM"}
        stored.pop("WAYLAND_DISPLAY", None)
        return stored | {
            "DISPLAY": self.name,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "QT_QPA_PLATFORM": "xcb",
        }

    def xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=os.environ | {"DISPLAY": self.name},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout.strip()

    def picture(self) -> Picture:
        """The pixels of the screen, from the file that Xvfb keeps them in (the format of xwd)."""
        content = self.framebuffer.read_bytes()
        header = struct.unpack_from(">25I", content)
        return np.frombuffer(content, np.uint8, offset=header[0] + 12 * header[19])

    def settled(self, accept: Callable[[Picture], bool] = lambda picture: True) -> Picture:
        """The picture, once it has stood still for a moment and is accepted."""
        deadline = time.monotonic() + PATIENCE
        before = self.picture()
        while time.monotonic() < deadline:
            time.sleep(0.35)
            now = self.picture()
            if (now == before).all() and accept(now):
                return now
            before = now
        raise AssertionError("the screen did not come to show what was expected")


@dataclass
class Program:
    """The running program and its window."""

    screen: Screen
    process: subprocess.Popen[str]
    window: str
    home: Path

    def press(self, *keys: str) -> None:
        self.screen.xdotool("windowfocus", "--sync", self.window)
        self.screen.xdotool("key", *keys)

    @property
    def title(self) -> str:
        return self.screen.xdotool("getwindowname", self.window)

    def wait_for_title(self, title: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.title != title and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.title == title


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    folder = tmp_path_factory.mktemp("screen")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp", "-noreset"]  # noqa: RUF005
        + ["-screen", "0", "1300x820x24", "-fbdir", str(folder)],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as answer:
        number = answer.readline().strip()
    try:
        assert number, "Xvfb did not start"
        yield Screen(f":{number}", folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(PATIENCE)


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Return what starts the program and waits for its window."""
    processes: list[subprocess.Popen[str]] = []

    def start(*words: str, title: str = "Zero against random") -> Program:
        process = subprocess.Popen(
            [sys.executable, "main.py", *words],
            cwd=ROOT,
            env=screen.environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        window = screen.xdotool("search", "--sync", "--onlyvisible", "--name", f"^{title}")
        # Away from whatever lights up below the pointer.
        screen.xdotool("mousemove", "700", "815")
        return Program(screen, process, window.split()[0], tmp_path)

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_lecture_steps_plays_scrubs_and_quits(
    start: Callable[..., Program], screen: Screen
) -> None:
    """Step forward and back, jump, play and pause, scrub, change and undo, and quit."""
    program = start()
    assert program.title == "Zero against random — Initscope"
    first = screen.settled(lambda picture: len(np.unique(picture)) > 100)

    program.press("Right")
    second = screen.settled(lambda picture: not same(picture, first))
    program.press("Right")
    screen.settled(lambda picture: not same(picture, first) and not same(picture, second))
    program.press("Left")
    screen.settled(lambda picture: same(picture, second))
    program.press("End")
    last = screen.settled(lambda picture: not same(picture, first) and not same(picture, second))
    program.press("Home")
    screen.settled(lambda picture: same(picture, first))

    program.press("space")
    seen: set[bytes] = set()
    deadline = time.monotonic() + PATIENCE
    while len(seen) < 4 and time.monotonic() < deadline:
        seen.add(screen.picture().tobytes())
    assert len(seen) >= 4
    program.press("space")
    paused = screen.settled()
    assert not same(paused, first)
    assert not same(paused, last)
    program.press("Home")
    screen.settled(lambda picture: same(picture, first))

    place = dict(
        line.split("=")
        for line in screen.xdotool("getwindowgeometry", "--shell", program.window).splitlines()
    )
    bottom = int(place["Y"]) + int(place["HEIGHT"])
    screen.xdotool("mousemove", "500", str(bottom - 58), "click", "1", "mousemove", "700", "815")
    scrubbed = screen.settled(lambda picture: not same(picture, first))
    program.press("Home")
    screen.settled(lambda picture: same(picture, first))
    assert not same(scrubbed, last)

    program.press("ctrl+d")
    program.wait_for_title("Zero against random* — Initscope")
    screen.settled(lambda picture: not same(picture, first))
    program.press("ctrl+z")
    program.wait_for_title("Zero against random — Initscope")
    program.press("ctrl+q")
    output, _ = program.process.communicate(timeout=PATIENCE)
    assert (program.process.returncode, output) == (0, "")
    stored = json.loads((program.home / "config" / "initscope" / "window.json").read_text())
    assert stored["geometry"][2:] == [1280, 760]


SYMMETRIC = """
format = 1
title = "Alike"
[data]
name = "circles"
samples = 64
[training]
learning_rate = 2.0
steps = 700
[[run]]
name = "equal"
init = { scheme = "constant", value = 0.5 }
"""


def test_unsaved_edits_are_recovered_after_a_kill(
    start: Callable[..., Program], screen: Screen, tmp_path: Path
) -> None:
    """Nudge by 10⁻¹² at frame 50, see what comes of it, undo, save, be killed, go on."""
    path = tmp_path / "alike.toml"
    path.write_text(SYMMETRIC, encoding="utf-8")
    program = start(str(path), title="Alike")
    screen.settled(lambda picture: len(np.unique(picture)) > 100)
    program.press(*["shift+Right"] * 5)
    alike = screen.settled()

    program.press("s")
    program.wait_for_title("Alike* — Initscope")
    nudged = screen.settled(lambda picture: not same(picture, alike))
    program.press("n")
    screen.settled(lambda picture: not same(picture, nudged))  # to where the units part
    program.press("ctrl+z")
    program.wait_for_title("Alike — Initscope")
    program.press("Home", *["shift+Right"] * 5)
    # The marks of the edit and of the broken symmetry are gone from the timeline as well.
    screen.settled(lambda picture: same(picture, alike))

    program.press("ctrl+shift+z")
    program.wait_for_title("Alike* — Initscope")
    program.press("ctrl+s")
    program.wait_for_title("Alike — Initscope")
    (run,) = read_experiment(path).runs
    assert [(edit.step, edit.parameter) for edit in run.edits] == [(50, "W1")]
    assert run.edits[0].value != 0.5

    program.press("ctrl+d")
    program.wait_for_title("Alike* — Initscope")
    time.sleep(10.0)  # no more may be lost
    program.process.kill()
    program.process.wait(PATIENCE)
    again = start(title="Alike")
    again.wait_for_title("Alike* — Initscope")
    again.press("ctrl+s")
    again.wait_for_title("Alike — Initscope")
    assert [edit.step for edit in read_experiment(path).runs[1].edits] == [50]
    again.press("ctrl+q")
    assert again.process.wait(PATIENCE) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_during_training_ends_the_program(
    start: Callable[..., Program], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    path = tmp_path / "long.toml"
    path.write_text('format = 1\ntitle = "Long"\n[training]\nsteps = 5000000\n')
    program = start(str(path), title="Long")
    time.sleep(1.0)
    program.process.send_signal(number)
    output, _ = program.process.communicate(timeout=PATIENCE)
    assert (program.process.returncode, output) == (code, "")
