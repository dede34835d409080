"""Export plans: their checks, their JSON, and the command line that makes them."""

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import InitscopeError, UsageError
from engine.experiment.experiment import Experiment
from gui.cli.export import add_arguments, make_plan
from gui.export.formats.registry import FORMATS
from gui.export.order import TableOrder, decode_job, encode_job
from gui.export.plan import ExportPlan, FrameRange, parse_frames
from gui.stage.catalogue import PANELS

NUMBERS = st.none() | st.integers(-30, 30)
RANGES = st.builds(FrameRange, NUMBERS, NUMBERS, NUMBERS.filter(lambda stride: stride != 0))
PLANS = st.builds(
    ExportPlan,
    path=st.sampled_from(
        [Path("/tmp/a b.mp4"), Path("-x.GIF"), Path("12:30.webp"), Path("%d.png"), Path("a.svg")]
    ),
    size=st.tuples(st.integers(8, 1000), st.integers(8, 1000)).map(lambda s: (2 * s[0], 2 * s[1])),
    fps=st.none() | st.integers(1, 50).map(Fraction) | st.just(Fraction("29.97")),
    frames=RANGES,
    hold_first=st.integers(0, 9),
    hold_last=st.integers(0, 9),
    panels=st.sets(st.sampled_from(list(PANELS)), min_size=1).map(tuple),
    theme=st.sampled_from(["light", "dark"]),
    overwrite=st.booleans(),
    dpi=st.integers(36, 2400),
    resume=st.booleans(),
)


def plan_of(*words: str) -> ExportPlan:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return make_plan(parser.parse_args(["xor", *words]))


@given(PLANS)
def test_a_plan_is_decoded_from_its_json(plan: ExportPlan) -> None:
    experiment = Experiment(title="One")
    assert decode_job(encode_job(experiment, plan), ExportPlan) == (experiment, plan)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"experiment": "format = 1", "order": {}}',
        b'{"experiment": "format = 1", "order": {"path": "x.avi"}}',
        b'{"experiment": "format = 1", "order": {"path": "x.gif", "fps": "x"}}',
        b'{"experiment": "format = 2", "order": {"path": "x.gif"}}',
    ],
)
def test_other_texts_are_not_decoded(content: bytes) -> None:
    with pytest.raises(UsageError):
        decode_job(content, ExportPlan)


def test_the_order_of_a_table_is_decoded_from_its_json() -> None:
    job = Experiment(title="One"), TableOrder(Path("a b.csv"))
    assert decode_job(encode_job(*job), TableOrder) == job


@given(RANGES, st.integers(0, 20), st.integers(0, 3), st.integers(0, 3))
def test_frames_are_selected_as_python_slices(
    frames: FrameRange, last: int, first_held: int, last_held: int
) -> None:
    expected = list(range(last + 1))[frames.start : frames.stop : frames.stride]
    plan = ExportPlan(Path("x.gif"), frames=frames, hold_first=first_held, hold_last=last_held)
    if not expected:
        with pytest.raises(UsageError, match=f"none of the frames 0 to {last}"):
            plan.indices(last)
        return
    held = expected[:1] * first_held + expected + expected[-1:] * last_held
    assert plan.indices(last) == held


@given(st.integers(-20, 20), st.integers(0, 19))
def test_one_number_selects_one_frame(index: int, last: int) -> None:
    assume(-last - 1 <= index <= last)
    plan = ExportPlan(Path("x.gif"), frames=parse_frames(str(index)))
    assert plan.indices(last) == [range(last + 1)[index]]


def test_the_command_has_defaults() -> None:
    plan = plan_of("-o", "x.mp4")
    assert plan == ExportPlan(Path("x.mp4"))
    assert (plan.size, plan.rate, plan.theme) == ((1920, 1080), Fraction(30), "light")
    assert plan.indices(400) == list(range(401))
    assert plan_of("-o", "x.gif").rate == 25


@pytest.mark.parametrize(
    ("words", "size", "dpi", "layout"),
    [
        (["--size", "1920x1080"], (1920, 1080), 96, (1920, 1080)),
        (["--size", "1920x1080", "--dpi", "192"], (1920, 1080), 192, (960, 540)),
        (["--size", "16x9cm"], (1890, 1063), 300, (605, 340)),
        (["--size", "160x90mm", "--dpi", "600"], (3780, 2126), 600, (605, 340)),
        (["--size", "6.5 x 3.25 in"], (1950, 975), 300, (624, 312)),
    ],
)
def test_sizes_in_pixels_and_on_paper(
    words: list[str], size: tuple[int, int], dpi: int, layout: tuple[int, int]
) -> None:
    plan = plan_of("-o", "x.png", *words)
    assert (plan.size, plan.dpi, plan.layout) == (size, dpi, layout)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["-o", "x.avi"], "unknown export format"),
        (["-o", "x.mp3"], 'did you mean ".mp4"'),
        (["-o", "x"], "must end in one of .mp4, .webm, .gif, .webp, .apng, .png"),
        (["-o", "x.gif", "--size", "0x0"], "size: 0x0 is out of range"),
        (["-o", "x.gif", "--size=-1x-1"], "size: -1x-1 is out of range"),
        (["-o", "x.gif", "--size", "100000x100000"], "size: 100000x100000 is out of range"),
        (
            ["-o", "x.gif", "--size", "big"],
            'size: expected a size such as 1920x1080 or 16x9cm, got "big"',
        ),
        (["-o", "x.png", "--size", "99999x9cm"], "size: 11810906x1063 is out of range"),
        (["-o", "x.png", "--size", "9x9km"], "expected a size such as 1920x1080 or 16x9cm"),
        (["-o", "x.png", "--dpi", "0"], "dpi: expected 36 to 2400 pixels per inch, got 0"),
        (["-o", "x.svg", "--size", "9000x9000"], "size: 9000x9000 is out of range"),
        (["-o", "x.mp4", "--size", "641x360"], "nearest is 640x360"),
        (["-o", "x.gif", "--fps", "60"], "GIF supports 0.1 to 50 frames per second, not 60"),
        (["-o", "x.gif", "--fps", "0"], "not 0"),
        (["-o", "x.gif", "--fps=-5"], "not -5"),
        (["-o", "x.gif", "--fps", "nan"], 'fps: expected a number such as 30 or 29.97, got "nan"'),
        (["-o", "x.gif", "--fps", "1/0"], 'fps: expected a number such as 30 or 29.97, got "1/0"'),
        (["-o", "x.gif", "--frames", "::0"], "stride must not be 0"),
        (["-o", "x.gif", "--frames", "a:b"], 'or one number, got "a:b"'),
        (["-o", "x.gif", "--frames=٣"], 'or one number, got "٣"'),
        (["-o", "x.gif", "--frames=0:٣"], 'or one number, got "0:٣"'),
        (["-o", "x.gif", "--fps", "٣"], 'fps: expected a number such as 30 or 29.97, got "٣"'),
        (["-o", "x.gif", "--size", "٦٤٠x360"], "expected a size such as 1920x1080"),
        (["-o", "x.gif", "--frames", ""], 'or one number, got ""'),
        (["-o", "x.gif", "--frames", "1:2:3:4"], "START:STOP:STRIDE"),
        (["-o", "x.gif", "--panels", "netwrk"], 'did you mean "network"'),
        (["-o", "x.gif", "--panels", ","], "panels: expected at least one"),
        (["-o", "x.gif", "--theme", "drak"], 'did you mean "dark"'),
        (["-o", "x.gif", "--hold-last=-1"], "hold-last: expected 0 to 100,000 frames, got -1"),
    ],
)
def test_wrong_arguments_are_refused(words: list[str], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        plan_of(*words)
    assert sentence in str(caught.value)


@given(text=st.text(max_size=12))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    arguments: dict[str, Any] = {
        "output": "x.gif",
        "size": "640x360",
        "dpi": None,
        "fps": None,
        "frames": ":",
        "hold_first": 0,
        "hold_last": 0,
        "panels": None,
        "theme": "light",
        "overwrite": False,
        "resume": False,
    }
    for name in ("size", "fps", "frames", "panels", "theme"):
        try:
            plan = make_plan(argparse.Namespace(**{**arguments, name: text}))
        except UsageError:
            continue
        assert plan.writer is FORMATS[".gif"]


def test_check_finds_errors_of_the_target(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    ExportPlan(path).check(400)
    path.write_text("old")
    with pytest.raises(InitscopeError, match="already exists"):
        ExportPlan(path).check(400)
    ExportPlan(path, overwrite=True).check(400)
    assert path.read_text() == "old"
    with pytest.raises(UsageError, match="none of the frames 0 to 400"):
        ExportPlan(path, frames=FrameRange(500), overwrite=True).check(400)
    with pytest.raises(UsageError, match="SVG holds one frame, not 401; select it"):
        ExportPlan(tmp_path / "x.svg").check(400)
    for name, frames in (("x.mp4", FrameRange()), ("y.png", FrameRange(0, 1))):
        with pytest.raises(UsageError, match=r"--resume: only a folder .* or omit --resume"):
            ExportPlan(tmp_path / name, frames=frames, resume=True).check(400)
    path.unlink()
    path.mkdir()
    with pytest.raises(InitscopeError, match="it is a folder"):
        ExportPlan(path, frames=FrameRange(0, 1), overwrite=True).check(400)


def test_pictures_depend_on_the_look_the_recipe_and_the_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = ExportPlan(Path("x.png"))
    known = plan.pictures("format = 1", range(3))
    assert len(set(known)) == 3
    unlike = msgspec.structs.replace(
        plan, path=Path("y.png"), hold_last=3, fps=Fraction(10), overwrite=True
    )
    assert unlike.pictures("format = 1", [2, 0]) == [known[2], known[0]]
    others: list[dict[str, Any]] = [
        {"size": (1920, 1082)},
        {"dpi": 300},
        {"theme": "dark"},
        {"panels": ("loss",)},
    ]
    for other in others:
        assert not set(
            msgspec.structs.replace(plan, **other).pictures("format = 1", range(3))
        ) & set(known)
    assert not set(plan.pictures("format =  1", range(3))) & set(known)
    monkeypatch.setattr("gui.export.plan.fingerprint", lambda: "another version")
    assert not set(plan.pictures("format = 1", range(3))) & set(known)
