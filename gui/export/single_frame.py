"""Writes one frame in steps, between which a window answers."""

from collections.abc import Generator
from functools import partial

from engine.experiment.toml_writer import format_experiment
from engine.training.scene import Scene
from gui.background.background_call import BackgroundCall
from gui.export.encoder_thread import EncoderThread
from gui.export.formats.drawing import Content, Drawing
from gui.export.plan import ExportPlan
from gui.export.renderer import Renderer, pixels_of

Steps = Generator[bool | None, None, None]
"""A frame that is being written; steps that only wait for a thread yield True."""


def write_frame(scene: Scene, plan: ExportPlan) -> Steps:
    """Write the one frame of a plan, in the thread that owns the application.

    Every step makes a panel, draws or paints, or looks whether a thread has come to its end. Left
    early, it leaves an older target as it was, unless the new one is just being put in its place.

    Parameters
    ----------
    scene : Scene
        What it holds by now has the frame.
    plan : ExportPlan

    Raises
    ------
    InitscopeError
        If the target cannot be written. Nothing is left behind then, and an older target stays.
    """
    (index,) = plan.indices(scene.last_index)
    recipe = BackgroundCall(partial(format_experiment, scene.experiment), "recipe")
    renderer = Renderer(scene, plan)
    while renderer.make_more():
        yield None
    yield from renderer.fetch(index)
    while not recipe.is_over():
        yield True
    yield from renderer.prepare_in_steps(index)
    if issubclass(plan.format, Drawing):
        content = yield from plan.format.paint(renderer.sheet(index, recipe.result()))
        yield None
        yield from _write_aside(plan, content)
        return
    pixels = pixels_of((yield from renderer.image_in_steps(index)))
    yield None
    writer = plan.writer(
        plan.path,
        plan.size,
        plan.rate,
        1,
        recipe.result(),
        overwrite=plan.overwrite,
        dpi=plan.dpi,
    )
    with EncoderThread(writer) as encoder:
        encoder.add(pixels)
        encoder.end()
        while not encoder.has_ended:
            yield True


def _write_aside(plan: ExportPlan, content: Content) -> Steps:
    """Write a drawing in a thread; left early, wait for it, which then writes no more."""
    is_left = False

    def content_unless_left() -> bytes:
        made = content()
        if is_left:
            raise GeneratorExit
        return made

    assert issubclass(plan.format, Drawing)
    writing = BackgroundCall(
        partial(plan.format.write, plan.path, content_unless_left, overwrite=plan.overwrite),
        "encoder",
    )
    try:
        while not writing.is_over():
            yield True
    finally:
        is_left = True
        writing.is_over(None)
    writing.result()
