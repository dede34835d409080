"""The consumer thread: order, errors and the end."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import pytest

from engine.errors import InitscopeError
from gui.background.consumer_thread import CAPACITY, ConsumerThread
from gui.export.formats.registry import FORMATS
from gui.export.formats.writer import Pixels, Writer
from tests.gui.export.pictures import RECIPE, SIZE, card, read


class SlowWriter(Writer):
    """Writes one byte a frame, in its own time; fails at frame `fails_at`."""

    suffix = ".slow"
    title = "Slow"
    encoder = "png"
    fastest = Fraction(60)
    fails_at = -1

    @staticmethod
    def recognises(head: bytes) -> bool:
        return False

    @staticmethod
    def texts(file: BinaryIO) -> list[str]:
        return []

    def _open(self, resources: ExitStack) -> None:
        self.threads: set[str] = set()
        self._file = resources.enter_context(self.path.open("wb"))

    def _add(self, pixels: Pixels, number: int) -> None:
        self.threads.add(threading.current_thread().name)
        time.sleep(0.01)
        if number == self.fails_at:
            raise OSError(28, "No space left on device")
        self._file.write(pixels[0, 0, :1].tobytes())

    def _close(self) -> None:
        pass


def slow_writer(path: Path, frames: int) -> SlowWriter:
    return SlowWriter(path, SIZE, Fraction(30), frames, RECIPE)


def encode(writer: Writer, numbers: Iterable[int]) -> None:
    with ConsumerThread(writer, "encoder") as encoder:
        for number in numbers:
            encoder.add(numbered(number))


def numbered(number: int) -> Pixels:
    pixels = card(0)
    pixels[0, 0, 0] = number
    return pixels


def test_items_are_consumed_in_order_in_one_thread(tmp_path: Path) -> None:
    writer = slow_writer(tmp_path / "x.slow", 30)
    encode(writer, range(30))
    assert (tmp_path / "x.slow").read_bytes() == bytes(range(30))
    assert writer.threads == {"encoder"}
    assert not [thread for thread in threading.enumerate() if thread.name == "encoder"]


def test_at_most_the_capacity_of_items_waits(tmp_path: Path) -> None:
    writer = slow_writer(tmp_path / "x.slow", 30)
    with ConsumerThread(writer, "encoder") as encoder:
        for number in range(30):
            encoder.add(numbered(number))
            assert number - writer.added <= CAPACITY + 1


@pytest.mark.parametrize("fails_at", [0, 5, 29])
def test_an_error_is_raised_and_leaves_nothing(fails_at: int, tmp_path: Path) -> None:
    writer = slow_writer(tmp_path / "x.slow", 30)
    writer.fails_at = fails_at
    with pytest.raises(InitscopeError, match=r"cannot write .*: no space left on device"):
        encode(writer, range(30))
    assert not list(tmp_path.iterdir())
    assert not [thread for thread in threading.enumerate() if thread.name == "encoder"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_exception_aborts_and_leaves_the_older_target(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"x{suffix}"
    target.write_text("old")
    writer = FORMATS[suffix](target, SIZE, Fraction(30), 30, RECIPE, overwrite=True)

    def interrupted() -> Iterator[int]:
        yield from range(7)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode(writer, interrupted())
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_text() == "old"


def test_missing_frames_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InitscopeError, match="1 of 30 frames"):
        encode(slow_writer(tmp_path / "x.slow", 30), [0])
    assert not list(tmp_path.iterdir())


def test_a_file_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    encode(FORMATS[".mp4"](path, SIZE, Fraction(30), 9, RECIPE), range(9))
    assert len(read(path).frames) == 9


def test_an_interrupt_while_the_consumer_finishes_aborts_it(tmp_path: Path) -> None:
    calls = 0

    def interrupt() -> None:
        nonlocal calls
        calls += 1
        if calls == 31:  # all frames are handed over by then
            raise KeyboardInterrupt

    writer = slow_writer(tmp_path / "x.slow", CAPACITY)
    with pytest.raises(KeyboardInterrupt), ConsumerThread(writer, "encoder", interrupt) as encoder:  # noqa: PT012
        for number in range(CAPACITY):
            encoder.add(numbered(number))
        calls = 30
    assert not list(tmp_path.iterdir())


def test_a_finished_consumer_is_not_aborted(tmp_path: Path) -> None:
    writer = slow_writer(tmp_path / "x.slow", 2)

    def interrupt() -> None:
        if writer.added == 2:
            while writer.path.exists():
                time.sleep(0.01)
            raise KeyboardInterrupt

    with ConsumerThread(writer, "encoder", interrupt) as encoder:
        for number in range(2):
            encoder.add(numbered(number))
    assert (tmp_path / "x.slow").read_bytes() == bytes(range(2))
