"""The card that explains a number of the current frame, in a window beside the stage."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QScrollArea,
    QTabBar,
    QWidget,
)

from engine.editing.parameters import Parameter
from engine.experiment import Question
from engine.explain.lines import explain
from engine.explain.matrices import explain_rows, explain_update
from engine.explain.notation import Explanation
from engine.training import Frame, Scene
from gui.background.background_call import BackgroundCall
from gui.explain.choices import Choices
from gui.formulas import typesetting
from gui.formulas.view import ExplanationView
from gui.panels.base.panel import LETTERS
from gui.style.theme import Theme
from gui.widgets import column, configured, forget_style, push_button, row

VIEWS = {
    "gradient": ("Gradient", "chain-rule"),
    "forward": ("Forward", "chain-rule"),
    "rows": ("Rows", "row-factors"),
    "update": ("Step", "update"),
}
"""The explanations: the title of each, and the panel that shows the same on the stage."""
SIZE = (900, 600)
PATIENCE_SECONDS = 0.04
"""An explanation that takes no longer is shown without an intermediate state."""


@final
class Card(QDialog):
    """Explains one number of one run, in the frames that it receives.

    Attributes
    ----------
    explanation : Explanation
        The current explanation.

    Signals
    -------
    stage_requested(str, str)
        The name of the number, and of the panel that is to show it on the stage.
    change_requested(Parameter)
        The weight or bias whose gradient is explained is to be changed.
    """

    stage_requested = Signal(str, str)
    change_requested = Signal(Parameter)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("explanation_card")
        self._theme = theme
        self._scene: Scene | None = None
        self._frames: tuple[Frame, ...] = ()
        self.explanation = Explanation("", ())
        self._work: tuple[BackgroundCall, Frame] | None = None
        self._is_outdated = False
        self.choices = configured(Choices(), changed=self._explain)
        self._tabs = configured(QTabBar(drawBase=False, expanding=False), objectName="explain_view")
        for name, (text, _) in VIEWS.items():
            self._tabs.setTabData(self._tabs.addTab(text), name)
        self._tabs.currentChanged.connect(self._explain)
        self._where = configured(QLabel(), role="title")
        self._counting = configured(QLabel(), objectName="explanation_counting", role="caption")
        self._view = ExplanationView(theme)
        self._change = push_button(
            "change_parameter", "", lambda: self.change_requested.emit(self._parameter)
        )
        scroll = configured(QScrollArea(widgetResizable=True), objectName="explanation_scroll")
        scroll.setWidget(self._view)
        column(
            self._tabs,
            self.choices,
            row((self._where, 1), self._counting),
            (scroll, 1),
            row(
                self._change,
                None,
                push_button("copy_explanation", "Copy as LaTeX", self._copy),
                push_button("explain_on_stage", "Show on the stage", self._show_on_stage),
            ),
            parent=self,
            spacing=10,
            margins=(14, 12, 14, 12),
        )
        self.resize(*SIZE)

    @property
    def view(self) -> str:
        """The name of the current view, a key of `VIEWS`."""
        return str(self._tabs.tabData(self._tabs.currentIndex()))

    @property
    def frame_indices(self) -> list[int]:
        """The index of each run's frame that is explained, or will be once that is computed."""
        return [frame.index for frame in self._frames]

    def show_view(self, name: str) -> None:
        """Show one of `VIEWS`."""
        self._tabs.setCurrentIndex(list(VIEWS).index(name))

    def ask(self, question: Question) -> None:
        """Explain a number, or why its row differs from another row."""
        self.choices.ask(question)
        of_gradient = "gradient" if question.quantity.array in ("dW", "db") else "forward"
        self.show_view(of_gradient if question.other is None else "rows")
        self._explain()

    def show_scene(self, scene: Scene, frames: Sequence[Frame]) -> None:
        """Explain the numbers of this scene; see `show_frames`."""
        self._scene = scene
        self.choices.show_scene(scene)
        self.show_frames(frames)

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Explain the number in these frames, one of each run; without frames, change nothing."""
        self._frames = tuple(frames)
        self._explain()

    def set_theme(self, theme: Theme) -> None:
        """Show everything in the colours of another theme."""
        self._theme = theme
        self._view.show_lines(self.explanation.lines, theme)

    def done(self, result: int) -> None:
        forget_style(self)
        super().done(result)

    @Slot()
    def _explain(self) -> None:
        scene, view = self._scene, self.view
        self.choices.show_what_matters(view)
        if scene is None or not self._frames:
            return  # nothing is drawn yet
        if self._work is not None:
            self._is_outdated = True
            return
        self._is_outdated = False
        run, quantity, other = self.choices.question
        recording, frame = scene.recordings[run], self._frames[run]
        spec, data, example = recording.spec_at(frame.index), recording.data, self.choices.example
        output = quantity._replace(array="A")
        call = {
            "gradient": partial(explain, spec, data, frame, quantity, example),
            "forward": partial(explain, spec, data, frame, output, example),
            "rows": partial(explain_rows, spec, data, frame, quantity, other),
            "update": partial(explain_update, recording, frame.index, quantity.layer),
        }[view]
        work = BackgroundCall(partial(_typeset, call), "explanation")
        if work.is_over(PATIENCE_SECONDS):
            self._show(work.result(), frame)
        else:
            self._work = work, frame
            work.finished.connect(self._on_explained)

    @Slot()
    def _on_explained(self) -> None:
        """Show the explanation, unless another has been requested meanwhile."""
        assert self._work is not None
        (work, frame), self._work = self._work, None
        if self._is_outdated:
            self._explain()
        else:
            self._show(work.result(), frame)

    def _show(self, found: Explanation, frame: Frame) -> None:
        run, quantity, _ = self.choices.question
        self._change.setVisible(self.view == "gradient" and quantity.array in ("dW", "db"))
        self._change.setText(f"Change {self._parameter.name}…")
        self.explanation = found
        self.setWindowTitle(f"{found.subject} — Initscope")
        self._where.setText(f"{found.subject}, run {LETTERS[run]}, frame {frame.index:,}")
        self._counting.setText(found.counting)
        self._view.show_lines(found.lines, self._theme)

    @property
    def _parameter(self) -> Parameter:
        """The weight or bias whose gradient is explained."""
        run, quantity, _ = self.choices.question
        array = "b" if quantity.array == "db" else "W"
        return Parameter(run, f"{array}{quantity.layer}", quantity.row, quantity.column)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.explanation.latex)

    @Slot()
    def _show_on_stage(self) -> None:
        quantity = self.choices.question.quantity
        if self.view == "forward":
            quantity = quantity._replace(array="A", column=0)
        self.stage_requested.emit(quantity.name, VIEWS[self.view][1])


def _typeset(explain: Callable[[], Explanation]) -> Explanation:
    """Explain, and cache the slow part of typesetting the formulas."""
    found = explain()
    typesetting.prepare(line.formula for line in found.lines)
    return found
