"""The dialog that exports the numbers of every frame as a table."""

from typing import final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.experiment.experiment import Experiment
from engine.io.tables import TABLES, check_table
from engine.text import counted
from engine.training.scene import Scene
from gui.export.dialogs.fields import FileField, FormatChoice, Place, form_layout
from gui.export.dialogs.job_dialog import JobDialog
from gui.export.order import TableOrder


@final
class TableForm(QWidget):
    """The fields of a table's export.

    Signals
    -------
    changed()
        Something was changed.
    """

    changed = Signal()

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        is_training = experiment.scene is None
        choices = {
            suffix: FormatChoice(f"{table.title}: {table.contents}" if is_training else table.title)
            for suffix, table in TABLES.items()
            if is_training or suffix != ".tidy.csv"  # the rows of other scenes are always tidy
        }
        self.file = FileField(choices, experiment.title, Place.DocumentsLocation, self)
        self.file.path.setMinimumWidth(420)
        self.file.changed.connect(self.changed)
        form = form_layout(self)
        self.file.add_to(form)


@final
class TableDialog(JobDialog):
    """Exports a table of every frame in a child process.

    Parameters
    ----------
    scene : Scene
        The scene of the table.
    parent : QWidget, optional
    """

    form: TableForm

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__("Export the numbers", scene.experiment, parent)
        self._scene = scene
        self.form = TableForm(scene.experiment)
        self.form.changed.connect(self._review)
        content = QVBoxLayout()
        content.addWidget(self.form)
        content.addStretch(1)
        content.addWidget(self.summary)
        content.addWidget(self.message)
        self._arrange(content)

    def order(self) -> TableOrder:
        order = TableOrder(self.form.file.file)
        check_table(order.path)
        self.summary.setText(self._contents())
        return order

    def _contents(self) -> str:
        """Return a summary of the table."""
        experiment = self._scene.experiment
        scene = self._scene
        last = scene.last_index if scene.is_complete else scene.planned_index
        frames = counted(last + 1, "frame")
        if experiment.scene is not None:
            return f"what the panels show, of {frames}"
        runs = len(experiment.runs)
        return (
            f"{counted(runs, 'run')} of {frames}  ·  every weight and bias, and its "
            "gradient, to the last bit"
        )
