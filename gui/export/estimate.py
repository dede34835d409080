"""Estimates the size of an export from a few of its frames."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from engine import Steps
from engine.experiment import format_experiment
from engine.training import Scene
from gui.background.background_call import BackgroundCall
from gui.background.consumer_thread import ConsumerThread
from gui.export.plan import ExportPlan
from gui.export.renderer import Renderer

NEIGHBOURS = 8
"""Consecutive frames that are encoded: the size of a frame depends on the one before it."""


def estimate(scene: Scene, plan: ExportPlan, frames: int) -> Steps[int]:
    """Encode frames from the beginning and the middle, and extrapolate.

    Every step makes a panel, draws or paints at most one frame, and none waits for the encoder.
    Closed early or at the end, it leaves no files.

    Parameters
    ----------
    scene : Scene
        The frames that it has computed are used.
    plan : ExportPlan
    frames : int
        The number of frames of the export.

    Returns
    -------
    int
        The size in bytes.
    """
    chosen = plan.indices(scene.last_index)
    middle = len(chosen) // 2
    if len(chosen) > 2 * NEIGHBOURS:
        chosen = chosen[:NEIGHBOURS] + chosen[middle : middle + NEIGHBOURS]
    formatting = BackgroundCall(partial(format_experiment, scene.experiment), "recipe")
    recipe: str = yield from formatting.steps()
    renderer = Renderer(scene, plan)
    sizes = []
    with TemporaryDirectory(prefix="initscope-", ignore_cleanup_errors=True) as folder:
        for count in dict.fromkeys([1, len(chosen)]):
            path = Path(folder, f"{count}{plan.path.suffix}")
            with ConsumerThread(plan.open_writer(count, recipe, path), "encoder") as encoder:
                for index in chosen[:count]:
                    yield from renderer.prepare(index)
                    encoder.add(renderer.pixels(index))
                    yield False
                    while not (encoder.has_room or encoder.has_ended):
                        yield True
                encoder.end()
                while not encoder.has_ended:
                    yield True
            files = path.iterdir() if path.is_dir() else [path]
            sizes.append(sum(file.stat().st_size for file in files))
    each = (sizes[-1] - sizes[0]) / max(1, len(chosen) - 1)
    return round(sizes[0] + each * (frames - 1))


def size_text(size: int) -> str:
    """Return a number of bytes as text.

    >>> size_text(900), size_text(45_300), size_text(1_234_567), size_text(2_400_000_000)
    ('1 kB', '45 kB', '1.2 MB', '2.4 GB')
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{max(1, round(size / 1e3))} kB"
