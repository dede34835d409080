"""The headers of the stage and of runs."""

from PySide6.QtCore import QRectF

from engine.experiment.experiment import Experiment, Run, TrainingSpec
from engine.nn.initializers import Constant, Perturbed
from engine.training.comparison import compare
from gui.stage.run_header import Header, RunHeader, StageHeader
from gui.stage.view_state import ViewOptions, resolve_view_state
from gui.style.theme import THEMES, load_fonts


def test_headers_print_settings_of_any_magnitude(qapp: object) -> None:
    load_fonts()
    theme = THEMES["light"]
    runs = (Run(init=Constant(value=-5.0), learning_rate=1e-7), Run(init=Perturbed()))
    comparison = compare(Experiment(training=TrainingSpec(steps=0, learning_rate=1e6), runs=runs))
    state = resolve_view_state(comparison, 0, ViewOptions(theme))
    headers: list[Header] = [StageHeader(theme), *(RunHeader(run, theme) for run in range(2))]
    for header in headers:
        header.arrange(QRectF(0.0, 0.0, 1200.0, 30.0))
        header.draw(state)
    shared, first, second = (header.texts[1] for header in headers)
    assert "η = 1·10⁶" in shared
    assert first.endswith("value −5  ·  η = 1·10⁻⁷")
    assert "epsilon 1·10⁻¹²" in second
