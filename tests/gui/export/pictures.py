"""Frames to export, and independent readers of exported files."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from gui.export.formats.writer import Pixels

RECIPE = 'format = 1\ntitle = "Gewicht 日本 \\" %04d\\n"\n\n[training]\nsteps = 3\n'
SIZE = (160, 96)


def card(number: int, size: tuple[int, int] = SIZE) -> Pixels:
    """Red, green, blue and a gradient, with a white bar that moves."""
    width, height = size
    pixels = np.full((height, width, 4), 255, np.uint8)
    third = width // 3
    half = height // 2
    for at, colour in enumerate([(0, 0, 255), (0, 255, 0), (255, 0, 0)]):  # blue comes first
        pixels[:half, at * third : (at + 1) * third, :3] = colour
    pixels[half:, :, :3] = np.linspace(20, 230, width).astype(np.uint8)[:, None]
    bar = 8 + 4 * (number % 10)
    pixels[half + 8 : half + 24, bar : bar + 4, :3] = 255
    return pixels


@dataclass(frozen=True)
class Read:
    """A file as another reader sees it: RGB frames, and seconds for each."""

    frames: list[NDArray[np.uint8]]
    seconds: list[Fraction]


def read(path: Path) -> Read:
    """Read a file of any format: videos by FFmpeg's demuxer, all others by Pillow."""
    if path.is_dir():
        files = sorted(path.iterdir())
        return Read([np.asarray(Image.open(file).convert("RGB")) for file in files], [])
    return _read_video(path) if path.suffix in (".mp4", ".webm") else _read_images(path)


def _read_images(path: Path) -> Read:
    frames, seconds = [], []
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            frames.append(np.asarray(frame.convert("RGB")))
            delay = frame.info.get("duration", 0)  # ms; PNG's may be a fraction
            seconds.append(Fraction(delay).limit_denominator(10**6) / 1000)
    return Read(frames, seconds)


def _read_video(path: Path) -> Read:
    with av.open(path) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        frames, ticks = [], []
        for frame in container.decode(stream):
            assert frame.pts is not None
            frames.append(frame.reformat(format="rgb24").to_ndarray())
            ticks.append(frame.pts * stream.time_base)
        assert container.duration is not None
        ends = [*ticks[1:], Fraction(container.duration, 10**6)]
    seconds = [end - start for start, end in zip(ticks, ends, strict=True)]
    return Read(frames, seconds)  # type: ignore[arg-type]


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return the peak signal-to-noise ratio in dB."""
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return float(10 * np.log10(255.0**2 / error)) if error else float("inf")
