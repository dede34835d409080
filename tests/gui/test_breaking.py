"""The study of symmetry breaking in the window."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import Experiment, NetworkSpec, Run, TrainingSpec
from engine.library.built_ins import built_in
from engine.nn.initializers import Constant, Zeros
from engine.studies.symmetry_breaking.study import BreakingSpec, BreakingStudy, with_nudges
from gui.main_window import MainWindow
from gui.panels.base.button import Button
from gui.panels.base.interactions import ExperimentOpened
from gui.panels.base.label import Label
from gui.panels.base.plot import Curve
from gui.panels.base.table import Table
from gui.panels.symmetry_breaking.breaking import BreakingGapPanel, BreakingTablePanel
from tests.gui.stages import items_of
from tests.gui.windows import Open, act, wait_for_training

PLAIN = built_in("breaking-symmetry").replace(
    scene=None,
    runs=(Run(init=Zeros()), Run(init=Constant(value=0.5))),
)


def study_of(window: MainWindow) -> BreakingStudy:
    assert isinstance(window.scene, BreakingStudy)
    return window.scene


def table_of(window: MainWindow) -> BreakingTablePanel:
    (panel,) = (each for each in window.stage.panels if isinstance(each, BreakingTablePanel))
    return panel


def row_at(panel: BreakingTablePanel, number: int) -> QPointF:
    """Where the row of an ε is."""
    (table,) = items_of(panel, Table)
    text = table.rows[number + 1][0].text
    (name,) = (label for label in items_of(panel, Label) if label.text == text)
    return QPointF(panel.rect.width() / 2.0, name.y())


def test_nudges_action_nudges_the_chosen_run_at_the_current_frame(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(PLAIN)
    window.player.seek(200)
    window.controls.choose(1)
    act(window, "nudges")
    wait_for_training(window, qtbot)
    study = study_of(window)
    assert study.spec == BreakingSpec(run=1, step=200)
    assert window.document.undo_text == "How small a nudge breaks the symmetry?"
    action = window.findChild(QAction, "nudges")
    assert action
    assert action.text() == "Train one network for each run"
    chosen = window.controls.fields[("scene", "run")].editor
    assert isinstance(chosen, QComboBox)
    assert [chosen.itemText(at) for at in range(chosen.count())] == ["A", "B"]
    assert chosen.currentText() == "B"
    act(window, "nudges")
    wait_for_training(window, qtbot)
    assert window.document.experiment == PLAIN


def test_table_shows_measurements_and_its_rows_open_forks(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(built_in("breaking-symmetry"))
    study, panel = study_of(window), table_of(window)
    window.player.seek(300)
    (table,) = items_of(panel, Table)
    rows = table.rows
    assert len(rows) == len(study.epsilons) + 1
    for number, (row, nudge) in enumerate(zip(rows[1:], study.nudges, strict=True)):
        assert row[0].text == nudge.name
        assert nudge.visible is not None
        assert row[1].text == f"{nudge.visible:,}"
        assert row[1].bold == (nudge.visible <= 300)
        if nudge.growth is not None:
            assert row[2].text == f"{100.0 * nudge.growth.rate:.2f}"
        text = panel.tool_tip(row_at(panel, number), window.stage.state)  # type: ignore[arg-type]
        assert text.startswith(f"ε = {nudge.name}: visible after {nudge.visible:,} frame")
        assert repr(study.runs[number].edits[0].value) in text
    target = panel.interaction_at(row_at(panel, 10))
    assert target == ExperimentOpened(study.nudged_experiment(10), "Open ε = 10⁻¹²")
    assert panel.interaction_at(row_at(panel, -1)) is None  # the head
    window.stage.interacted.emit(target)
    wait_for_training(window, qtbot)
    comparison = window.scene
    assert comparison is not None
    assert comparison.diagnostics[0].gap[-1] == 0.0
    assert comparison.diagnostics[1].gap[300] == study.gaps[10, 300]


def test_fitted_lines_cover_the_linear_segments(open_window: Open) -> None:
    window = open_window(built_in("breaking-symmetry"))
    (panel,) = (each for each in window.stage.panels if isinstance(each, BreakingGapPanel))
    study = study_of(window)
    *curves, _ = items_of(panel, Curve)  # those of the gaps, the fitted ones, the threshold
    fits = list(zip(curves[-len(study.epsilons) :], study.nudges, strict=True))
    assert sum(nudge.growth is not None for _, nudge in fits) == 16
    for number, (curve, nudge) in enumerate(fits):
        if nudge.growth is None:
            assert curve.path.isEmpty()
            continue
        ends = [curve.path.elementAt(end) for end in (0, 1)]
        for end, frame in zip(ends, (nudge.growth.first, nudge.growth.last), strict=True):
            x, y = panel.data_at(QPointF(end.x, end.y))
            assert x == pytest.approx(frame, abs=1e-6)
            assert 10.0**y == pytest.approx(study.gaps[number, frame], rel=0.25)


def test_invisible_nudges_offer_longer_training_and_data_where_the_state_repels(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(with_nudges(built_in("zero-vs-random"), 0, 0))
    wait_for_training(window, qtbot)
    panel, study = table_of(window), study_of(window)
    shown = {label.text for label in panel.labels}
    assert set(study.conclusions) <= shown
    longer, repels = items_of(panel, Button)
    found = panel.interaction_at(longer.area.center())
    assert study.longer is not None
    assert found == ExperimentOpened(study.longer, "Train 2,000 steps")
    found = panel.interaction_at(repels.area.center())
    assert isinstance(found, ExperimentOpened)
    window.stage.interacted.emit(found)
    wait_for_training(window, qtbot)
    assert all(nudge.visible is not None for nudge in study_of(window).nudges)
    assert not any(button.isVisible() for button in items_of(table_of(window), Button))


@pytest.mark.parametrize(
    "experiment",
    [
        PLAIN.replace(network=NetworkSpec(layers=(2, 1))),
        PLAIN.replace(training=TrainingSpec(steps=0)),
    ],
)
def test_nudges_action_is_disabled_without_units_or_steps(
    open_window: Open, experiment: Experiment
) -> None:
    window = open_window(experiment)
    assert not window.actions_by_name["nudges"].isEnabled()


def test_too_large_a_network_is_reported(open_window: Open, qtbot: QtBot) -> None:
    large = PLAIN.replace(
        network=NetworkSpec(layers=(2, 1000, 1000, 1)), training=TrainingSpec(steps=1)
    )
    window = open_window(large)
    act(window, "nudges")
    assert "too large" in window.message
    assert window.document.experiment == large
