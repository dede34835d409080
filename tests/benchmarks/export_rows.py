"""Exports beside matplotlib's animations of the same panels, with the same codec settings."""

import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, final

import av
import numpy as np
from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, FuncAnimation, PillowWriter

from engine.training.comparison import compare
from gui.export.formats.video import Mp4Writer
from gui.export.offscreen import offscreen_application
from gui.export.plan import ExportPlan, FrameRange
from gui.export.renderer import export_frames
from tests.benchmarks.default_stage import default_experiment
from tests.benchmarks.matplotlib_stage import MatplotlibStage
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    milliseconds,
    side_by_side,
    timed,
)

THEIR_FRAMES = 20
"""Their frames cost so much that a few of them, from all over the recording, are enough."""
IN_PROCESS = "both from a trained experiment to a finished file, in this process"


def mp4_beside_func_animation() -> Measurement:
    """Measure `export_frames` beside FuncAnimation.save, both with x264 at the same settings."""
    options = Mp4Writer.codec_options
    if FFMpegWriter.isAvailable():
        arguments = [word for key, value in options.items() for word in (f"-{key}", value)]
        arguments += ["-pix_fmt", "yuv420p"]

        def writer() -> AbstractMovieWriter:
            return FFMpegWriter(fps=30, codec="libx264", extra_args=arguments)

        note = "matplotlib pipes to ffmpeg"
    else:

        def writer() -> AbstractMovieWriter:
            return PyAVWriter(fps=30)

        note = "there is no ffmpeg here, so matplotlib's canvas goes to x264 through PyAV"
    return _measure(".mp4", (1920, 1080), writer, note)


def gif_beside_pillow() -> Measurement:
    """Measure `export_frames` beside FuncAnimation.save with Pillow."""
    return _measure(".gif", (960, 540), lambda: PillowWriter(fps=25), "")


def _measure(suffix: str, size: tuple[int, int], writer: Any, note: str) -> Measurement:
    application = offscreen_application()
    comparison = compare(default_experiment())
    frames = comparison.last_index + 1
    their_frames = np.linspace(0, comparison.last_index, THEIR_FRAMES).round().astype(int).tolist()
    rival = MatplotlibStage(comparison, size[0])
    with tempfile.TemporaryDirectory(prefix="initscope-bench-") as folder:
        path = Path(folder, f"ours{suffix}")
        few = FrameRange(0, 5)  # what is loaded and cached with the first frames is not measured
        export_frames(comparison, ExportPlan(path, size, frames=few))
        plan = ExportPlan(path, size, overwrite=True)
        _animate(rival, their_frames[:2], writer(), folder, suffix)
        pairs = side_by_side(
            lambda: timed(lambda: export_frames(comparison, plan), frames),
            lambda: timed(
                lambda: _animate(rival, their_frames, writer(), folder, suffix), THEIR_FRAMES
            ),
            rounds=3,
            unmeasured=0,
        )
    del application
    notes = (f"{IN_PROCESS}; {note}" if note else IN_PROCESS,)
    return Measurement(milliseconds(pairs), "ms a frame", notes)


def _animate(
    rival: MatplotlibStage,
    indices: Sequence[int],
    writer: AbstractMovieWriter,
    folder: str,
    suffix: str,
) -> None:
    animation = FuncAnimation(
        rival.figure, rival.draw, frames=indices, init_func=list, cache_frame_data=False
    )
    animation.save(str(Path(folder, f"theirs{suffix}")), writer=writer, dpi=rival.figure.dpi)


@final
class PyAVWriter(AbstractMovieWriter):
    """Writes H.264 with the settings of `Mp4Writer`, for where there is no ffmpeg to pipe to.

    It takes the pixels from the canvas, which spares matplotlib a pipe.
    """

    def setup(self, fig: Any, outfile: Any, dpi: float | None = None) -> None:
        super().setup(fig, outfile, dpi)
        self._container = av.open(str(outfile), "w", options=Mp4Writer.container_options)
        stream = self._container.add_stream(
            Mp4Writer.encoder, rate=Fraction(self.fps), options=dict(Mp4Writer.codec_options)
        )
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = self.frame_size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_type = "AUTO"
        self._stream = stream

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        canvas: Any = self.fig.canvas
        canvas.draw()
        frame = av.VideoFrame.from_ndarray(np.asarray(canvas.buffer_rgba()), format="rgba")
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()


ROWS = (
    Row(
        "mp4",
        "export MP4 1920×1080",
        "matplotlib's FuncAnimation with ffmpeg",
        Target(Figure.SPEED, 12.0),
        mp4_beside_func_animation,
    ),
    Row(
        "gif",
        "export GIF 960×540",
        "matplotlib's PillowWriter",
        Target(Figure.SPEED, 10.0),
        gif_beside_pillow,
    ),
)
