"""Reports what a nudge that was to break the symmetry shows, once the run is trained."""

from typing import NamedTuple, final

from PySide6.QtCore import QObject, Slot

from engine.editing.parameters import Parameter
from engine.experiment import Experiment
from engine.studies.symmetry_breaking.response import nudge_text
from gui.panels.base.panel import LETTERS
from gui.workspace.workspace import Workspace


class _Awaited(NamedTuple):
    """A nudge whose run is not trained yet."""

    experiment: Experiment
    parameter: Parameter
    step: int
    epsilon: float


@final
class NudgeReport(QObject):
    """Shows in the message bar, after the message about the nudge, what can be seen of it."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.window)
        self._workspace = workspace
        self._awaited: _Awaited | None = None
        workspace.trainer.finished.connect(self._report)

    def await_result(self, parameter: Parameter, step: int, epsilon: float) -> None:
        """Report on this nudge, which the document's experiment contains, once it is trained."""
        experiment = self._workspace.document.experiment
        self._awaited = _Awaited(experiment, parameter, step, epsilon)

    @Slot()
    def _report(self) -> None:
        awaited, scene = self._awaited, self._workspace.scene
        self._awaited = None
        if awaited is None or scene is None or scene.experiment != awaited.experiment:
            return
        gaps = scene.diagnostics[awaited.parameter.run].gap
        result = nudge_text(gaps, awaited.step, awaited.epsilon)
        messages, parameter = self._workspace.messages, awaited.parameter
        done = messages.text or f"{parameter.name} of run {LETTERS[parameter.run]} is nudged"
        messages.show_message(f"{done}. {result[:1].upper()}{result[1:]}.", is_error=False)
