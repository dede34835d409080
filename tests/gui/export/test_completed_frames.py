"""Completed frames of the same pictures are reused; other files are removed."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from gui.export.formats.png import PngWriter
from gui.export.formats.staged_folder import CHECKSUMS, CompletedFrames
from tests.gui.export.pictures import RECIPE, SIZE, card
from tests.trust.programs import contents, names

PICTURES = [f"picture {number}" for number in range(5)]
FRAMES = [b"frame %d" % number for number in range(5)]


def frame(folder: Path, number: int) -> Path:
    return folder / f"frame_{number:06d}.png"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds the first four of five frames."""
    frames = CompletedFrames(tmp_path, PICTURES)
    for number in (0, 2, 1, 3):
        frames.write(number, FRAMES[number])
    return tmp_path


def held(folder: Path, pictures: list[str] = PICTURES) -> list[int]:
    frames = CompletedFrames(folder, pictures)
    found = [number for number in range(len(pictures)) if frames.has(number)]
    assert len(frames) == len(found)
    assert names(folder) == [*(frame(folder, number).name for number in found), CHECKSUMS]
    return found


def test_complete_frames_are_found(folder: Path) -> None:
    assert held(folder) == [0, 1, 2, 3]
    assert held(folder, PICTURES[:2]) == [0, 1]


def _swap(folder: Path) -> None:
    first = frame(folder, 1).read_bytes()
    frame(folder, 1).write_bytes(frame(folder, 2).read_bytes())
    frame(folder, 2).write_bytes(first)


def _link(folder: Path) -> None:
    elsewhere = folder.with_name("elsewhere.png")
    elsewhere.write_bytes(FRAMES[1])
    frame(folder, 1).unlink()
    frame(folder, 1).symlink_to(elsewhere)


def _put_folder(folder: Path) -> None:
    frame(folder, 1).unlink()
    (frame(folder, 1) / "more").mkdir(parents=True)


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        (lambda folder: frame(folder, 1).write_bytes(FRAMES[1][:-1]), [0, 2, 3]),
        (lambda folder: frame(folder, 1).write_bytes(b""), [0, 2, 3]),
        (lambda folder: frame(folder, 1).write_bytes(b"garbage"), [0, 2, 3]),
        (lambda folder: frame(folder, 1).unlink(), [0, 2, 3]),
        (lambda folder: frame(folder, 4).write_bytes(FRAMES[4]), [0, 1, 2, 3]),
        (_swap, [0, 3]),
        (_link, [0, 2, 3]),
        (_put_folder, [0, 2, 3]),
        (lambda folder: (folder / "notes.txt").write_text("other"), [0, 1, 2, 3]),
        (lambda folder: (folder / "notes").mkdir(), [0, 1, 2, 3]),
        (lambda folder: (folder / "notes").symlink_to(folder), [0, 1, 2, 3]),
        (
            lambda folder: (folder / CHECKSUMS).write_bytes((folder / CHECKSUMS).read_bytes()[:-9]),
            [0, 1, 2],
        ),
    ],
)
def test_damaged_frames_and_other_files_are_removed(
    damage: Callable[[Path], object], left: list[int], folder: Path
) -> None:
    damage(folder)
    assert held(folder) == left
    frames = CompletedFrames(folder, PICTURES)
    for number in range(5):
        if not frames.has(number):
            frames.write(number, FRAMES[number])
    assert held(folder) == [0, 1, 2, 3, 4]
    assert contents(folder)[:5] == FRAMES


@pytest.mark.parametrize("checksums", [b"", b"\x00\xff garbage\n"])
def test_without_checksums_no_frame_is_complete(checksums: bytes, folder: Path) -> None:
    (folder / CHECKSUMS).write_bytes(checksums)
    assert held(folder) == []


def test_frames_of_other_pictures_are_removed(folder: Path) -> None:
    assert held(folder, ["another", *PICTURES[1:3], PICTURES[4]]) == [1, 2]


def test_a_frame_without_checksum_is_removed(folder: Path) -> None:
    frames = CompletedFrames(folder, PICTURES)
    (folder / CHECKSUMS).unlink()
    (folder / CHECKSUMS).mkdir()
    with pytest.raises(IsADirectoryError):
        frames.write(4, FRAMES[4])
    assert not frame(folder, 4).exists()


def test_an_aborted_writer_stores_all_frames_and_the_next_adds_the_rest(tmp_path: Path) -> None:
    def writer(path: Path, **options: bool) -> PngWriter:
        return PngWriter(path, SIZE, Fraction(30), 5, RECIPE, **options)

    undisturbed = writer(tmp_path / "y.png")
    for number in range(5):
        undisturbed.add(card(number))
    undisturbed.finish()
    one = writer(tmp_path / "x.png", resume=True)
    one.resume(PICTURES, lambda: None)
    assert list(one.missing) == [0, 1, 2, 3, 4]
    for number in range(3):
        one.add(card(number))
    one.abort()
    assert one.stored == 3
    frame(one.path, 1).unlink()
    other = writer(tmp_path / "x.png", resume=True)
    other.resume(PICTURES, lambda: None)
    assert (list(other.missing), other.stored) == ([1, 3, 4], 2)
    for number in other.missing:
        other.add(card(number))
    other.finish()
    assert contents(tmp_path / "x.png") == contents(tmp_path / "y.png")
    assert names(tmp_path) == ["x.png", "y.png"]


def test_an_interrupted_check_loses_no_frames(tmp_path: Path) -> None:
    def writer() -> PngWriter:
        return PngWriter(tmp_path / "x.png", SIZE, Fraction(30), 5, RECIPE, resume=True)

    def interrupt() -> None:
        raise KeyboardInterrupt

    one = writer()
    one.resume(PICTURES, lambda: None)
    for number in range(3):
        one.add(card(number))
    one.abort()
    two = writer()
    with pytest.raises(KeyboardInterrupt):
        two.resume(PICTURES, interrupt)
    two.abort()
    assert two.stored == 3
    assert held(one.path) == [0, 1, 2]


def test_a_single_frame_is_not_stored(tmp_path: Path) -> None:
    one = PngWriter(tmp_path / "x.png", SIZE, Fraction(30), 1, RECIPE, resume=True)
    one.resume(PICTURES[:1], lambda: None)
    one.add(card(0))
    one.abort()
    assert one.stored == 0
    assert not names(tmp_path)
