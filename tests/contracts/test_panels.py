"""The contract of every panel: it draws every experiment at every size in every theme."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QTransform

from engine.editing.parameters import Parameter, with_edit
from engine.experiment.experiment import (
    TRAINING,
    DataSpec,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.library.built_ins import built_in
from engine.nn.datasets import DATASETS
from engine.nn.initializers import Constant, HeNormal, Normal, Orthogonal, UniformFanIn, Zeros
from engine.studies.catalogue import STUDIES, open_scene
from engine.studies.depth.study import DepthSpec
from engine.studies.ensemble.study import EnsembleSpec, SweepSpec
from engine.studies.logistic.study import LogisticSpec
from engine.studies.perceptron.study import PerceptronSpec
from engine.studies.saturation.study import SaturationSpec
from engine.studies.symmetry_breaking.study import BreakingSpec
from engine.studies.variance.study import VarianceSpec
from engine.training.scene import Scene
from gui.panels.base.panel import Panel
from gui.panels.base.plot import PlotPanel
from gui.panels.base.table import TablePanel
from gui.panels.training.decision import DecisionPanel
from gui.stage.catalogue import PANELS
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.contracts.vocabulary import undefined_words
from tests.gui.stages import draw_frame

STEPS = TrainingSpec(steps=6)
THREE_INPUTS = DataSpec(points=((1.0, 2.0, 3.0, 0.0, 1.0), (-1.0, 0.5, 2.0, 1.0, 0.0)))
EXPERIMENTS = {
    "2-2-1": Experiment(training=STEPS),
    "logistic": Experiment(training=STEPS, network=NetworkSpec(layers=(2, 1))),
    "one-input": Experiment(
        training=STEPS,
        data=DataSpec(points=((1.0, 0.0), (-1.0, 1.0))),
        network=NetworkSpec(layers=(1, 3, 1)),
    ),
    "three-inputs": Experiment(
        training=STEPS, data=THREE_INPUTS, network=NetworkSpec(layers=(3, 1, 4, 2))
    ),
    "three-classes": Experiment(
        training=STEPS,
        data=DataSpec(name="blobs", samples=12),
        network=NetworkSpec(layers=(2, 3, 3), output="softmax"),
    ),
    "deep": Experiment(
        training=STEPS,
        data=DataSpec(name="spiral"),
        network=NetworkSpec(
            layers=(2, 12, 12, 12, 12, 12, 1),
            hidden=("relu", "tanh", "sigmoid", "linear", "tanh"),
            beta=2.0,
        ),
        runs=(Run(init=HeNormal(seed=2)),),
    ),
    "wide": Experiment(
        training=STEPS,
        data=DataSpec(name="moons", samples=300),
        network=NetworkSpec(layers=(2, 40, 1)),
        runs=(Run(init=Constant()), Run(init=Normal(scale=1.0)), Run(init=Zeros())),
    ),
    "diverging": Experiment(
        training=TrainingSpec(steps=30, learning_rate=1e6),
        network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
        runs=(Run(init=Normal(scale=1.0)), Run(init=Normal(scale=1e6)), *(Run(),) * 2),
    ),
    "no-steps": Experiment(training=TrainingSpec(steps=0)),
    "ensemble": Experiment(
        scene=EnsembleSpec(seeds=30, below=0.69),
        training=STEPS,
        runs=tuple(Run(init=init) for init in (Zeros(), HeNormal(), Constant()) * 2),
    ),
    "ensemble-of-one": Experiment(
        scene=EnsembleSpec(seeds=1),
        training=TrainingSpec(steps=0),
        data=THREE_INPUTS,
        network=NetworkSpec(layers=(3, 2)),
        runs=(Run(init=Normal()),),
    ),
    "ensemble-of-classes": Experiment(
        scene=EnsembleSpec(seeds=5),
        training=STEPS,
        data=DataSpec(name="blobs", samples=12),
        network=NetworkSpec(layers=(2, 3, 3), output="softmax"),
    ),
    "ensemble-diverging": Experiment(
        scene=EnsembleSpec(seeds=9),
        training=TrainingSpec(steps=30, learning_rate=1e6),
        network=NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error"),
        runs=(Run(init=Normal(scale=1.0)), Run(init=Normal(scale=1e6))),
    ),
    "sweep": Experiment(
        scene=SweepSpec(seeds=5, field="init.scale", start=1e-3, stop=1e3, count=7),
        training=STEPS,
        runs=(Run(init=Normal()), Run(init=Zeros())),
    ),
    "sweep-of-one": Experiment(
        scene=SweepSpec(seeds=2, field="width", start=3.0, count=1, logarithmic=False),
        training=STEPS,
        runs=(Run(init=HeNormal()),),
    ),
    "perceptron": Experiment(scene=PerceptronSpec(), data=DataSpec(name="and")),
    "perceptron-of-one-rate": Experiment(
        scene=PerceptronSpec(rates=(0.1,), epochs=3, tie=-1), data=DataSpec(name="xor")
    ),
    "perceptron-of-four": Experiment(
        scene=PerceptronSpec(rates=(0.1, 0.2, 3.0, 7.5), epochs=2),
        data=DataSpec(name="moons", samples=30),
    ),
    "logistic-scene": Experiment(
        scene=LogisticSpec(),
        data=DataSpec(name="blobs", samples=60, noise=0.8),
        training=TrainingSpec(steps=20, learning_rate=2.0),
    ),
    "logistic-without-optimum": Experiment(
        scene=LogisticSpec(starts=((0.0, 0.0, 0.0), (0.0, 1.0, 1.0))),
        data=DataSpec(name="and"),
        training=TrainingSpec(steps=0),
    ),
    "saturation": Experiment(
        scene=SaturationSpec(frames=9, steps=5), data=DataSpec(name="moons", samples=30)
    ),
    "saturation-of-one-unit": Experiment(
        scene=SaturationSpec(units=("linear",), frames=2, steps=1, hidden=1, beta=3.0, z=50.0)
    ),
    "variance": Experiment(
        scene=VarianceSpec(largest=30, sums=200),
        runs=(
            Run(init=UniformFanIn()),
            Run(name="b", init=Orthogonal()),
            Run(init=Zeros()),
            Run(init=Constant()),
        ),
    ),
    "variance-of-one-input": Experiment(
        scene=VarianceSpec(largest=1, sums=100, mean=5.0), runs=(Run(init=Normal()),)
    ),
    "depth": Experiment(
        scene=DepthSpec(depth=30, width=6, unit="relu", examples=3),
        runs=(Run(init=Normal(scale=1e12)), Run(init=Zeros()), Run(init=HeNormal())),
    ),
    "breaking": Experiment(
        scene=BreakingSpec(step=3),
        training=STEPS,
        runs=(Run(init=Constant(value=0.5)),),
    ),
    "breaking-nothing": Experiment(
        scene=BreakingSpec(run=1, parameter="b2", index=(0,), visible=1e3),
        training=TrainingSpec(steps=30, learning_rate=1e6),
        network=NetworkSpec(
            layers=(2, 3, 1), hidden="linear", output="linear", loss="mean-squared-error"
        ),
        runs=(Run(init=Zeros()), Run(init=Constant(value=1e9))),
    ),
    "depth-by-step": Experiment(
        scene=DepthSpec(depth=2, width=12, unit="relu", axis="step", steps=4, learning_rate=1e9),
        runs=(Run(init=Normal(scale=1.0)), Run(init=HeNormal())),
    ),
}
EXPERIMENTS |= {
    kind: Experiment(scene=study.spec())
    for kind, study in STUDIES.items()
    if kind not in {experiment.kind for experiment in EXPERIMENTS.values()}
}
BASES = (Panel, PlotPanel, TablePanel)
HOOKS = ("tool_tip", "text_at", "cell_text")
"""What a panel overrides to have tool tips."""
CASES = [
    (panel, experiment)
    for experiment, value in EXPERIMENTS.items()
    for panel, kind in PANELS.items()
    if kind.kind == value.kind
]


@pytest.fixture(scope="module")
def scenes() -> dict[str, Scene]:
    return {name: computed(experiment) for name, experiment in EXPERIMENTS.items()}


def computed(experiment: Experiment) -> Scene:
    scene = open_scene(experiment)
    scene.compute_all()
    return scene


def test_every_kind_of_scene_has_an_experiment() -> None:
    assert {experiment.kind for experiment in EXPERIMENTS.values()} == {TRAINING, *STUDIES}


@pytest.mark.parametrize("name", DATASETS)
def test_the_decision_panel_draws_the_examples_of_every_data_set(qapp: object, name: str) -> None:
    load_fonts()
    theme = THEMES["light"]
    experiment = Experiment(data=DataSpec(name=name, samples=20), training=STEPS)
    stage = Stage(theme, ["decision"])
    stage.show_scene(computed(experiment))
    draw_frame(stage, 0)
    image = stage.image(800, 600)
    panel = stage.panels[0]
    assert isinstance(panel, DecisionPanel)
    data = experiment.load_data()
    scene = stage.sceneRect()
    to_pixels = QTransform.fromScale(image.width() / scene.width(), image.height() / scene.height())
    for value in (0, 1):
        points = [panel.point(*x) for x in data.X[:, data.Y[0] == value].T.tolist()]
        places = [to_pixels.map(panel.mapToScene(point)).toPoint() for point in points]
        colours = [image.pixelColor(place).name() for place in places]
        assert colours.count(theme.classes[value]) > len(colours) / 2  # some are covered


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_has_its_registered_name_a_title_and_a_docstring(name: str) -> None:
    panel = PANELS[name]
    assert issubclass(panel, Panel)
    assert panel.name == name
    assert panel.title
    assert panel.__doc__


@pytest.mark.parametrize(("panel", "experiment"), CASES)
def test_a_panel_of_known_words_draws_the_same_pixels_whatever_it_drew_before(
    qapp: object, scenes: dict[str, Scene], panel: str, experiment: str
) -> None:
    load_fonts()
    scene = scenes[experiment]
    stage = Stage(THEMES["light"], [panel])
    stage.show_scene(scene)
    last = scene.last_index
    draw_frame(stage, last)
    first_time = _pixels(stage.image(400, 300))
    assert not undefined_words(label.text for each in stage.panels for label in each.labels)
    draw_frame(stage, 0)
    stage.image(90, 60)
    draw_frame(stage, last)
    assert _pixels(stage.image(400, 300)) == first_time


@pytest.mark.parametrize("panel", PANELS)
def test_tool_tips_of_a_panel_exist_without_empty_lines(
    qapp: object, scenes: dict[str, Scene], panel: str
) -> None:
    load_fonts()
    texts: set[str] = set()
    for experiment in (experiment for name, experiment in CASES if name == panel):
        scene = scenes[experiment]
        stage = Stage(THEMES["dark"], [panel])
        stage.show_scene(scene)
        draw_frame(stage, scene.last_index // 2)
        stage.image(400, 300)
        assert stage.state is not None
        for item in stage.panels:
            for distance in (40, 10):
                for x in range(0, int(item.rect.width()), distance):
                    for y in range(0, int(item.rect.height()), distance):
                        texts.add(item.tool_tip(QPointF(x, y), stage.state))
                if texts != {""}:
                    break
    assert all(line.strip() for text in texts - {""} for line in text.splitlines())
    has_tool_tips = any(
        hook in vars(each) for each in PANELS[panel].__mro__ if each not in BASES for hook in HOOKS
    )
    assert bool(texts - {""}) is has_tool_tips


def _pixels(image: QImage) -> bytes:
    return bytes(image.constBits())


@pytest.mark.parametrize("panel", [name for name, kind in PANELS.items() if kind.kind == TRAINING])
def test_a_panel_shows_an_edited_experiment_as_a_new_panel_does(qapp: object, panel: str) -> None:
    load_fonts()
    runs = (Run(init=Constant()), Run(init=Normal(scale=1.0)))
    before = Experiment(training=TrainingSpec(steps=30), runs=runs)
    after = with_edit(before, Parameter(0, "W1", 1, 0), 0, -7.0)
    after = with_edit(after, Parameter(1, "b1", 0), 12, 40.0)
    scenes = [computed(experiment) for experiment in (before, after)]
    stored, new = Stage(THEMES["light"], [panel]), Stage(THEMES["light"], [panel])
    stored.show_scene(scenes[0])
    draw_frame(stored, 20)
    stored.image(600, 400)
    panels = stored.panels
    stored.show_scene(scenes[1])
    new.show_scene(scenes[1])
    assert stored.panels == panels
    for index in (20, 3):
        draw_frame(stored, index)
        draw_frame(new, index)
        assert _pixels(stored.image(600, 400)) == _pixels(new.image(600, 400))


def test_a_backdrop_repainted_in_parts_equals_one_painted_whole(qapp: object) -> None:
    load_fonts()
    scene = open_scene(built_in("zero-vs-random"))
    stage = Stage(THEMES["light"])
    stage.show_scene(scene)
    for growing, _ in enumerate(scene.compute()):
        if growing % 4 == 0:
            draw_frame(stage, scene.last_index)
            parts = _pixels(stage.image(1111, 666))
            stage.backdrop.repaint_all()
            assert _pixels(stage.picture(1111, 666)) == parts


def test_every_panel_has_its_own_position() -> None:
    positions = [panel.position for panel in PANELS.values()]
    assert positions == sorted(set(positions))
