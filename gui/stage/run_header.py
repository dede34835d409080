"""The header of the stage, and the header of each run."""

from abc import abstractmethod
from math import isfinite
from typing import final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsLineItem

from engine import plain_text
from engine.editing.branches import branch_of
from engine.experiment import Run
from engine.training import Comparison, Finish
from gui.panels.base import LETTERS, LINE_STYLES, TEXT, Label, ViewState, number_text
from gui.style.theme import Theme, font


class Header(QGraphicsItem):
    """A line of text across the stage, without a background."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.theme = theme
        self._width = 0.0

    @property
    def labels(self) -> list[Label]:
        """The labels, from left to right."""
        return [item for item in self.childItems() if isinstance(item, Label)]

    @property
    def texts(self) -> list[str]:
        """The texts of the labels."""
        return [label.text for label in self.labels]

    def arrange(self, rect: QRectF) -> None:
        """Take this place on the stage."""
        self.setPos(rect.topLeft())
        self._width = rect.width()
        self.arrange_labels(rect.height() / 2.0)

    @abstractmethod
    def arrange_labels(self, middle: float) -> None:
        """Place the labels around this height."""

    @abstractmethod
    def draw(self, state: ViewState) -> None:
        """Show a view state."""

    def boundingRect(self) -> QRectF:
        return QRectF()


@final
class StageHeader(Header):
    """The title, the settings that all runs share, and the caption of the frame."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        self._title = Label(self, theme.text, font(22.0, bold=True), left)
        self._subtitle = Label(self, theme.muted, font(TEXT + 2.0), left)
        self._frame = Label(self, theme.text, font(20.0, bold=True), right)

    def arrange_labels(self, middle: float) -> None:
        self._title.setPos(6.0, middle)
        self._title.max_width = self._width * 0.45
        self._frame.setPos(self._width - 6.0, middle)
        self._subtitle.setPos(0.0, middle + 2.0)

    def draw(self, state: ViewState) -> None:
        scene = state.scene
        self._title.set_text(scene.experiment.title)
        self._frame.set_text(scene.caption(state.index))
        title = min(self._title.boundingRect().width(), self._title.max_width or 0.0)
        self._subtitle.setX(6.0 + title + 18.0)
        self._subtitle.max_width = max(1.0, self._width - title - 230.0)
        self._subtitle.set_text(scene.summary)


@final
class RunHeader(Header):
    """A run's letter, line style, name and initialization, and its results at the frame."""

    def __init__(self, run: int, theme: Theme) -> None:
        super().__init__(theme)
        self._run = run
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        self._line = QGraphicsLineItem(self)
        self._line.setPen(QPen(QColor(theme.text), 2.0, LINE_STYLES[run]))
        self._name = Label(self, theme.text, font(TEXT + 3.0, bold=True), left)
        self._start = Label(self, theme.muted, font(TEXT + 1.0), left)
        self._state = Label(self, theme.text, font(TEXT + 1.0), right)

    def arrange_labels(self, middle: float) -> None:
        self._line.setLine(QLineF(6.0, middle, 40.0, middle))
        self._name.setPos(50.0, middle)
        self._name.max_width = self._width * 0.3
        self._start.setPos(0.0, middle)
        self._state.setPos(self._width - 6.0, middle)

    def draw(self, state: ViewState) -> None:
        comparison = state.comparison
        run = comparison.experiment.runs[self._run]
        self._name.set_text(f"{LETTERS[self._run]}  {run.name}")
        name = min(self._name.boundingRect().width(), self._name.max_width or 0.0)
        self._start.setX(50.0 + name + 16.0)
        self._start.set_text(_own_settings(comparison, self._run))
        self._state.set_text(self._state_text(state))
        self._start.max_width = max(
            1.0, self._width - self._start.x() - self._state.boundingRect().width() - 30.0
        )

    def _state_text(self, state: ViewState) -> str:
        recording = state.comparison.recordings[self._run]
        frame = state.frames[self._run]
        right = float(state.comparison.diagnostics[self._run].accuracy[frame.index])
        text = f"loss {plain_text(frame.loss)}"
        self._state.set_colour(self.theme.text)
        tried = state.what_if
        if tried is not None and tried.parameter.run == self._run:
            self._state.set_colour(self.theme.accent)
            return f"{text}   ·   if {tried.parameter.name} were {number_text(tried.value, 4)}"
        if isfinite(right):  # it is NaN where targets are not 0 or 1
            text += f"   ·   {100.0 * right:.0f} % right"
        if recording.finish is Finish.DIVERGED:
            self._state.set_colour(self.theme.alarm)
            ended = f"ended at frame {len(recording) - 1:,}"
            return f"{text}   ·   {recording.reason if frame.index < state.index else ended}"
        return text


def _rate_text(rate: float) -> str:
    return f"η = {plain_text(rate, 6)}"


def _own_settings(comparison: Comparison, number: int) -> str:
    experiment = comparison.experiment
    run, branch = experiment.runs[number], branch_of(experiment, number)
    if branch is not None:
        parts = [f"as {LETTERS[branch.run]} up to frame {branch.shared:,}"]
    else:
        parts = _start(run)
    for change in run.changes:
        changed = [] if change.learning_rate is None else [_rate_text(change.learning_rate)]
        if change.hidden is not None:
            names = experiment.network_for(run, change.step).hidden_names
            changed.append(", ".join(dict.fromkeys(names)))
        parts.append(f"from frame {change.step:,} on {', '.join(changed)}")
    if run.edits:
        parts.append("edited by hand")
    return "  ·  ".join(parts)


def _start(run: Run) -> list[str]:
    """Return the initialization of a run, and its departures from the experiment's settings."""
    parts = [f"{run.init.scheme}: {run.init.formula}" if run.init.formula else run.init.scheme]
    parts += [
        f"{name.replace('_', ' ')} {plain_text(value, 6)}"
        for name in ("value", "scale", "limit", "gain", "epsilon")
        if isinstance(value := getattr(run.init, name, None), float)
    ]
    if run.init.random:
        parts.append(f"seed {run.init.seed}")
    if run.learning_rate is not None:
        parts.append(_rate_text(run.learning_rate))
    return parts + [str(each) for each in (run.hidden, run.loss) if each is not None]
