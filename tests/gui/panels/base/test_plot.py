"""The numbers of axes are formatted like all other numbers on the stage."""

from engine.experiment.experiment import Experiment, TrainingSpec
from engine.training.comparison import compare
from gui.panels.training.decision import DecisionPanel
from gui.style.theme import THEMES, load_fonts


def test_the_numbers_of_an_axis_are_printed(qapp: object) -> None:
    load_fonts()
    panel = DecisionPanel(compare(Experiment(training=TrainingSpec(steps=0))), 0, THEMES["dark"])
    axis = panel.axes["left"]
    assert axis.tickStrings([-1.0, 0.0, 1.0], 1.0, 1.0) == ["−1", "0", "1"]
    assert axis.tickStrings([-1e12, 2e11], 1.0, 1e11) == ["−1·10¹²", "2·10¹¹"]
