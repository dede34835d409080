"""The export command: renders an experiment without a window."""

import argparse
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.studies.catalogue import kind_of, open_scene
from engine.text import counted
from gui.cli.training import EXPERIMENT_HELP
from gui.document.opening import open_to_show
from gui.export.formats.registry import ALL_FORMATS
from gui.export.progress import ExportProgress
from gui.process.exit_codes import stopping_between_steps

if TYPE_CHECKING:
    from gui.export.plan import ExportPlan


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `export` takes; nothing of Qt is loaded by it."""
    add = parser.add_argument
    add("experiment", metavar="EXPERIMENT", help=EXPERIMENT_HELP)
    add(
        "-o",
        "--output",
        metavar="OUT",
        required=True,
        help=f"what to write; the name ends in one of {', '.join(ALL_FORMATS)}; PNG makes a "
        "folder of frames, or a file of one frame; SVG and PDF hold one frame",
    )
    add(
        "--size",
        metavar="WxH",
        default="1920x1080",
        help="in pixels, or on paper, as in 16x9cm or 6.3x3.5in (default: 1920x1080)",
    )
    add(
        "--dpi",
        metavar="N",
        type=int,
        help="pixels to the inch on paper (default: 96; of a size on paper 300); the more, the "
        "finer",
    )
    add("--fps", metavar="N", help="frames a second (default: 30; of a GIF 25)")
    add(
        "--frames",
        metavar="START:STOP:STRIDE",
        default=":",
        help="which frames, as in Python: STOP is not shown, negative ones count from the end "
        "(--frames=-10:), one number is one frame (default: all)",
    )
    for which in ("first", "last"):
        add(
            f"--hold-{which}",
            metavar="N",
            type=int,
            default=0,
            help=f"show the {which} of them N times more (default: 0)",
        )
    add("--panels", metavar="A,B", help="which panels (default: as the experiment says)")
    add("--theme", metavar="light|dark", default="light", help="default: light")
    add("--overwrite", action="store_true", help="replace an older file or folder of frames")
    add(
        "--resume",
        action="store_true",
        help="keep a PNG folder's complete frames if it fails, and go on from those that were kept",
    )
    add("--progress", choices=["text", "json"], default="text", help=argparse.SUPPRESS)


def export(arguments: argparse.Namespace) -> int:
    """Train an experiment and write its animation; refuse before training what can be refused."""
    from gui.export.offscreen import offscreen_application

    with stopping_between_steps() as stop_if_asked:  # an exception amid its import aborts Qt
        experiment = open_to_show(arguments.experiment)
        application = offscreen_application()
        from gui.export.renderer import export_frames

        stop_if_asked()
    plan = make_plan(arguments)
    scene = open_scene(experiment)
    _check_panels(plan, experiment)
    plan.check(scene.planned_index)
    progress = ExportProgress(as_json=arguments.progress == "json")
    try:
        for _ in scene.chunks():
            progress.train(max(scene.last_index, 0), scene.planned_index)
        progress.restart()
        with stopping_between_steps() as stop_if_asked:
            frames = export_frames(scene, plan, progress.render, stop_if_asked)
    finally:
        progress.clear()
        del application
    if arguments.progress == "text":
        print(_summary(plan, frames), file=sys.stdout)
    return 0


def make_plan(arguments: argparse.Namespace) -> "ExportPlan":
    """Return the plan that the arguments of the command ask for; raise `UsageError`."""
    from gui.export.plan import ExportPlan, parse_fps, parse_frames, parse_panels, parse_size

    size, dpi = parse_size(arguments.size, arguments.dpi)
    plan = ExportPlan(
        path=Path(arguments.output),
        size=size,
        fps=None if arguments.fps is None else parse_fps(arguments.fps),
        frames=parse_frames(arguments.frames),
        hold_first=arguments.hold_first,
        hold_last=arguments.hold_last,
        theme=arguments.theme,
        overwrite=arguments.overwrite,
        dpi=dpi,
        resume=arguments.resume,
    )
    if arguments.panels is None:
        return plan
    return replace(plan, panels=parse_panels(arguments.panels))


def _check_panels(plan: "ExportPlan", experiment: Experiment) -> None:
    """Refuse panels none of which the scene has."""
    from gui.stage.catalogue import panels_of

    known = [panel.name for panel in panels_of(kind_of(experiment))]
    if plan.panels and not set(known) & set(plan.panels):
        raise UsageError(f"panels: this scene has {', '.join(known)}")


def _summary(plan: "ExportPlan", frames: int) -> str:
    width, height = plan.size
    count = counted(frames, "frame")
    if plan.is_drawing:
        across, down = (side / plan.dpi * 2.54 for side in plan.size)
        return f"{plan.path}: {count} of {across:.1f} x {down:.1f} cm"
    if plan.format.makes_folder(frames) or frames == 1:
        return f"{plan.path}: {count} of {width}x{height}"
    seconds = float(Fraction(frames) / plan.rate)
    return f"{plan.path}: {count} of {width}x{height}, {seconds:.2f} s"
