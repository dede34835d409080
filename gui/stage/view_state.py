"""The view options, and the view state: what panels show of a scene at one index."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, final

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine import unknown_name
from engine.editing.parameters import Parameter
from engine.training import Scene
from gui.panels.base import ColourScale, ViewState, WhatIf
from gui.style.theme import Theme

COLOUR_SCALES = ("fixed", "logarithmic", "frame")
"""The limit of the colours is that of the recording, the same in decades, or each frame's own."""


@final
@dataclass(frozen=True, eq=False)
class ViewOptions:
    """How a frame is shown, whichever frame it is.

    Attributes
    ----------
    theme : Theme
    colour_scale : str
        One of `COLOUR_SCALES`; another raises `UsageError`.
    selected : Parameter, optional
        The weight or bias that the keyboard changes.
    drawn_class : int, optional
        The class that the left mouse button draws, while points are drawn.
    what_if : WhatIf, optional
        A frame to show in place of the recorded frame with the same index.
    """

    theme: Theme
    colour_scale: str = "fixed"
    selected: Parameter | None = None
    drawn_class: int | None = None
    what_if: WhatIf | None = None

    def __post_init__(self) -> None:
        if self.colour_scale not in COLOUR_SCALES:
            raise unknown_name("colour scale", self.colour_scale, COLOUR_SCALES)


@final
class ViewModel(QObject):
    """The current view options, which controllers change and the frame scheduler reads.

    Attributes
    ----------
    options : ViewOptions

    Signals
    -------
    changed()
        The frame is to be drawn with other options.
    """

    changed = Signal()

    def __init__(self, options: ViewOptions, parent: QObject) -> None:
        super().__init__(parent)
        self.options = options

    def update(self, **changes: Any) -> None:
        """Replace fields of the options."""
        self.replace(**changes)
        self.changed.emit()

    def replace(self, **changes: Any) -> None:
        """Replace fields of the options without a signal, before a drawing."""
        self.options = replace(self.options, **changes)


def resolve_view_state(scene: Scene, index: int, options: ViewOptions) -> ViewState:
    """Return what panels show of a scene at an index.

    The `what_if` of the result is None where that of the options is of another frame.
    """
    frames, what_if = list(scene.frames_at(index)), options.what_if
    if what_if is not None:
        run = what_if.parameter.run
        if what_if.frame.index == frames[run].index:
            frames[run] = what_if.frame
        else:
            what_if = None

    def scale_of(arrays: Sequence[np.ndarray], largest: str) -> ColourScale:
        """Return the scale for the arrays shown, or for all that the recordings hold."""
        if options.colour_scale == "frame":
            sizes = [float(np.abs(array).max(initial=0.0)) for array in arrays]
        else:
            sizes = [getattr(each, largest) for each in scene.diagnostics]
        limit = max((size for size in sizes if isfinite(size)), default=0.0)
        return ColourScale(limit or 1.0, options.theme, options.colour_scale == "logarithmic")

    return ViewState(
        scene,
        index,
        tuple(frames),
        scale_of([w for frame in frames for w in frame.W[1:]], "largest_weight"),
        scale_of([frame.dW[1] for frame in frames], "largest_gradient"),
        example=scene.experiment.example,
        drawn_class=options.drawn_class,
        selected=options.selected,
        what_if=what_if,
    )
