"""The selected parameter, and the keys that move and nudge it."""

from math import isclose

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.editing.parameters import Parameter, with_edit
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.library.built_ins import built_in
from engine.nn.initializers import Constant, Normal
from engine.training.events import EventKind
from gui.background import trainer
from gui.main_window import MainWindow
from tests.gui.diagrams import key, opened_editor, recording, touch, view
from tests.gui.windows import EXPERIMENT, LONG, Open, act, picture, wait_for_training

Key, Modifier = Qt.Key, Qt.KeyboardModifier
ORDER = [
    *(("W1", row, column) for row in range(2) for column in range(2)),
    *(("W2", 0, column) for column in range(2)),
    *(("b1", row, 0) for row in range(2)),
    ("b2", 0, 0),
]


def test_tab_selects_each_parameter_then_leaves(window: MainWindow) -> None:
    view(window).setFocus()
    seen = []
    for _ in range(18):
        key(window, Key.Key_Tab)
        seen.append(window.view_model.options.selected)
    assert seen == [Parameter(run, *place) for run in (0, 1) for place in ORDER]
    key(window, Key.Key_Backtab)
    assert window.view_model.options.selected == seen[-2]
    key(window, Key.Key_Tab, Key.Key_Tab)
    assert window.view_model.options.selected is None
    assert not view(window).hasFocus()


def test_shift_tab_leaves_at_the_first_parameter(window: MainWindow) -> None:
    view(window).setFocus()
    key(window, Key.Key_Tab, Key.Key_Backtab)
    assert window.view_model.options.selected is None
    assert not view(window).hasFocus()


def test_selection_is_drawn_and_escape_deselects(window: MainWindow) -> None:
    view(window).setFocus()
    before = picture(window)
    pictures = [before]
    for presses in (1, 6):  # an edge, and a bias
        key(window, *[Key.Key_Tab] * presses)
        assert picture(window) not in pictures
        pictures.append(picture(window))
    key(window, Key.Key_Escape)
    assert window.view_model.options.selected is None
    assert picture(window) == before


def test_arrow_keys_move_the_parameter_as_one_edit(window: MainWindow, qtbot: QtBot) -> None:
    view(window).setFocus()
    window.player.seek(37)
    key(window, *[Key.Key_Tab] * 2)
    parameter = Parameter(0, "W1", 0, 1)
    start = parameter.value_in(recording(window)[37])
    key(window, Key.Key_Up)
    (edit,) = window.document.experiment.runs[0].edits
    step = edit.value - start
    assert (edit.step, edit.parameter, edit.index) == (37, "W1", (0, 1))
    assert step > 0.0
    key(window, Key.Key_Up, Key.Key_Up, Key.Key_Down)
    key(window, Key.Key_Up, held=Modifier.AltModifier)
    key(window, Key.Key_Down, held=Modifier.ControlModifier)
    (edit,) = window.document.experiment.runs[0].edits
    assert isclose(edit.value - start, (2.0 + 10.0 - 0.1) * step, rel_tol=1e-9)
    wait_for_training(window, qtbot)
    assert parameter.value_in(recording(window)[37]) == edit.value
    assert window.player.index == 37
    assert window.document.undo_text == "Move W1[0,1] of A, from frame 37 on"
    act(window, "undo")
    assert window.document.experiment == EXPERIMENT
    act(window, "redo")
    assert window.document.experiment == with_edit(EXPERIMENT, parameter, 37, edit.value)
    wait_for_training(window, qtbot)


def test_arrow_key_reports_how_to_fork(window: MainWindow, qtbot: QtBot) -> None:
    view(window).setFocus()
    key(window, Key.Key_Tab, Key.Key_Up)
    assert window.message == ""  # at the start there is no past to share
    wait_for_training(window, qtbot)
    window.player.seek(37)
    key(window, Key.Key_Down)
    assert window.message == (
        "W1[0,0] of run A is moved from frame 37 on; to change a fork of A instead, undo and hold "
        "Shift"
    )


def test_arrow_keys_with_shift_move_it_in_a_fork(window: MainWindow, qtbot: QtBot) -> None:
    view(window).setFocus()
    window.player.seek(37)
    key(window, *[Key.Key_Tab] * 2)
    parameter = Parameter(0, "W1", 0, 1)
    before = recording(window).parameters(0, 401).copy()
    start = parameter.value_in(recording(window)[37])
    key(window, Key.Key_Up, held=Modifier.ShiftModifier)
    fork = parameter._replace(run=2)
    assert window.view_model.options.selected == fork
    key(window, Key.Key_Up, held=Modifier.ShiftModifier)  # before it is trained
    wait_for_training(window, qtbot)
    assert window.view_model.options.selected == fork
    key(window, Key.Key_Up)
    key(window, Key.Key_Up, held=Modifier.ShiftModifier | Modifier.ControlModifier)
    wait_for_training(window, qtbot)
    experiment = window.document.experiment
    assert experiment.runs[:2] == EXPERIMENT.runs
    (edit,) = experiment.runs[2].edits
    assert (edit.step, edit.parameter, edit.index) == (37, "W1", (0, 1))
    assert isclose(edit.value - start, 3.1 * 0.5, rel_tol=1e-9)
    assert window.message == "Run C is a fork of run A, with W1[0,1] moved from frame 37 on"
    assert (recording(window).parameters(0, 401) == before).all()
    assert (recording(window, 2).parameters(0, 37) == before[:37]).all()
    assert window.document.undo_text == "Fork run A, and move W1[0,1] from frame 37 on"
    act(window, "undo")
    assert window.document.experiment == EXPERIMENT
    wait_for_training(window, qtbot)
    assert window.view_model.options.selected is None


def test_arrow_key_at_another_frame_makes_another_fork(window: MainWindow, qtbot: QtBot) -> None:
    view(window).setFocus()
    key(window, Key.Key_Tab)
    key(window, Key.Key_Up, held=Modifier.ShiftModifier)
    assert window.message == "Run C is a copy of run A, with W1[0,0] moved at the start"
    wait_for_training(window, qtbot)
    first = window.document.experiment
    window.player.seek(5)
    key(window, Key.Key_Up)
    assert len(window.document.experiment.runs) == 3
    act(window, "undo")
    assert window.document.experiment == first


def test_fork_undone_before_training_is_deselected(window: MainWindow, qtbot: QtBot) -> None:
    view(window).setFocus()
    window.player.seek(37)
    key(window, Key.Key_Tab)
    key(window, Key.Key_Up, held=Modifier.ShiftModifier)
    act(window, "undo")
    key(window, Key.Key_Up)
    assert window.document.experiment == EXPERIMENT
    wait_for_training(window, qtbot)
    assert window.view_model.options.selected is None
    key(window, Key.Key_S)
    assert window.document.undo_text == "Nudge W1[0,0] of A by 10⁻¹²"
    wait_for_training(window, qtbot)


def test_fork_beyond_the_run_limit_is_refused(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(2):
        key(window, Key.Key_S, held=Modifier.ShiftModifier)
        wait_for_training(window, qtbot)
    full = window.document.experiment
    assert len(full.runs) == 4
    key(window, Key.Key_S, held=Modifier.ShiftModifier)
    assert "remove one first" in window.message
    assert window.document.experiment == full


def test_moves_of_other_parameters_and_frames_are_separate_edits(
    window: MainWindow, qtbot: QtBot
) -> None:
    view(window).setFocus()
    key(window, Key.Key_Tab, Key.Key_Up)
    first = window.document.experiment
    wait_for_training(window, qtbot)
    key(window, Key.Key_Tab, Key.Key_Up)
    second = window.document.experiment
    wait_for_training(window, qtbot)
    window.player.seek(5)
    key(window, Key.Key_Up)
    for state in (second, first, EXPERIMENT):
        act(window, "undo")
        assert window.document.experiment == state


def test_left_and_right_still_step_frames(window: MainWindow) -> None:
    view(window).setFocus()
    key(window, Key.Key_Tab, Key.Key_Right)
    assert window.player.index == 1
    assert window.view_model.options.selected == Parameter(0, "W1", 0, 0)
    assert window.document.experiment == EXPERIMENT


def test_enter_opens_the_editor_of_the_selection(window: MainWindow) -> None:
    view(window).setFocus()
    key(window, Key.Key_Tab, Key.Key_Return)
    editor = opened_editor(window)
    assert editor.isVisible()
    editor.close()
    assert window.view_model.options.selected == Parameter(0, "W1", 0, 0)


def test_clicked_parameter_is_selected_while_its_editor_is_open(window: MainWindow) -> None:
    editor = touch(window, Parameter(1, "b1", 0))
    assert window.view_model.options.selected == Parameter(1, "b1", 0)
    editor.close()
    assert window.view_model.options.selected is None


def test_removed_parameter_is_deselected(window: MainWindow, qtbot: QtBot) -> None:
    view(window).setFocus()
    key(window, *[Key.Key_Tab] * 4)
    assert window.view_model.options.selected == Parameter(0, "W1", 1, 1)
    one = Experiment(network=NetworkSpec(layers=(2, 1, 1)), runs=(Run(),))
    window.document.apply(one, "Make it small")
    wait_for_training(window, qtbot)
    qtbot.waitUntil(lambda: window.view_model.options.selected is None)


@pytest.mark.parametrize("frame", [0, 50])
def test_one_key_breaks_the_symmetry(open_window: Open, qtbot: QtBot, frame: int) -> None:
    constant = built_in("constant")
    window = open_window(constant)
    window.player.seek(frame)
    key(window, Key.Key_S)
    wait_for_training(window, qtbot)
    assert window.document.undo_text == "Nudge W1[0,0] of A by 10⁻¹²"
    comparison = window.scene
    assert comparison is not None
    broken = [e for e in comparison.events if e.run == 0 and e.kind is EventKind.SYMMETRY_BROKEN]
    assert [event.frame for event in broken] == [frame]
    gap = comparison.diagnostics[0].gap
    assert isclose(gap[frame], 1e-12, rel_tol=1e-3)
    assert not gap[:frame].any()
    assert gap.max() < 0.1
    assert "Nothing is visible up to frame 400" in window.message
    act(window, "undo")
    assert window.document.experiment == constant


def test_one_key_with_shift_breaks_the_symmetry_in_a_fork(open_window: Open, qtbot: QtBot) -> None:
    constant = built_in("constant")
    window = open_window(constant)
    window.player.seek(50)
    key(window, Key.Key_S)
    assert window.message == (
        "W1[0,0] of run A is nudged by 10⁻¹² from frame 50 on; to change a fork of A instead, undo "
        "and hold Shift"
    )
    act(window, "undo")
    wait_for_training(window, qtbot)
    key(window, Key.Key_S, held=Modifier.ShiftModifier)
    wait_for_training(window, qtbot)
    runs = len(constant.runs)
    assert window.document.experiment.runs[:runs] == constant.runs
    assert window.document.undo_text == "Fork run A, and nudge W1[0,0] by 10⁻¹²"
    assert window.message.startswith(
        f"Run {'ABCD'[runs]} is a fork of run A, with W1[0,0] nudged by 10⁻¹² from frame 50 on. "
        "Nothing is visible"
    )
    comparison = window.scene
    assert comparison is not None
    gap = comparison.diagnostics[runs].gap
    assert isclose(gap[50], 1e-12, rel_tol=1e-3)
    assert not gap[:50].any()
    assert not comparison.diagnostics[0].gap.any()


def test_nudge_without_effect_is_reported(open_window: Open) -> None:
    window = open_window(Experiment(runs=(Run(init=Constant(value=1e6)),)))
    key(window, Key.Key_S)
    assert "adds nothing" in window.message
    assert window.document.undo_text == ""


def test_fork_of_a_diverged_run_starts_at_its_last_frame(open_window: Open, qtbot: QtBot) -> None:
    diverging = Run(init=Normal(scale=5.0, seed=1), learning_rate=2.0)
    window = open_window(
        Experiment(
            network=NetworkSpec(hidden="relu", output="linear", loss="mean-squared-error"),
            data=DataSpec(points=((1.0, 0.0, 1.0), (-1.0, 0.0, 0.0))),
            training=TrainingSpec(steps=600, learning_rate=0.1),
            runs=(diverging, Run(init=Normal(scale=0.1, seed=2))),
        )
    )
    assert window.scene is not None
    last = len(window.scene.recordings[0]) - 1
    assert last < 550
    window.player.seek(550)
    view(window).setFocus()
    key(window, *[Key.Key_Tab] * 8)
    assert window.view_model.options.selected == Parameter(0, "b1", 1, 0)
    key(window, Key.Key_Up, held=Modifier.ShiftModifier)
    assert window.message.endswith(f"moved from frame {last} on")
    assert window.document.experiment.runs[2].edits[-1].step == last


def test_keys_during_training_edit_the_same_frame(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those before train so far that there are frames, but not yet the one that was shown."""
    monkeypatch.setattr(trainer, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "LONGEST_GRACE_SECONDS", 0.0)
    window = open_window(LONG)
    frame = 30_000
    qtbot.waitUntil(lambda: window.player.last_index > frame, timeout=20_000)
    window.player.seek(frame)
    view(window).setFocus()
    key(window, Key.Key_Tab, Key.Key_Up)
    shown = []
    for _ in range(3):
        shown.append(window.scene)
        qtbot.waitUntil(lambda: window.scene is not shown[-1])
        assert window.player.index < frame
        key(window, Key.Key_Up)
    act(window, "fork")
    first, fork = window.document.experiment.runs[0], window.document.experiment.runs[-1]
    assert [edit.step for edit in first.edits] == [frame]
    assert [change.step for change in fork.changes] == [frame]
    act(window, "undo")
    assert window.document.undo_text == "Move W1[0,0] of A, from frame 30,000 on"
    act(window, "undo")
    assert window.document.experiment == LONG
    window.trainer.stop()
