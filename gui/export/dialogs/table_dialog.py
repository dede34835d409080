"""The dialog that exports the numbers of every frame as a table."""

from typing import final

from PySide6.QtWidgets import QWidget

from engine import counted
from engine.experiment import Experiment
from engine.io.tables import TABLES, check_table
from engine.training import Scene
from gui.export.dialogs.fields import ExportForm, FormatChoice, Place
from gui.export.dialogs.job_dialog import SEPARATOR, JobDialog
from gui.export.order import TableOrder


@final
class TableForm(ExportForm):
    """The fields of a table's export."""

    def __init__(self, experiment: Experiment) -> None:
        is_training = experiment.scene is None
        choices = {
            suffix: FormatChoice(f"{table.title}: {table.contents}" if is_training else table.title)
            for suffix, table in TABLES.items()
            if is_training or suffix != ".tidy.csv"  # the rows of other scenes are always tidy
        }
        super().__init__(choices, experiment, Place.DocumentsLocation)
        self.file.path.setMinimumWidth(420)


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
        super().__init__("Export the numbers", scene, parent)
        self.form = TableForm(scene.experiment)
        self._arrange()

    def order(self) -> TableOrder:
        order = TableOrder(self.form.file.file)
        check_table(order.path)
        scene, experiment = self._scene, self._scene.experiment
        last = scene.last_index if scene.is_complete else scene.planned_index
        frames = counted(last + 1, "frame")
        details = f"{SEPARATOR}every weight and bias, and its gradient, to the last bit"
        self.summary.setText(
            f"{counted(len(experiment.runs), 'run')} of {frames}{details}"
            if experiment.scene is None
            else f"what the panels show, of {frames}"
        )
        return order
