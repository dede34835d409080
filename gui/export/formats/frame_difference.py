"""What changed between two frames: animated PNG and WebP store nothing else."""

from typing import final

import numpy as np

from gui.export.formats.writer import Pixels


@final
class Changes:
    """Turns frames into layers that, laid over one another, give the frames again."""

    def __init__(self) -> None:
        self._last: Pixels | None = None

    def layer(self, pixels: Pixels) -> Pixels:
        """Return the frame with what is as in the last one transparent, (height, width, 4)."""
        last, self._last = self._last, pixels
        if last is None:
            return pixels
        whole = pixels.view(np.uint32)[..., 0]
        changed = np.where(whole == last.view(np.uint32)[..., 0], np.uint32(0), whole)
        return changed.view(np.uint8).reshape(pixels.shape)
