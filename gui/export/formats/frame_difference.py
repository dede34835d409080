"""The changes between two frames, which animated PNG and WebP store."""

from typing import final

import numpy as np

from gui.export.formats.writer import Pixels


@final
class Changes:
    """Converts frames to layers that give the frames again when drawn over one another."""

    def __init__(self) -> None:
        self._last: Pixels | None = None

    def layer(self, pixels: Pixels) -> Pixels:
        """Return the frame with unchanged pixels transparent, (height, width, 4)."""
        last, self._last = self._last, pixels
        if last is None:
            return pixels
        whole = pixels.view(np.uint32)[..., 0]
        changed = np.where(whole == last.view(np.uint32)[..., 0], np.uint32(0), whole)
        return changed.view(np.uint8).reshape(pixels.shape)
