"""Carries out an export: renders the frames of a plan off screen, and has them encoded."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar, cast, final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem

from engine.experiment.toml_writer import format_experiment
from engine.text import counted
from engine.training.scene import Scene
from gui.background.background_call import BackgroundCall
from gui.export.encoder_thread import EncoderThread
from gui.export.formats.drawing import Drawing, Sheet
from gui.export.formats.writer import Pixels, Writer
from gui.export.painting import paint_in_steps, picture_in_steps
from gui.export.plan import ExportPlan
from gui.stage.stage import Stage
from gui.stage.view_state import ViewOptions, resolve_view_state
from gui.style.theme import THEMES, load_fonts

T = TypeVar("T")


@final
class Renderer:
    """The stage of a plan, off screen; it needs an application, but no display.

    Parameters
    ----------
    comparison : Scene
    plan : ExportPlan
        Its panels, theme and size.
    """

    def __init__(self, comparison: Scene, plan: ExportPlan) -> None:
        load_fonts()
        self._stage = Stage(THEMES[plan.theme], plan.panels)
        self._stage.set_size(*plan.layout)
        self._options = ViewOptions(self._stage.theme)
        self._making = self._stage.build(comparison) or iter(())
        self._scene, self._size, self._layout = comparison, plan.size, plan.layout
        self.prepared: int | None = None
        """The frame that is drawn and not painted yet."""

    def make_more(self) -> bool:
        """Make one more panel, if any lacks; return whether it did. All are made when needed."""
        return next(self._making, self) is not self

    def fetch(self, index: int) -> Iterator[bool]:
        """Have a thread work out what this frame needs, if that takes long; True until it has."""
        self._finish_making()
        if self._stage.takes_long(index):
            fetching = BackgroundCall(self._stage.preparation(index, self._options), "frames")
            while not fetching.is_over():
                yield True

    def _finish_making(self) -> None:
        while self.make_more():
            pass

    def prepare(self, index: int) -> None:
        """Draw the frame of this index now, so that its picture, next, takes half the time."""
        for _ in self.prepare_in_steps(index):
            pass

    def prepare_in_steps(self, index: int) -> Iterator[None]:
        """Do the same in steps."""
        self._finish_making()
        state = resolve_view_state(self._scene, index, self._options)
        yield
        yield from self._stage.draw_in_steps(state)
        self.prepared = index

    def image(self, index: int) -> QImage:
        """Return the picture of the frame of this index."""
        self._take(index)
        return self._stage.picture(*self._size)

    def image_in_steps(
        self, index: int, within: QSize | None = None
    ) -> Generator[None, None, QImage]:
        """Return what makes the picture of this frame in steps, no larger than `within`."""
        self._take(index)
        size = QSize(*self._size)
        if within is not None and within.expandedTo(size) != within:
            size.scale(within, Qt.AspectRatioMode.KeepAspectRatio)
        return (yield from picture_in_steps(self._stage, size.width(), size.height()))

    def _take(self, index: int) -> None:
        """Have a frame drawn, which is painted next."""
        if self.prepared != index:
            self.prepare(index)
        self.prepared = None

    def sheet(self, index: int, recipe: str) -> Sheet:
        """Return what a drawing of the frame of this index is of."""
        title = self._scene.experiment.title
        return Sheet(self._layout, title, recipe, partial(self._draw, index))

    def _draw(self, index: int, painter: QPainter, target: QRectF) -> Iterator[None]:
        """Paint a frame as lines and areas, not as pictures of them."""
        self._take(index)
        for item in self._stage.items():
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        yield from paint_in_steps(self._stage, painter, target)

    def pixels(self, index: int) -> Pixels:
        """Return the same as an array of its own."""
        return pixels_of(self.image(index))


def pixels_of(image: QImage) -> Pixels:
    """Return a picture as an array (height, width, 4)."""
    view = np.frombuffer(image.constBits(), np.uint8)
    # A copy: the image's memory goes with the image.
    return view.reshape(image.height(), image.width(), 4).copy()


def finished(steps: Generator[None, None, T]) -> T:
    """Take all steps at once, and return what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(T, end.value)


def render_frames(renderer: Renderer, indices: Sequence[int]) -> Iterator[Pixels]:
    """Yield the frames of these indices; one that is held is rendered once."""
    last = None
    for index in indices:
        if last is None or index != last[0]:
            last = (index, renderer.pixels(index))
        yield last[1]


def export_frames(
    comparison: Scene,
    plan: ExportPlan,
    progress: Callable[[int, int], None] = lambda done, total: None,
    interrupt: Callable[[], None] = lambda: None,
) -> int:
    """Render and write every frame of a plan, in the thread that owns the application.

    Parameters
    ----------
    comparison : Scene
        Trained, or computed, to its end.
    plan : ExportPlan
    progress : callable
        Told how many frames of how many are rendered, those that were kept not counted. What it
        raises ends the export.
    interrupt : callable
        Called between frames and while the encoder is waited for. What it raises ends the export.

    Returns
    -------
    int
        How many frames were written.

    Raises
    ------
    InitscopeError
        If the target cannot be written. Nothing is left behind then, nor when anything else is
        raised, and an older target stays. With `resume`, frames are kept, and a note of what is
        raised says how many.
    """
    indices = plan.indices(comparison.last_index)
    recipe = format_experiment(comparison.experiment)
    renderer = Renderer(comparison, plan)
    if issubclass(plan.format, Drawing):
        content = finished(plan.format.paint(renderer.sheet(indices[0], recipe)))
        plan.format.write(plan.path, content, overwrite=plan.overwrite)
        progress(1, 1)
        return 1
    writer = plan.writer(
        plan.path,
        plan.size,
        plan.rate,
        len(indices),
        recipe,
        overwrite=plan.overwrite,
        dpi=plan.dpi,
        resume=plan.resume,
    )
    with _telling_what_is_kept(writer):
        try:
            if plan.resume:
                writer.keep(plan.pictures(recipe, indices), interrupt)
            for index in spread(indices, writer.samples):
                interrupt()
                writer.sample(renderer.pixels(index))
        except BaseException:
            writer.abort()
            raise
        missing = [indices[number] for number in writer.missing]
        with EncoderThread(writer, interrupt) as encoder:
            for done, pixels in enumerate(render_frames(renderer, missing), start=1):
                encoder.add(pixels)
                progress(done, len(missing))
    return len(indices)


@contextmanager
def _telling_what_is_kept(writer: Writer) -> Iterator[None]:
    """Add a note to what is raised, if frames are kept then."""
    try:
        yield
    except BaseException as error:
        kept = writer.kept
        if kept:
            lacks_some = kept < writer.frames  # else the target already exists
            then = "the same command completes the rest" if lacks_some else "--resume uses them"
            error.add_note(f"{kept:,} of {counted(writer.frames, 'frame')} are kept: {then}")
        raise


def spread(indices: Sequence[int], most: int) -> list[int]:
    """Return at most so many of the indices, evenly spread from the first to the last.

    >>> spread(range(10), 4)
    [0, 3, 6, 9]
    """
    different = list(dict.fromkeys(indices))
    if len(different) <= most:
        return different
    return [different[round(at)] for at in np.linspace(0, len(different) - 1, most)]
