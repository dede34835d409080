"""Terms on the stage have definitions where they are, and in the glossary."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QDialog, QLabel, QTextBrowser
from pytestqt.qtbot import QtBot

from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.glossary import term
from engine.library.built_ins import built_in
from engine.nn.initializers import HeNormal, Zeros
from engine.studies.catalogue import open_scene
from engine.studies.ensemble.study import EnsembleSpec
from gui.panels.training.saturation import SaturationPanel
from gui.stage.catalogue import shown_panels
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import draw_frame
from tests.gui.windows import Open, act

SHORT = Experiment(training=TrainingSpec(steps=6))
ENSEMBLE = SHORT.replace(
    scene=EnsembleSpec(seeds=20), runs=(Run(init=Zeros()), Run(init=HeNormal()))
)


def stage_of(experiment: Experiment, *panels: str) -> Stage:
    load_fonts()
    stage = Stage(THEMES["light"], panels)
    scene = open_scene(experiment)
    scene.compute_all()
    stage.show_scene(scene)
    draw_frame(stage, scene.last_index)
    stage.image(1280, 720)
    return stage


def tool_tip_on(stage: Stage, text: str) -> str:
    """Return the tool tip on the first label with a text."""
    label = next(each for each in stage.labels if text in each.text)
    return stage.tool_tip(label.mapToScene(label.boundingRect().center()))


@pytest.mark.parametrize(
    ("experiment", "shown", "name"),
    [
        (SHORT, "saturated:", "saturated"),
        (SHORT.replace(network=NetworkSpec(hidden="relu")), "inactive:", "inactive"),
        (SHORT, "Gap between hidden units", "gap"),
        (SHORT, "% right", "% right"),
        (SHORT, "Weight space", "weight space"),
        (built_in("breaking-symmetry"), "e-foldings", "e-folding"),
        (built_in("breaking-symmetry"), "1 ulp", "ulp"),
        (built_in("breaking-symmetry"), "repels", "repels"),
        (ENSEMBLE, "plateau", "plateau"),
        (ENSEMBLE, "distinct", "distinct units"),
        (ENSEMBLE, "95 % intervals", "95 % interval"),
        (ENSEMBLE, "median of solved", "median step"),
    ],
)
def test_a_term_is_defined_where_it_is(
    qapp: object, experiment: Experiment, shown: str, name: str
) -> None:
    tip = " ".join(tool_tip_on(stage_of(experiment), shown).split())
    assert f"{name}: {term(name).text}" in tip
    assert term(name).formula in tip


def test_red_bands_are_defined_where_they_are(qapp: object) -> None:
    stage = stage_of(SHORT, "saturation")
    (panel, *_) = stage.panels
    assert isinstance(panel, SaturationPanel)
    band, plain = panel.point(3.9, 0.0), panel.point(0.3, 0.8)
    assert "red bands" in stage.tool_tip(panel.mapToScene(band))
    assert "red bands" not in stage.tool_tip(panel.mapToScene(plain))


def test_nothing_is_defined_beside_the_panels(qapp: object) -> None:
    assert stage_of(SHORT).tool_tip(QPointF(-5.0, -5.0)) == ""


def test_glossary_lists_the_terms_on_the_stage_first(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(SHORT)
    act(window, "glossary")
    sheet = window.findChild(QDialog, "glossary_sheet")
    assert sheet
    browser = sheet.findChild(QTextBrowser, "glossary")
    assert browser
    text = browser.toPlainText()
    here, others = text.split("All other terms")
    assert "saturated" in here
    assert "ulp" in others
    sheet.close()


def test_text_about_an_experiment_links_to_the_glossary(open_window: Open) -> None:
    window = open_window(SHORT.replace(notes="The [gap](glossary:gap), [x](http://x.y)"))
    notes = window.controls.findChild(QLabel, "notes")
    assert notes
    assert 'href="glossary:gap"' in notes.text()
    assert 'href="http' not in notes.text()
    notes.linkActivated.emit("glossary:gap")
    sheet = window.findChild(QDialog, "glossary_sheet")
    assert sheet
    sheet.close()


def test_panels_with_nothing_to_show_leave_the_stage_to_the_others(qapp: object) -> None:
    logistic = built_in("saturated-output")
    shown = shown_panels(logistic)
    assert not {"gap", "log-gap"} & set(shown)
    assert {"network", "loss", "decision"} <= set(shown)
    texts = [label.text for label in stage_of(logistic).labels]
    assert "no hidden layer of two units or more" not in texts
    with_units = logistic.replace(network=NetworkSpec(layers=(2, 2, 1)))
    assert {"gap", "log-gap"} <= set(shown_panels(with_units))
    named = logistic.replace(panels=("loss", "gap"))
    assert shown_panels(named) == ("loss",)
    assert shown_panels(logistic, ["gap"]) == ("gap",)  # nothing else was asked for
    three_inputs = built_in("initialize-parameters").replace(panels=())
    assert "decision" in shown_panels(three_inputs)
    points, one_input = DataSpec(points=((0.0, 1.0), (1.0, 0.0))), NetworkSpec(layers=(1, 2, 1))
    assert "decision" not in shown_panels(Experiment(data=points, network=one_input))
