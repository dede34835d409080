"""Moments: what all panels show of a scene at one index, and how it is coloured."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from engine.training.comparison import Comparison
from engine.training.scene import Scene
from gui.panels.base.colours import ColourScale
from gui.panels.base.panel import ViewState, WhatIf
from gui.style.theme import Theme

COLOUR_SCALES = ("fixed", "logarithmic", "frame")
"""Colours reach to one limit for the recording, to it in decades, or to each frame's own."""


def resolve_view_state(
    scene: Scene, index: int, theme: Theme, colour_scale: str, what_if: WhatIf | None = None
) -> ViewState:
    """Return the moment of a scene, with a frame that no recording holds if it is of that frame."""
    if not isinstance(scene, Comparison):
        scale = ColourScale(1.0, theme)
        return ViewState(scene, index, (), scale, scale)
    frames = list(scene.frames_at(index))
    if what_if is not None:
        run = what_if.parameter.run
        if what_if.frame.index == frames[run].index:
            frames[run] = what_if.frame
        else:
            what_if = None

    def scale_of(arrays: Sequence[np.ndarray], largest: str) -> ColourScale:
        """Return the scale for the arrays shown, or for all that the recordings hold."""
        if colour_scale == "frame":
            sizes = [float(np.abs(array).max(initial=0.0)) for array in arrays]
        else:
            sizes = [getattr(each, largest) for each in scene.diagnostics]
        limit = max((size for size in sizes if isfinite(size)), default=0.0)
        return ColourScale(limit or 1.0, theme, colour_scale == "logarithmic")

    return ViewState(
        scene,
        index,
        tuple(frames),
        scale_of([w for frame in frames for w in frame.W[1:]], "largest_weight"),
        scale_of([frame.dW[1] for frame in frames], "largest_gradient"),
        example=scene.experiment.example,
        what_if=what_if,
    )
