"""The command `export`: renders an experiment without a window."""

import argparse
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from engine import UsageError, counted
from engine.experiment import Experiment
from engine.studies.catalogue import open_scene
from gui.cli.arguments import add_experiment, add_progress, whole
from gui.document.opening import open_to_show
from gui.export.formats.registry import ALL_FORMATS
from gui.process.progress import Progress
from gui.process.signals import deferred_signals

if TYPE_CHECKING:
    from gui.export.plan import ExportPlan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `export`, without loading Qt."""
    add_experiment(parser)
    add = parser.add_argument
    add(
        "-o",
        "--output",
        metavar="OUT",
        required=True,
        help=f"the output; its name ends in one of {', '.join(ALL_FORMATS)}; PNG makes a folder "
        "of frames, or a file of one frame; SVG and PDF hold one frame",
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
        type=whole,
        help="pixels per inch on paper (default: 96; 300 if the size is one on paper)",
    )
    add("--fps", metavar="N", help="frames per second (default: 30; 25 for a GIF)")
    add(
        "--frames",
        metavar="START:STOP:STRIDE",
        default=":",
        help="which frames, as a Python slice: STOP is excluded, negative numbers count from the "
        "end (--frames=-10:), one number is one frame (default: all)",
    )
    for which in ("first", "last"):
        add(
            f"--hold-{which}",
            metavar="N",
            type=whole,
            default=0,
            help=f"repeat the {which} frame N times (default: 0)",
        )
    add("--panels", metavar="A,B", help="which panels (default: those of the experiment)")
    add("--theme", metavar="light|dark", default="light", help="default: light")
    add("--overwrite", action="store_true", help="replace an older file or folder of frames")
    add(
        "--resume",
        action="store_true",
        help="store the complete frames of a PNG folder if the export fails, and use stored ones",
    )
    add_progress(parser)


def run(arguments: argparse.Namespace) -> int:
    """Export an experiment as the arguments describe, and print a summary."""
    as_json = arguments.progress == "json"
    plan, frames = export(
        lambda: (open_to_show(arguments.experiment), make_plan(arguments)), as_json=as_json
    )
    if not as_json:
        print(_summary(plan, frames))
    return 0


def export(
    load: Callable[[], tuple[Experiment, "ExportPlan"]], *, as_json: bool
) -> tuple["ExportPlan", int]:
    """Train an experiment and export it; check the plan before the training.

    Parameters
    ----------
    load : callable
        Returns the experiment and the plan. It may load Qt.
    as_json : bool
        Whether to report the progress as JSON.

    Returns
    -------
    plan : ExportPlan
    frames : int
        The number of frames in the output.
    """
    from gui.export.offscreen import offscreen_application

    with deferred_signals() as check:  # an exception during the import of Qt aborts
        application = offscreen_application()
        experiment, plan = load()
        from gui.export.renderer import export_frames

        check()
    scene = open_scene(experiment)
    _check_panels(plan, experiment)
    plan.check(scene.planned_index)
    try:
        with Progress("training", scene.planned_index, "steps", as_json=as_json) as progress:
            for _ in scene.compute():
                progress.report(max(scene.last_index, 0))
        with (
            Progress("rendering", 1, "frames", as_json=as_json) as progress,
            deferred_signals() as check,
        ):
            return plan, export_frames(scene, plan, progress.report, check)
    finally:
        del application


def make_plan(arguments: argparse.Namespace) -> "ExportPlan":
    """Return the plan that the arguments describe; raise `UsageError` if they are wrong."""
    from gui.export.plan import ExportPlan, parse_fps, parse_frames, parse_panels, parse_size

    size, dpi = parse_size(arguments.size, arguments.dpi)
    return ExportPlan(
        path=Path(arguments.output),
        size=size,
        fps=None if arguments.fps is None else parse_fps(arguments.fps),
        frames=parse_frames(arguments.frames),
        hold_first=arguments.hold_first,
        hold_last=arguments.hold_last,
        panels=() if arguments.panels is None else parse_panels(arguments.panels),
        theme=arguments.theme,
        overwrite=arguments.overwrite,
        dpi=dpi,
        resume=arguments.resume,
    )


def _check_panels(plan: "ExportPlan", experiment: Experiment) -> None:
    """Raise `UsageError` if the scene has none of the panels."""
    from gui.stage.catalogue import panels_of

    known = [panel.name for panel in panels_of(experiment.kind)]
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
