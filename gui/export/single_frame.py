"""Writes one frame in steps, so that a window answers between them."""

from functools import partial

from engine.experiment.toml_writer import format_experiment
from engine.generators import Steps
from engine.training.scene import Scene
from gui.background.background_call import BackgroundCall
from gui.background.consumer_thread import ConsumerThread
from gui.export.formats.drawing import Content, Drawing
from gui.export.plan import ExportPlan
from gui.export.renderer import Renderer, pixels_of


def write_frame(scene: Scene, plan: ExportPlan) -> Steps[None]:
    """Write the one frame of a plan, in the thread that owns the application.

    Every step makes a panel, draws, paints, or checks whether a thread has ended. Closed early, it
    leaves an older target unchanged, unless the new one is just being moved into its place.

    Parameters
    ----------
    scene : Scene
        Has computed the frame.
    plan : ExportPlan

    Raises
    ------
    InitscopeError
        If the target cannot be written. Nothing is left behind, and an older target is unchanged.
    """
    (index,) = plan.indices(scene.last_index)
    formatting = BackgroundCall(partial(format_experiment, scene.experiment), "recipe")
    renderer = Renderer(scene, plan)
    yield from renderer.prepare(index)
    recipe: str = yield from formatting.steps()
    if issubclass(plan.format, Drawing):
        content = yield from plan.format.paint(renderer.sheet(index, recipe))
        yield False
        yield from _write_drawing(plan, content)
        return
    pixels = pixels_of((yield from renderer.image_in_steps(index)))
    yield False
    with ConsumerThread(plan.open_writer(1, recipe), "encoder") as encoder:
        encoder.add(pixels)
        encoder.end()
        while not encoder.has_ended:
            yield True


def _write_drawing(plan: ExportPlan, content: Content) -> Steps[None]:
    """Write a drawing in a thread; closed early, wait for the thread, which writes nothing."""
    is_closed = False

    def content_unless_closed() -> bytes:
        made = content()
        if is_closed:
            raise GeneratorExit
        return made

    assert issubclass(plan.format, Drawing)
    writing = BackgroundCall(
        partial(plan.format.write, plan.path, content_unless_closed, overwrite=plan.overwrite),
        "encoder",
    )
    try:
        yield from writing.steps()
    finally:
        is_closed = True
        writing.is_over(None)
