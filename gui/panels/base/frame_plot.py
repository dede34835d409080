"""The base classes of plots whose curves grow with the scene, with or without a playhead."""

from abc import abstractmethod

from gui.panels.base.panel import S, ViewState
from gui.panels.base.plot import Curve, PlotPanel


class GrowingPlotPanel(PlotPanel[S]):
    """A plot whose ranges and curves change only while the scene grows."""

    _drawn: object = None

    def revision(self) -> object:
        """Return what differs whenever the curves have to be drawn again."""
        return self.subject.last_index

    @abstractmethod
    def draw_curves(self) -> None:
        """Fit the ranges, and show the curves as far as they are computed."""

    def draw_frame(self, state: ViewState) -> None:
        """Show what belongs to the frame."""

    def show_scene(self, subject: S) -> None:
        super().show_scene(subject)
        self._drawn = None

    def place_items(self) -> None:
        self._drawn = None

    def draw(self, state: ViewState) -> None:
        revision = self.revision()
        if revision != self._drawn:
            self.draw_curves()
            self._drawn = revision
        self.draw_frame(state)


class FramePlotPanel(GrowingPlotPanel[S]):
    """Curves by frame with a playhead, of which `make_items` makes the playhead alone."""

    per_run = False

    def make_items(self) -> None:
        self._playhead = Curve(self, self.theme.accent, 1.6)

    @abstractmethod
    def x_of(self, index: int) -> float | None:
        """Return the position of a frame on the axis; None where it has none."""

    def draw(self, state: ViewState) -> None:
        super().draw(state)
        x = self.x_of(state.index)
        self._playhead.set_data(*(([], []) if x is None else ([x, x], self.y_range)))
