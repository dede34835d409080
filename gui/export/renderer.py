"""Renders the frames of a plan off screen, and writes them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem

from engine import Steps, counted, drain
from engine.experiment import format_experiment
from engine.training import Scene
from gui.background.background_call import BackgroundCall
from gui.background.consumer_thread import ConsumerThread
from gui.export.formats.drawing import Content, Drawing, Sheet
from gui.export.formats.writer import Pixels, Writer
from gui.export.plan import ExportPlan
from gui.stage.stage import SMOOTH, Stage
from gui.stage.view_state import ViewOptions, resolve_view_state
from gui.style.theme import THEMES, load_fonts


@final
class Renderer:
    """The stage of a plan, off screen; it needs an application, but no display.

    Parameters
    ----------
    scene : Scene
    plan : ExportPlan
        Its panels, theme and size.
    """

    def __init__(self, scene: Scene, plan: ExportPlan) -> None:
        load_fonts()
        self._stage = Stage(THEMES[plan.theme], plan.panels)
        self._stage.set_size(*plan.layout)
        self._options = ViewOptions(self._stage.theme)
        self._panels = self._stage.build(scene) or iter(())
        self._scene, self._size, self._layout = scene, plan.size, plan.layout
        self._drawn: int | None = None
        """The frame that is drawn and not painted yet."""

    def prepare(self, index: int) -> Steps[None]:
        """Make the panels and draw a frame in steps, so that painting it takes half the time."""
        for _ in self._panels:
            yield False
        if self._stage.takes_long(index):
            preparation = self._stage.preparation(index, self._options)
            yield from BackgroundCall(preparation, "frames").steps()
        yield from self._draw(index)

    def image_in_steps(self, index: int, within: QSize | None = None) -> Steps[QImage]:
        """Return steps whose result is the picture of a frame, not larger than `within`."""
        self._ensure_drawn(index)
        size = QSize(*self._size)
        if within is not None and within.expandedTo(size) != within:
            size.scale(within, Qt.AspectRatioMode.KeepAspectRatio)
        return picture_in_steps(self._stage, size.width(), size.height())

    def pixels(self, index: int) -> Pixels:
        """Return the picture of a frame as an array."""
        self._ensure_drawn(index)
        return pixels_of(self._stage.picture(*self._size))

    def sheet(self, index: int, recipe: str) -> Sheet:
        """Return a frame as the sheet of a drawing."""
        title = self._scene.experiment.title
        return Sheet(self._layout, title, recipe, partial(self._paint_vectors, index))

    def _draw(self, index: int) -> Iterator[bool]:
        state = resolve_view_state(self._scene, index, self._options)
        yield False
        for _ in self._stage.draw_in_steps(state):
            yield False
        self._drawn = index

    def _ensure_drawn(self, index: int) -> None:
        """Draw a frame that will be painted next, if it is not drawn yet."""
        if self._drawn != index:
            for _ in chain(self._panels, self._draw(index)):
                pass
        self._drawn = None

    def _paint_vectors(self, index: int, painter: QPainter, target: QRectF) -> Iterator[bool]:
        """Paint a frame as lines and areas instead of cached pictures of them."""
        self._ensure_drawn(index)
        for item in (*self._stage.items(), *self._stage.backdrop.items()):
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        yield from paint_in_steps(self._stage, painter, target)


def paint_in_steps(stage: Stage, painter: QPainter, target: QRectF) -> Iterator[bool]:
    """Paint as `Stage.paint` does, one panel per step; the stage must not be used between them."""
    order = Qt.SortOrder.AscendingOrder
    items = [item for item in stage.items(order) if item.parentItem() is None]
    background = stage.backgroundBrush()
    for item in items:
        item.hide()
    try:
        stage.paint(painter, target)
        stage.setBackgroundBrush(Qt.BrushStyle.NoBrush)
        for item in items:
            yield False
            item.show()
            stage.paint(painter, target)
            item.hide()
    finally:
        stage.setBackgroundBrush(background)
        for item in items:
            item.show()


def picture_in_steps(stage: Stage, width: int, height: int) -> Steps[QImage]:
    """Return steps whose result is the picture of `Stage.picture`."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        painter.setRenderHints(SMOOTH)
        yield from paint_in_steps(stage, painter, QRectF(image.rect()))
    return image


def pixels_of(image: QImage) -> Pixels:
    """Return a picture as an array (height, width, 4)."""
    view = np.frombuffer(image.constBits(), np.uint8)
    # A copy, because the memory belongs to the image.
    return view.reshape(image.height(), image.width(), 4).copy()


def render_frames(renderer: Renderer, indices: Sequence[int]) -> Iterator[Pixels]:
    """Yield the frames of these indices; a frame that is repeated is rendered once."""
    last = None
    for index in indices:
        if last is None or index != last[0]:
            last = (index, renderer.pixels(index))
        yield last[1]


def export_frames(
    scene: Scene,
    plan: ExportPlan,
    report: Callable[[int, int], None] = lambda done, total: None,
    interrupt: Callable[[], None] = lambda: None,
) -> int:
    """Render and write every frame of a plan, in the thread that owns the application.

    Parameters
    ----------
    scene : Scene
        Trained, or computed, to its end.
    plan : ExportPlan
    report : callable
        Called with the number of frames rendered and the number of frames to render, which does
        not include stored frames of an earlier export. What it raises ends the export.
    interrupt : callable
        Called between frames and while the encoder is waited for. What it raises ends the export.

    Returns
    -------
    int
        The number of frames written.

    Raises
    ------
    InitscopeError
        If the target cannot be written. After this or any other exception, nothing is left behind
        and an older target is unchanged. With `resume`, complete frames are stored, and a note of
        the exception says how many.
    """
    indices = plan.indices(scene.last_index)
    recipe = format_experiment(scene.experiment)
    renderer = Renderer(scene, plan)
    if issubclass(plan.format, Drawing):
        content = drain(plan.format.paint(renderer.sheet(indices[0], recipe)))
        plan.format.write(plan.path, content, overwrite=plan.overwrite)
        report(1, 1)
        return 1
    writer = plan.open_writer(len(indices), recipe)
    with _noting_stored_frames(writer):
        try:
            if plan.resume:
                writer.resume(plan.pictures(recipe, indices), interrupt)
            for index in spread(indices, writer.samples):
                interrupt()
                writer.sample(renderer.pixels(index))
        except BaseException:
            writer.abort()
            raise
        missing = [indices[number] for number in writer.missing]
        with ConsumerThread(writer, "encoder", interrupt) as encoder:
            for done, pixels in enumerate(render_frames(renderer, missing), start=1):
                encoder.add(pixels)
                report(done, len(missing))
    return len(indices)


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


@contextmanager
def _noting_stored_frames(writer: Writer) -> Iterator[None]:
    """Add a note to an exception, if frames are stored."""
    try:
        yield
    except BaseException as error:
        stored = writer.stored
        if stored:
            # If all are stored, it was the target that could not be replaced.
            remedy = (
                "the same command completes the rest"
                if stored < writer.frames
                else "--resume uses them"
            )
            error.add_note(f"{stored:,} of {counted(writer.frames, 'frame')} are stored: {remedy}")
        raise


def spread(indices: Sequence[int], most: int) -> list[int]:
    """Return at most `most` of the indices, evenly spread from the first to the last.

    >>> spread(range(10), 4)
    [0, 3, 6, 9]
    """
    different = list(dict.fromkeys(indices))
    if len(different) <= most:
        return different
    return [different[round(at)] for at in np.linspace(0, len(different) - 1, most)]
