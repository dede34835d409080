"""Choosing a scheme in the form."""

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from engine.editing.paths import recast
from engine.experiment.experiment import Experiment, Run
from engine.nn.initializers import HeNormal, Normal, TorchLinear, Uniform
from gui.controls.controls import Controls
from gui.style.theme import THEMES


def test_default_of_a_scheme_does_not_become_a_parameter_of_the_next() -> None:
    drawn = recast(Normal(seed=3), TorchLinear)
    assert repr(drawn) == repr(TorchLinear(seed=3))
    assert repr(recast(drawn, HeNormal)) == repr(HeNormal(seed=3))
    assert recast(Normal(bias=0.5), HeNormal) == HeNormal(bias=0.5)


def test_number_that_may_be_missing_is_an_empty_field(qtbot: QtBot) -> None:
    controls = Controls(THEMES["light"], QAction())
    qtbot.addWidget(controls)
    controls.show_experiment(Experiment(runs=(Run(init=Uniform(high=2.0)),)))
    prefix = ("runs", 0, "init")
    shown = {name: controls.fields[(*prefix, name)].value() for name in ("limit", "low", "high")}
    assert shown == {"limit": 0.5, "low": None, "high": 2.0}
