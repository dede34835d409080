"""How large an export will be, from a few of its frames."""

from collections.abc import Generator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.experiment.toml_writer import format_experiment
from engine.training.scene import Scene
from gui.background.background_call import BackgroundCall
from gui.export.encoder_thread import EncoderThread
from gui.export.plan import ExportPlan
from gui.export.renderer import Renderer

NEIGHBOURS = 8
"""Frames in a row that are encoded: what a frame costs depends on the one before it."""


Steps = Generator[int | None, None, None]
"""An estimate under way."""


def estimate(comparison: Scene, plan: ExportPlan, frames: int) -> Steps:
    """Encode frames from the beginning and the middle, and judge the whole by them.

    Every step makes a panel, draws or paints one frame at most, and none waits for the encoder, so
    the thread that owns the application can go on with other things between them. Left early, or
    at the end, it leaves no files.

    Parameters
    ----------
    comparison : Scene
        What it holds by now is judged by.
    plan : ExportPlan
    frames : int
        How many frames there will be.

    Yields
    ------
    int or None
        The size in bytes, in the last step; None in those before.
    """
    indices = plan.indices(comparison.last_index)
    middle = len(indices) // 2
    chosen = indices
    if len(indices) > 2 * NEIGHBOURS:
        chosen = indices[:NEIGHBOURS] + indices[middle : middle + NEIGHBOURS]
    recipe = BackgroundCall(partial(format_experiment, comparison.experiment), "recipe")
    while not recipe.is_over():
        yield None
    renderer = Renderer(comparison, plan)
    while renderer.make_more():
        yield None
    sizes = []
    with TemporaryDirectory(prefix="initscope-", ignore_cleanup_errors=True) as folder:
        for count in dict.fromkeys([1, len(chosen)]):
            path = Path(folder, f"{count}{plan.path.suffix}")
            part = replace(plan, path=path)
            writer = part.writer(path, part.size, part.rate, count, recipe.result())
            with EncoderThread(writer) as encoder:
                for index in chosen[:count]:
                    for _ in renderer.fetch(index):
                        yield None
                    renderer.prepare(index)
                    yield None
                    encoder.add(renderer.pixels(index))
                    yield None
                    while not (encoder.has_room or encoder.has_ended):
                        yield None
                encoder.end()
                while not encoder.has_ended:
                    yield None
            sizes.append(_size(path))
    each = (sizes[-1] - sizes[0]) / max(1, len(chosen) - 1)
    yield round(sizes[0] + each * (frames - 1))


def size_text(size: int) -> str:
    """Write a number of bytes for people.

    >>> size_text(900), size_text(45_300), size_text(1_234_567), size_text(2_400_000_000)
    ('1 kB', '45 kB', '1.2 MB', '2.4 GB')
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{max(1, round(size / 1e3))} kB"


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)
