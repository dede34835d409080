"""Recipes are stored in exported files and read from these only."""

import os
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import InitscopeError, UsageError
from gui.export.formats import png_chunks, webp
from gui.export.formats.format import MAX_RECIPE
from gui.export.formats.registry import FORMATS
from gui.export.formats.writer import Writer
from gui.export.recipe import read_recipe
from tests.gui.export.pictures import RECIPE, SIZE, card

ALL = pytest.mark.parametrize("writer", FORMATS.values(), ids=FORMATS)


def export(writer: type[Writer], path: Path, recipe: str = RECIPE, frames: int = 2) -> Path:
    opened = writer(path, SIZE, writer.default_fps, frames, recipe)
    for number in range(frames):
        opened.add(card(number))
    opened.finish()
    return path


def answer(path: Path) -> str:
    """What is read, or how it is refused; anything else that is raised fails the test."""
    try:
        return read_recipe(path)
    except UsageError as error:
        return str(error)


@ALL
@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        "format = 1\n",
        "format = 1\n# " + "x" * 252 + "\n",
        'format = 1\nnotes = "' + "0123456789 ü\\n" * 200_000 + '"\n',
        "format = 1\r\n\t[data]\r\n=;#\\<&>\n",
    ],
    ids=["usual", "short", "255", "long", "odd"],
)
def test_read_recipe_returns_the_written_text(
    writer: type[Writer], recipe: str, tmp_path: Path
) -> None:
    assert read_recipe(export(writer, tmp_path / f"x{writer.suffix}", recipe)) == recipe


@ALL
def test_the_format_is_recognised_by_the_content(writer: type[Writer], tmp_path: Path) -> None:
    path = export(writer, tmp_path / f"x{writer.suffix}", frames=1)
    assert read_recipe(path.rename(tmp_path / "x.toml")) == RECIPE


def test_every_frame_of_a_folder_contains_the_recipe(tmp_path: Path) -> None:
    path = export(FORMATS[".png"], tmp_path / "x.png", frames=3)
    files = list(path.iterdir())
    assert len(files) == 3
    for file in files:
        assert read_recipe(file) == RECIPE
        with Image.open(file) as image:
            assert image.text["Initscope experiment"] == RECIPE  # type: ignore[attr-defined]


@ALL
def test_a_truncated_file_is_refused_or_read(writer: type[Writer], tmp_path: Path) -> None:
    content = export(writer, tmp_path / f"x{writer.suffix}", frames=1).read_bytes()
    cut = tmp_path / "cut"
    for length in range(0, len(content), max(1, len(content) // 40)):
        cut.write_bytes(content[:length])
        assert answer(cut).startswith((RECIPE, f"{cut}: "))


@ALL
def test_a_file_with_flipped_bytes_is_refused_or_read(writer: type[Writer], tmp_path: Path) -> None:
    content = export(writer, tmp_path / f"x{writer.suffix}", frames=1).read_bytes()
    broken = tmp_path / "broken"
    for at in range(0, len(content), max(1, len(content) // 60)):
        broken.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        assert answer(broken)


@given(
    head=st.sampled_from([b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF", b"\x1a\x45\xdf\xa3", b""]),
    tail=st.binary(max_size=200),
)
def test_noise_is_refused(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, tail: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes(head + tail)
    with pytest.raises(UsageError):
        read_recipe(path)


def test_files_without_a_recipe_are_refused(tmp_path: Path) -> None:
    picture = Image.new("RGB", (32, 32), "red")
    for suffix in ("png", "gif", "webp"):
        picture.save(tmp_path / f"x.{suffix}", comment="made by another program")
        with pytest.raises(UsageError, match="contains no experiment"):
            read_recipe(tmp_path / f"x.{suffix}")
    (tmp_path / "x.mp4").write_text("format = 1\n")
    with pytest.raises(UsageError, match="none of the formats"):
        read_recipe(tmp_path / "x.mp4")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="folder without exported frames"):
        read_recipe(tmp_path / "empty")
    with pytest.raises(UsageError, match="there is no such file"):
        read_recipe(tmp_path / "none.gif")


def test_devices_and_pipes_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gif")
    for path in (tmp_path / "pipe.gif", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(UsageError, match="not a regular file"):
            read_recipe(path)
    with pytest.raises(InitscopeError):
        read_recipe(Path("x\0.gif"))


def test_compressed_bombs_are_refused(tmp_path: Path) -> None:
    bomb = zlib.compress(b"\0" * (4 * MAX_RECIPE), 9)
    path = tmp_path / "x.png"
    path.write_bytes(
        png_chunks.SIGNATURE
        + png_chunks.chunk(b"iTXt", png_chunks.KEYWORD + b"\0\1\0\0\0" + bomb)
        + png_chunks.chunk(b"IEND", b"")
    )
    with pytest.raises(UsageError, match="too long"):
        read_recipe(path)
    path = tmp_path / "x.webp"
    size = struct.pack("<I", MAX_RECIPE + 1)
    with path.open("wb") as file:
        file.write(b"RIFF\xff\xff\xff\x7fWEBP" + webp.RECIPE_CHUNK + size)
        file.truncate(2 * MAX_RECIPE)
    with pytest.raises(UsageError, match="too long"):
        read_recipe(path)
    path = tmp_path / "x.gif"
    block = b"\x21\xfe" + (b"\xff" + b"x" * 255) * 40_000 + b"\0"
    path.write_bytes(b"GIF89a" + bytes(7) + block * 2 + b"\x3b")
    with pytest.raises(UsageError, match="too long"):
        read_recipe(path)


def test_a_recipe_that_is_too_long_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="longer than 16 MiB"):
        export(FORMATS[".gif"], tmp_path / "x.gif", "x" * (MAX_RECIPE + 1))
    assert not list(tmp_path.iterdir())
