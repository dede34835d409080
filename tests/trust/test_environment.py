"""The program with missing, locked or broken files and libraries: it continues, or reports them."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trust.programs import (
    PATIENCE,
    ROOT,
    SMALL,
    assert_done,
    assert_refused,
    ended,
    names,
    ordinary,
    own_mounts,
    run,
    short,
    start,
    surroundings,
)

WINDOW = (sys.executable, str(ROOT / "tests" / "trust" / "opened_window.py"))
SCREEN = {"name": "laptop", "x": 0, "y": 0, "width": 1280, "height": 800}
LAPTOP = {"screens": [SCREEN | {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1.0}]}
"""The screens of Qt's offscreen platform."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux")


def opened(*words: str, **options: Any) -> dict[str, Any]:
    """Open the window and close it; return what it reports."""
    done = run(*words, **{"program": WINDOW, "cwd": ROOT} | options)
    assert_done(done)
    reported: dict[str, Any] = json.loads(done.stdout)
    return reported


def home(folder: Path) -> dict[str, str]:
    """Return the variables of a user with a laptop, whose settings are in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "screen.json").write_text(json.dumps(LAPTOP))
    platform = f"offscreen:configfile={folder / 'screen.json'}"
    return surroundings(QT_QPA_PLATFORM=platform, XDG_CONFIG_HOME=str(folder))


def folder_of(library: str) -> Path:
    """Return the folder in which the system keeps a library."""
    try:
        listed = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("there is no ldconfig to say where libraries are")
    for line in listed.stdout.splitlines():
        if line.split()[:1] == [library]:
            return Path(line.split()[-1]).resolve().parent
    pytest.skip(f"{library} is not installed")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("library", "package", "words"),
    [
        ("libxcb-cursor.so.0", "libxcb-cursor0", ()),
        ("libEGL.so.1", "libegl1", ()),
        ("libEGL.so.1", "libegl1", ("export", "constant", "-o", "x.gif")),
    ],
)
def test_a_missing_library_is_named_with_its_package(
    library: str, package: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    libraries = folder_of(library)
    real, fewer = tmp_path / "real", tmp_path / "fewer"
    real.mkdir()
    fewer.mkdir()
    script = (
        f"mount --bind '{libraries}' '{real}'; mount -t tmpfs none '{fewer}'\n"
        f"ln -s '{real}'/* '{fewer}'; rm '{fewer}/{library}'\n"
        f"mount --bind '{fewer}' '{libraries}'\n"
        'exec "$@"'
    )
    folder = tmp_path / "out"
    folder.mkdir()
    under, variables = own_mounts(script), surroundings(DISPLAY=":987")
    done = run(*words, under=under, env=variables, cwd=folder)
    assert_refused(done, 1, f"Qt needs {library}, which is not installed: sudo apt-get install")
    assert done.stderr.endswith(f" {package}\n")
    assert not names(folder)
    assert_done(run("list", under=under, env=variables))


@pytest.mark.slow
def test_export_needs_no_graphics_processor(tmp_path: Path) -> None:
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    reader, writer = os.pipe()
    # Without GLX no program draws by OpenGL, in hardware or software.
    words = ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp", "-extension", "GLX"]
    server = subprocess.Popen(words, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            display = f":{answer.readline().strip()}"
        nowhere = dict.fromkeys(("LIBGL_DRIVERS_PATH", "__EGL_VENDOR_LIBRARY_DIRS"), "/nonexistent")
        variables = surroundings(DISPLAY=display, XDG_CONFIG_HOME=str(tmp_path), **nowhere)
        assert opened("constant", env=variables)["platform"] == "xcb"
    finally:
        server.terminate()
        server.wait(PATIENCE)


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000])
def test_broken_settings_are_renamed_and_the_window_opens(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "initscope" / "window.json"
    path.parent.mkdir()
    path.write_bytes(content)
    done = run("constant", program=WINDOW, cwd=ROOT, env=home(tmp_path))
    assert done.returncode == 0
    assert done.stderr.startswith(f"settings: {path} is broken (")
    assert done.stderr.count("\n") == 1
    assert path.with_name("window.json.bad").read_bytes() == content
    assert json.loads(path.read_text())["theme"] == "system"
    opened("constant", env=home(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_read_only_settings_are_unchanged(mode: int, tmp_path: Path) -> None:
    under = ordinary()
    path = tmp_path / "initscope" / "window.json"
    path.parent.mkdir()
    path.write_text('{"theme": "dark"}')
    path.chmod(mode)
    path.parent.chmod(0o555)
    done = run("constant", program=WINDOW, cwd=ROOT, env=home(tmp_path), under=under)
    assert done.returncode == 0
    assert all(line.startswith("settings: ") for line in done.stderr.splitlines())
    assert done.stderr
    path.chmod(0o644)
    assert path.read_text() == '{"theme": "dark"}'
    assert names(path.parent) == ["window.json"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "geometry", [[-90000, 90000, 900, 700], [0, 0, 99999, 99999], [5, 5, -9, 0]]
)
def test_a_window_outside_the_screens_moves_to_one(geometry: list[int], tmp_path: Path) -> None:
    path = tmp_path / "initscope" / "window.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"geometry": geometry}))
    reported = opened("constant", env=home(tmp_path))
    assert reported["on_screen"]
    assert min(reported["size"]) >= 300


@pytest.mark.slow
def test_a_read_only_installation_works(tmp_path: Path) -> None:
    under, copy = ordinary(), tmp_path / "Initscope ü"
    for name in ("engine", "gui", "assets"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "main.py", copy)
    for place, _, files in os.walk(copy):
        for name in files:
            Path(place, name).chmod(0o444)
        Path(place).chmod(0o555)
    program = (sys.executable, str(copy / "main.py"))
    recipe = short(tmp_path)
    options: dict[str, Any] = {"program": program, "under": under, "cwd": tmp_path}
    assert_done(run("list", **options))
    assert_done(run("run", recipe, "-o", "x.csv", **options))
    for suffix in ("mp4", "gif", "png"):
        assert_done(run("export", recipe, "-o", f"x.{suffix}", *SMALL, **options))
    opened("constant", under=under, cwd=copy, env=home(tmp_path / "config"))
    for place, folders, _ in os.walk(copy):
        assert "__pycache__" not in folders
        Path(place).chmod(0o755)  # so that it can be removed


@pytest.fixture
def wayland(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a desktop of Wayland."""
    if shutil.which("weston") is None:
        pytest.skip("weston is not installed")
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    variables = surroundings(XDG_RUNTIME_DIR=str(folder), WAYLAND_DISPLAY="wayland-trust")
    words = ["weston", "--backend=headless-backend.so", "--socket=wayland-trust", "--idle-time=0"]
    words += ["--width=1400", "--height=900", f"--log={tmp_path / 'weston.log'}"]
    compositor = subprocess.Popen(words, env=variables, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (folder / "wayland-trust").exists():
            assert compositor.poll() is None, (tmp_path / "weston.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield variables
    finally:
        compositor.terminate()
        compositor.wait(PATIENCE)


@pytest.mark.slow
@pytest.mark.parametrize("named", ["", "wayland"])
def test_a_window_on_wayland(named: str, wayland: dict[str, str], tmp_path: Path) -> None:
    variables = wayland | ({"QT_QPA_PLATFORM": named} if named else {})
    variables["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    assert opened("constant", env=variables)["platform"] == "wayland"


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("run", "constant", "-o", "x.npz"),
        ("export", "constant", "-o", "x.mp4", "--frames", ":9"),
        ("export", "constant", "-o", "x.png", "--frames", ":9"),
        ("constant",),
    ],
)
def test_python_in_development_mode_prints_no_warnings(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    program = WINDOW if words[0] == "constant" else (sys.executable, str(ROOT / "main.py"))
    strict = (program[0], "-X", "dev", "-W", "always::ResourceWarning", *program[1:])
    options: dict[str, Any] = {"env": home(tmp_path / "config")}
    options |= {"cwd": ROOT if program is WINDOW else tmp_path}
    assert_done(ended(start(*words, program=strict, **options)))
