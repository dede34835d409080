"""Exports have every frame exactly, whatever their options and environment."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gui.document.opening import open_experiment
from gui.export.formats.registry import FORMATS
from tests.gui.export.pictures import psnr, read
from tests.trust.programs import (
    ROOT,
    SHORT,
    SMALL,
    assert_done,
    assert_refused,
    contents,
    ended,
    names,
    run,
    short,
    start,
    surroundings,
)

GERMAN = "de_DE.UTF-8"


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".mp4"])
def test_odd_sizes_and_held_frames_are_exported(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    words = ("--size", "641x361", "--fps", "30", "--hold-first", "3", "--hold-last", "6")
    assert_done(run("export", short(tmp_path), "-o", path, "--frames", "::2", *words))
    found = read(path)
    assert [frame.shape for frame in found.frames] == [(361, 641, 3)] * 15
    if suffix != ".png":  # thirds of a hundredth of a second do not add up in a GIF
        assert float(sum(found.seconds)) == pytest.approx(15 / 30, abs=0.01)


@pytest.mark.slow
def test_a_gif_has_smooth_gradients(tmp_path: Path) -> None:
    words = ("--size", "640x360", "--panels", "decision", "--frames", "100:700:250")
    for suffix in ("gif", "png"):
        assert_done(run("export", "perturbed", "-o", tmp_path / f"x.{suffix}", *words))
    shown, true = read(tmp_path / "x.gif").frames, read(tmp_path / "x.png").frames
    assert len(shown) == 3
    for number, (one, other) in enumerate(zip(shown, true, strict=True)):
        assert len(np.unique(other.reshape(-1, 3), axis=0)) > 1000  # smooth it is
        assert psnr(one, other) > 40, number


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no process's memory so")
def test_frames_of_a_gif_are_not_stored_in_memory(tmp_path: Path) -> None:
    def peak(frames: int) -> int:
        """Return the greatest memory in kB of the process that exports so many frames."""
        path = tmp_path / f"{frames}.gif"
        words = ["perturbed", "-o", str(path), "--size", "640x360"]
        program = (
            "import resource, sys, main\ncode = main.main(sys.argv[1:])\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\nsys.exit(code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, "export", *words, f"--hold-last={frames - 701}"],
            cwd=ROOT,
            env=surroundings(MALLOC_ARENA_MAX="1"),
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"{frames:,} frames" in done.stdout
        return int(done.stdout.splitlines()[-1])

    # So many frames more would be 2 GB if they were kept.
    assert peak(3000) - peak(800) < 20_000


@pytest.mark.parametrize("name", ["ünï 日本 %04d 'q\".mp4", "12:30.mp4", "-x.mp4"])
def test_files_may_have_any_name(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert_done(run("export", short(tmp_path), f"--output={name}", *SMALL, cwd=folder))
    assert names(folder) == [name]
    assert len(read(folder / name).frames) == 11
    assert open_experiment(folder / name) == SHORT


def test_a_name_like_an_option_is_refused(tmp_path: Path) -> None:
    done = run("export", "constant", "-o", "-x.mp4", *SMALL, cwd=tmp_path)
    assert_refused(done, 2, "-o/--output: expected one argument")


@pytest.mark.parametrize("suffix", [".gif", ".png"])
def test_a_link_is_followed(suffix: str, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link, real = tmp_path / f"x{suffix}", tmp_path / "far" / f"y{suffix}"
    link.symlink_to(real)
    assert_done(run("export", short(tmp_path), "-o", link, *SMALL))
    assert link.is_symlink()
    assert len(read(real).frames) == 11
    assert names(real.parent) == [real.name]


@pytest.mark.slow
def test_home_and_temporary_folder_may_have_any_name(tmp_path: Path) -> None:
    home, temporary = tmp_path / "Zuhause ünï 日本", tmp_path / "vorübergehend 'q\""
    home.mkdir()
    temporary.mkdir()
    variables = surroundings(HOME=str(home), TMPDIR=str(temporary), LC_ALL="C")
    for name in list(variables):
        if name.startswith("XDG_"):
            del variables[name]
    recipe = short(tmp_path)
    for suffix in (".mp4", ".gif"):
        assert_done(run("export", recipe, "-o", home / f"x{suffix}", *SMALL, env=variables))
        assert len(read(home / f"x{suffix}").frames) == 11
    assert not names(temporary)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".mp4", ".png"])
def test_of_two_exports_to_one_path_one_succeeds(suffix: str, tmp_path: Path) -> None:
    recipe, path = short(tmp_path), tmp_path / f"x{suffix}"
    words = ("export", recipe, "-o", path, *SMALL, "--hold-last", "100")
    ends = [ended(process) for process in [start(*words), start(*words)]]
    first, second = sorted(ends, key=lambda done: done.returncode)
    assert_done(first)
    assert_refused(second, 1, "it already exists")
    assert len(read(path).frames) == 111
    assert names(tmp_path) == ["recipes", path.name]
    twins = [start(*words, "--overwrite") for _ in range(2)]
    for process in twins:
        assert_done(ended(process))
    assert len(read(path).frames) == 111
    assert names(tmp_path) == ["recipes", path.name]


@pytest.mark.parametrize("size", ["0x0", "-1x-1", "100000x100000", "16x9999999999"])
def test_impossible_sizes_are_refused(size: str, tmp_path: Path) -> None:
    done = run("export", "constant", f"--size={size}", "-o", tmp_path / "x.gif")
    assert_refused(done, 2, "size: ")
    assert not names(tmp_path)


def test_the_desktop_s_scale_changes_no_pixel(tmp_path: Path) -> None:
    recipe = short(tmp_path)
    found = []
    for scale in ("1", "1.5", "2"):
        path = tmp_path / f"{scale}.png"
        variables = surroundings(QT_SCALE_FACTOR=scale)
        words = ("--frames=5", "--size", "960x540")
        assert_done(run("export", recipe, "-o", path, *words, env=variables))
        found += contents(path)
    assert found[0] == found[1] == found[2]


@pytest.fixture
def german(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a desktop where the comma divides, with a locale made for it."""
    folder = tmp_path_factory.mktemp("locales")
    words = ["localedef", "-i", "de_DE", "-f", "UTF-8", "--no-archive", str(folder / GERMAN)]
    if shutil.which("localedef") is None or subprocess.run(words, check=False).returncode:
        pytest.skip("no locales can be made here: the package locales is not installed")
    variables = {"LOCPATH": str(folder), "LC_ALL": GERMAN, "LANG": GERMAN}
    comma = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(0.5))"
    shown = subprocess.check_output(
        [sys.executable, "-c", comma], env=surroundings(**variables), text=True
    )
    assert shown == "0,5\n"
    return surroundings(QT_QPA_PLATFORM="offscreen", **variables)


@pytest.mark.slow
def test_the_decimal_comma_changes_no_byte(german: dict[str, str], tmp_path: Path) -> None:
    recipe = short(tmp_path)
    plain = surroundings(LC_ALL="C.UTF-8", QT_QPA_PLATFORM="offscreen")
    session = (
        "import sys\nfrom pathlib import Path\n"
        "from gui.app import make_application\nfrom gui.document.document import Document\n"
        "from gui.document.opening import open_experiment\n"
        "application = make_application()\n"
        "Document(open_experiment(sys.argv[1])).save(Path(sys.argv[2]))\n"
    )
    found = []
    for name, variables in (("german", german), ("plain", plain)):
        folder = tmp_path / name
        folder.mkdir()
        assert_done(run("run", recipe, "-o", folder / "x.csv", env=variables))
        words = ("-o", folder / "x.mp4", "--fps", "12.5", *SMALL)
        assert_done(run("export", recipe, *words, env=variables))
        saving = [sys.executable, "-c", session, str(recipe), str(folder / "session.toml")]
        subprocess.run(saving, cwd=ROOT, env=variables, check=True, timeout=60)
        found.append([contents(path) for path in sorted(folder.iterdir())])
    assert len(found[0]) == 3
    assert found[0] == found[1]
