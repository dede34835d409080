"""Files of every export format are read back by independent readers."""

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from engine.errors import InitscopeError, UsageError
from gui.export.formats.registry import FORMATS
from gui.export.formats.writer import Pixels, Writer
from gui.export.recipe import read_recipe
from tests.gui.export.pictures import RECIPE, SIZE, card, psnr, read
from tests.processes import processes

ALL = pytest.mark.parametrize("writer", FORMATS.values(), ids=FORMATS)
TIMED = pytest.mark.parametrize(
    "writer", [each for each in FORMATS.values() if each.suffix != ".png"], ids=lambda w: w.suffix
)
LOSSLESS = {".webp", ".apng", ".png"}


def export(
    writer: type[Writer],
    path: Path,
    frames: int = 12,
    fps: Fraction | None = None,
    overwrite: bool = False,
    draw: Callable[[int], Pixels] = card,
) -> Path:
    height, width = draw(0).shape[:2]
    opened = writer(
        path, (width, height), fps or writer.default_fps, frames, RECIPE, overwrite=overwrite
    )
    try:
        for number in range(frames)[:: max(1, frames // 8)][: writer.samples]:
            opened.sample(draw(number))
        for number in range(frames):
            opened.add(draw(number))
    except InitscopeError:
        opened.abort()
        raise
    opened.finish()
    return path


@ALL
def test_every_frame_has_its_size_and_colours(writer: type[Writer], tmp_path: Path) -> None:
    found = read(export(writer, tmp_path / f"x{writer.suffix}")).frames
    assert len(found) == 12
    for number, frame in enumerate(found):
        true = card(number)[..., 2::-1]
        if writer.suffix in LOSSLESS:
            assert np.array_equal(frame, true)
            continue
        assert frame.shape == true.shape
        flat = [(10, 20), (10, 80), (10, 140), (90, 40), (90, 120)]  # far from any edge
        for y, x in flat:
            assert np.abs(frame[y, x].astype(int) - true[y, x]).max() <= 6, (number, y, x)
        # The bar is where it belongs in this frame.
        assert np.array_equal(frame[64, :56].min(axis=-1) > 240, true[64, :56].min(axis=-1) > 240)


@TIMED
@pytest.mark.parametrize("fps", ["30", "24", "12.5", "29.97", "50"])
def test_the_duration_is_exact(writer: type[Writer], fps: str, tmp_path: Path) -> None:
    rate, frames = Fraction(fps), 37
    seconds = read(export(writer, tmp_path / f"x{writer.suffix}", frames, rate)).seconds
    assert len(seconds) == frames
    # Hundredths of a second in a GIF, milliseconds in WebM and WebP; none is lost by summing.
    unit = {".gif": 0.01, ".webm": 0.001, ".webp": 0.001}.get(writer.suffix, 2e-5)
    # WebM rounds both the start of the last frame and how long it lasts.
    most = unit if writer.suffix == ".webm" else unit / 2
    assert abs(sum(seconds) - frames / rate) <= most + 2e-6
    assert max(abs(each - 1 / rate) for each in seconds) <= unit + 2e-6


@TIMED
def test_equal_frames_are_not_merged(writer: type[Writer], tmp_path: Path) -> None:
    path = export(writer, tmp_path / f"x{writer.suffix}", 20, draw=lambda number: card(0))
    found = read(path)
    assert len(found.frames) == 20
    assert len(set(found.seconds)) <= 2


@ALL
def test_one_frame_makes_a_file(writer: type[Writer], tmp_path: Path) -> None:
    path = export(writer, tmp_path / f"x{writer.suffix}", 1)
    assert path.is_file()
    assert len(read(path).frames) == 1
    assert read_recipe(path) == RECIPE


@ALL
@pytest.mark.parametrize(
    "name", ["ünï 日本 %04d 'q\"", "12:30", "-x", "a;b|c", "line\nbreak", "x" * 240, "file:x"]
)
def test_unusual_file_names_are_written(
    writer: type[Writer], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = export(writer, Path(name + writer.suffix), 2)
    assert [entry.name for entry in tmp_path.iterdir()] == [name + writer.suffix]
    assert read_recipe(path) == RECIPE
    assert len(read(path.absolute()).frames) == 2


def contents(path: Path) -> dict[str, bytes]:
    """Return the bytes of a file, or of all files of a folder, by name."""
    if path.is_file():
        return {"": path.read_bytes()}
    found = {file.name: file.read_bytes() for file in path.iterdir()}
    assert found
    return found


@ALL
def test_the_same_frames_give_the_same_bytes(writer: type[Writer], tmp_path: Path) -> None:
    one, other = (export(writer, tmp_path / f"{name}{writer.suffix}") for name in "ab")
    assert contents(one) == contents(other)


@ALL
def test_the_target_appears_with_finish_and_abort_leaves_nothing(
    writer: type[Writer], tmp_path: Path
) -> None:
    path = tmp_path / f"x{writer.suffix}"
    for added in (0, 3):
        opened = writer(path, SIZE, writer.default_fps, 5, RECIPE)
        for number in range(added):
            opened.add(card(number))
        assert not path.exists()
        opened.abort()
        assert not list(tmp_path.iterdir())


@ALL
def test_an_older_target_is_replaced_only_with_overwrite(
    writer: type[Writer], tmp_path: Path
) -> None:
    path = tmp_path / f"x{writer.suffix}"
    path.write_text("old")
    with pytest.raises(InitscopeError, match="already exists"):
        export(writer, path)
    opened = writer(path, SIZE, writer.default_fps, 5, RECIPE, overwrite=True)
    opened.add(card(0))
    with pytest.raises(InitscopeError, match="1 of 5 frames"):
        opened.finish()
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1
    export(writer, path, overwrite=True)
    assert len(read(path).frames) == 12
    assert len(list(tmp_path.iterdir())) == 1


@ALL
def test_a_missing_folder_and_a_folder_as_target_are_refused(
    writer: type[Writer], tmp_path: Path
) -> None:
    with pytest.raises(InitscopeError, match="there is no folder"):
        writer(tmp_path / "none" / f"x{writer.suffix}", SIZE, Fraction(10), 5, RECIPE)
    folder = tmp_path / f"x{writer.suffix}"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InitscopeError, match="folder"):
        writer(folder, SIZE, Fraction(10), 5, RECIPE, overwrite=True)
    assert (folder / "notes.txt").read_text() == "mine"


@ALL
def test_a_full_disk_is_an_error_and_leaves_nothing(writer: type[Writer], tmp_path: Path) -> None:
    # A limit on the size of files acts as a full disk does.
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.gui.export.test_writers import FORMATS, export\n"
        "import numpy as np\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "rng = np.random.default_rng(0)\n"
        "noise = rng.integers(0, 255, (256, 256, 4), np.uint8); noise[..., 3] = 255\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))\n"
        "path = Path(sys.argv[1])\n"
        "export(FORMATS[path.suffix], path, 20, draw=lambda k: np.roll(noise, k))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / f"x{writer.suffix}")]
    done = processes.run(command, cwd=Path(__file__).parents[3])
    assert "InitscopeError: cannot write" in done.stderr.splitlines()[-1], done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_of_frames_is_replaced(tmp_path: Path) -> None:
    path = export(FORMATS[".png"], tmp_path / "x.png", 5)
    export(FORMATS[".png"], path, 3, overwrite=True)
    assert sorted(file.name for file in path.iterdir()) == [
        f"frame_{number:06d}.png" for number in range(3)
    ]
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.png"]
    with pytest.raises(InitscopeError, match="it already exists"):
        export(FORMATS[".png"], path, 3)


def test_a_link_is_followed_and_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    real = tmp_path / "far" / "x.gif"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "x.gif"
    link.symlink_to(real)
    export(FORMATS[".gif"], link, overwrite=True)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert len(read(real).frames) == 12


@pytest.mark.parametrize(
    ("suffix", "size", "fps", "words"),
    [
        (".mp4", (641, 361), 30, "640x360"),
        (".mp4", (0, 0), 30, "must be 16 to 8192"),
        (".webm", (100_000, 100_000), 30, "must be 16 to 8192"),
        (".gif", (640, 360), 60, "not 60"),
        (".gif", (640, 360), Fraction(1, 100), "0.1 to 50"),
        (".mp4", (640, 360), 0, "fps"),
        (".apng", (640, 360), Fraction(1_000_001, 100_000), "too many digits"),
    ],
)
def test_unsupported_sizes_and_rates_are_refused(
    suffix: str, size: tuple[int, int], fps: int, words: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=words):
        FORMATS[suffix](tmp_path / f"x{suffix}", size, Fraction(fps), 5, RECIPE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".webm", ".gif", ".webp", ".apng", ".png"])
def test_odd_sizes_are_written(suffix: str, tmp_path: Path) -> None:
    path = export(FORMATS[suffix], tmp_path / f"x{suffix}", 3, draw=lambda k: card(k, (161, 97)))
    assert [frame.shape for frame in read(path).frames] == [(97, 161, 3)] * 3


def test_a_gif_has_smooth_gradients_without_flicker(tmp_path: Path) -> None:
    def scene(number: int) -> Pixels:
        y, x = np.mgrid[0:180, 0:320] / 320
        level = (np.tanh(4 * (x - 0.5 + 0.02 * number) + 3 * (y - 0.3)) + 1)[..., None] / 2
        low, high = np.array([0, 133, 201]), np.array([148, 165, 18])
        pixels = np.full((180, 320, 4), 255, np.uint8)
        pixels[..., :3] = np.rint(low + level * (high - low))
        return pixels

    path = export(FORMATS[".gif"], tmp_path / "x.gif", 16, draw=scene)
    for number, frame in enumerate(read(path).frames):
        assert psnr(frame, scene(number)[..., 2::-1]) > 40, number
    # What does not move does not flicker.
    path = export(FORMATS[".gif"], tmp_path / "y.gif", 6, draw=lambda k: scene(3))
    first, *others = read(path).frames
    assert len(others) == 5
    assert all(np.array_equal(first, other) for other in others)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng"])
def test_animations_repeat_forever(suffix: str, tmp_path: Path) -> None:
    from PIL import Image

    with Image.open(export(FORMATS[suffix], tmp_path / f"x{suffix}", 3)) as image:
        assert image.info["loop"] == 0


def test_mp4_starts_with_its_index_and_is_tagged(tmp_path: Path) -> None:
    import av

    path = export(FORMATS[".mp4"], tmp_path / "x.mp4", 40)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(path) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (stream.frames, stream.average_rate) == (40, Fraction(30))
        assert context.pix_fmt == "yuv420p"
        tags = (context.colorspace, context.color_primaries, context.color_trc)
        assert tags == (1, 1, 1)  # BT.709
        assert context.color_range == 1  # 16 to 235


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng"])
def test_memory_does_not_grow_with_the_frames(suffix: str, tmp_path: Path) -> None:
    def peak(frames: int) -> int:
        program = (
            "import resource, sys\n"
            "from pathlib import Path\n"
            "from tests.gui.export.test_writers import FORMATS, export\n"
            f"path = Path({str(tmp_path)!r}) / 'x{suffix}'\n"
            f"export(FORMATS['{suffix}'], path, {frames}, overwrite=True)\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout)

    # Another 500 frames would be 30 MB if they were stored.
    assert peak(600) - peak(100) < 10_000
