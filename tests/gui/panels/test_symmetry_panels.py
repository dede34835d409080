"""The panels on symmetry show the numbers of the frames."""

from itertools import pairwise

from engine.editing.paths import edited
from engine.experiment.experiment import Experiment
from engine.library.built_ins import built_in
from engine.training.comparison import compare
from gui.panels.base.text import number_text
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import draw_frame


def words(experiment: Experiment, panel: str, *indices: int) -> list[list[str]]:
    """Return the labels of the panels with a name, frame by frame."""
    load_fonts()
    stage = Stage(THEMES["light"], [panel])
    stage.show_scene(compare(experiment))
    shown = []
    for index in indices:
        draw_frame(stage, index)
        stage.image(1280, 720)
        shown.append([label.text for each in stage.panels for label in each.labels])
    return shown


def test_induction_panel_names_the_breaking_factor(qapp: object) -> None:
    (frame,) = words(built_in("induction"), "induction", 120)
    assert "equal to the last bit, checked for frames 0 … 120" in frame
    assert frame.count("exactly 0") == 7
    assert "the base case fails: outgoing v differ at the start" in frame
    before, after = words(built_in("broken-by-hand"), "induction", 99, 100)
    assert before.count("equal to the last bit, checked for frames 0 … 99") == 2
    assert "symmetry breaks in frame 100: outgoing v differ first" in after


def test_the_proof_shows_the_numbers_of_both_units(qapp: object) -> None:
    experiment = built_in("induction")
    (shown,) = words(experiment, "induction", 120)
    equal, differing = (recording[120] for recording in compare(experiment).recordings)
    assert {"unit 1", "unit 2", "difference", "a⁽¹⁾ = g(w·x + b)"} <= set(shown)
    first = number_text(float(equal.A[1][0, 0]), 4)
    assert shown.count(first) == 2
    assert number_text(float(equal.dW[1][0, 0]), 4) in shown
    for unit in differing.b[1][:, 0]:
        assert number_text(float(unit), 4) in shown


def test_rows_without_room_are_omitted(qapp: object) -> None:
    experiment = built_in("zero-start-balanced")
    load_fonts()
    stage = Stage(THEMES["light"], ["induction", "movers"])
    stage.show_scene(compare(experiment))
    draw_frame(stage, 5)
    stage.image(1280, 720)
    panels = [each for each in stage.panels if each.name == "induction"]
    assert panels
    for panel in panels:
        heights = [
            label.pos().y()
            for label in panel.labels
            if label.pos().y() > 20.0  # below the title
        ]
        lines = sorted(set(heights))
        assert min(b - a for a, b in pairwise(lines)) >= 14.0
        assert lines[-1] <= panel.rect.height() - 7.0
        texts = {label.text for label in panel.labels}
        assert {"hypothesis", "unit 1", "exactly 0"} <= texts


def test_first_change_panel_fills_with_each_frame(qapp: object) -> None:
    still, first, second = words(built_in("zero-start-unbalanced"), "movers", 0, 1, 2)
    assert (still.count("still"), still.count("frame 1")) == (16, 0)
    assert (first.count("still"), first.count("frame 1")) == (11, 5)
    assert (second.count("still"), second.count("frame 2")) == (9, 2)


def test_first_change_panel_of_a_deep_network_shows_the_first_and_last_layers(qapp: object) -> None:
    deep = edited(
        built_in("zero-vs-random"),
        {("network", "layers"): (2, *(3,) * 9, 1)}
        | {("runs",): built_in("zero-vs-random").runs[1:]},
    )
    (shown,) = words(deep, "movers", 5)
    assert {"W₁", "W₄", "W₇", "W₁₀"} <= set(shown)
    assert "W₅" not in shown
    assert "only the first and the last layers are shown" in shown


def test_summary_table_shows_the_numbers_of_the_lesson(qapp: object) -> None:
    (shown,) = words(built_in("lesson-table"), "lesson", 600)
    assert "1 of 4" in shown
    assert "4 of 4" in shown
    assert "units equal, 0 … 600" in shown
    assert "gap exactly 0" in shown
    assert any(text.startswith("loss 0.6571 → 0.3033, 85 % right") for text in shown)
    logistic = built_in("logistic-regression")
    (shown,) = words(logistic, "lesson", 3)
    assert shown.count("no two units") == 4


def test_summary_table_of_four_runs_fits_its_cells(qapp: object) -> None:
    experiment = built_in("zero-start-unbalanced")
    load_fonts()
    stage = Stage(THEMES["light"], ["network", "lesson", "loss"])
    stage.show_scene(compare(experiment))
    draw_frame(stage, 90)
    stage.image(1280, 720)
    reported = [label for each in stage.panels if each.name == "lesson" for label in each.labels]
    assert "0.69 → 0.0087, 100 %" in {label.text for label in reported}
    assert all(label.max_width is None or label.width <= label.max_width for label in reported)


def test_compact_gradient_rows_keep_their_numbers_and_names(qapp: object) -> None:
    load_fonts()
    stage = Stage(THEMES["light"], list(built_in("zero-start-balanced").panels))
    stage.show_scene(compare(built_in("zero-start-balanced")))
    draw_frame(stage, 60)
    stage.image(1280, 720)
    panels = [each for each in stage.panels if each.name == "gradient-rows"]
    for panel in panels:
        shown = [label.text for label in panel.labels]
        assert shown.count("exactly 0") == 4
        assert {"unit 1", "unit 2", "all rows exactly 0 since the start"} <= {*shown}
    texts = [label.text for each in stage.panels for label in each.labels]
    assert "linear: the slope never vanishes" in texts
    assert "inactive: a₁ 100 %, a₂ 100 %" in texts
