"""The changes between two frames, which animated PNG and WebP store."""

import numpy as np

from gui.export.formats.writer import Pixels


def changes(last: Pixels | None, pixels: Pixels) -> Pixels:
    """Return a frame with the pixels transparent that are equal in the last one.

    Drawn over the last frame, it gives the frame again. Without a last frame, it is the frame.
    """
    if last is None:
        return pixels
    whole = pixels.view(np.uint32)[..., 0]
    changed = np.where(whole == last.view(np.uint32)[..., 0], np.uint32(0), whole)
    return changed.view(np.uint8).reshape(pixels.shape)
