"""Every activation, loss, scheme and data set works wherever the program uses it."""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction, QImage
from pytestqt.qtbot import QtBot

import main
from engine.codegen.numpy_code import is_exact
from engine.codegen.scripts import SCRIPTS
from engine.experiment.experiment import (
    TRAINING,
    DataSpec,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.experiment.quantity import Quantity
from engine.explain.central_difference import Verdict, central_difference
from engine.explain.lines import explain
from engine.library.experiment_file import format_experiment, parse_experiment, write_experiment
from engine.nn.activations import ACTIVATIONS, activation
from engine.nn.code import Code
from engine.nn.datasets import DATASETS
from engine.nn.initializers import SCHEMES, Explicit, LayerInitializer
from engine.nn.losses import LOSSES
from engine.nn.output_heads import output_head, outputs_of
from engine.nn.registry import Registry
from engine.nn.spelling import folded
from engine.studies.catalogue import open_scene
from engine.studies.depth.study import DepthSpec
from engine.studies.saturation.study import SaturationSpec
from engine.studies.variance.study import VarianceSpec
from engine.training.comparison import Comparison, compare
from gui.controls.controls import Controls
from gui.formulas import typesetting
from gui.stage.catalogue import PANELS
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.engine.codegen.script_runner import run_here, run_in_a_process
from tests.gui.stages import draw_frame

STEPS = 6
HEADS = [(output, loss) for loss in LOSSES for output in outputs_of(loss)]
REGISTRIES: dict[str, Registry] = {  # type: ignore[type-arg]
    "activations": ACTIVATIONS,
    "losses": LOSSES,
    "schemes": SCHEMES,
}
LAYER_SCHEMES = [name for name, scheme in SCHEMES.items() if issubclass(scheme, LayerInitializer)]
DRAWABLE = [name for name, scheme in SCHEMES.items() if scheme is not Explicit]


def _experiments() -> dict[str, Experiment]:
    """Return experiments that use every entry; their names list the entries they use.

    Each has every second activation, one head, one data set and up to four schemes.
    """
    schemes = [DRAWABLE[i : i + 4] for i in range(0, len(DRAWABLE), 4)]
    data = list(DATASETS)
    found = {}
    for i in range(max(len(HEADS), len(schemes), len(data))):
        output, loss = HEADS[i % len(HEADS)]
        inits = schemes[i % len(schemes)]
        name = data[i % len(data)]
        units = list(ACTIVATIONS)[i % 2 :: 2]
        experiment = Experiment(
            data=DataSpec(name=name, samples=12),
            network=NetworkSpec(
                layers=(2, *[3] * len(units), output_head(output, loss).output_counts[0]),
                hidden=tuple(units),
                output=output,
                loss=loss,
            ),
            training=TrainingSpec(steps=STEPS, learning_rate=0.1),
            # From ones, whose sums grow layer by layer, larger steps would run away.
            runs=tuple(
                Run(name=init, init=SCHEMES[init](), learning_rate=1e-8 if init == "ones" else None)
                for init in inits
            ),
        )
        found[" ".join((name, output, loss, *inits))] = experiment
    return found


EXPERIMENTS = _experiments()
ONE_FOR_EACH_HEAD = dict(list(EXPERIMENTS.items())[: len(HEADS)])


@cache
def trained(name: str) -> Comparison:
    return compare(EXPERIMENTS[name])


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("beta", [1.0, 0.5, 2.0])
def test_slope_of_an_activation_is_its_derivative(name: str, beta: float) -> None:
    unit, h = activation(name, beta), 1e-4
    z = np.linspace(-5.03, 5.0, 400)
    for corner in unit.corners:
        z = z[np.abs(z - corner) > 3 * h]
    rise = unit(z - 2 * h) - 8 * unit(z - h) + 8 * unit(z + h) - unit(z + 2 * h)
    np.testing.assert_allclose(unit.value_and_slope(z)[1], rise / (12 * h), rtol=1e-8, atol=1e-10)


def _typeset(code: Code, **symbols: str) -> None:
    latex = code.latex
    for name, symbol in symbols.items():
        latex = latex.replace(f"{{{name}}}", symbol)
    assert typesetting.extent((latex,), "black", 16.0).width > 0.0


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_latex_of_an_activation_can_be_typeset(qapp: object, name: str) -> None:
    load_fonts()
    unit = ACTIVATIONS[name]
    _typeset(unit.code, z="z")
    _typeset(unit.slope_code, z="z", a="a")


@pytest.mark.parametrize("name", LOSSES)
def test_latex_of_a_loss_can_be_typeset(qapp: object, name: str) -> None:
    load_fonts()
    loss = LOSSES[name]
    _typeset(loss.code, u="u", a="a", y="y")
    _typeset(loss.delta_code, a="a", y="y", slope="g'(z)")


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_name_in_other_libraries_is_claimed_twice(registry: str) -> None:
    entries = REGISTRIES[registry]
    claims: dict[str, set[str]] = {}
    for name, alias, _ in [*((name, name, {}) for name in entries), *entries.aliases()]:
        claims.setdefault(folded(alias), set()).add(name)
    assert not {alias: names for alias, names in claims.items() if len(names) > 1}
    assert not claims.keys() & {folded(word) for word in entries.absent}


@pytest.mark.parametrize("registry", REGISTRIES)
def test_every_alias_stands_for_its_entry(registry: str) -> None:
    for name, alias, _ in REGISTRIES[registry].aliases():
        assert REGISTRIES[registry].canonical(re.sub(r"{\w+}", "0.5", alias)) == name


@pytest.mark.parametrize("name", SCHEMES)
def test_parameters_of_aliases_are_fields_of_the_scheme(name: str) -> None:
    for alias, parameters in SCHEMES[name].aliases.items():
        fields = {*parameters, *re.findall(r"\{(\w+)\}", alias)}
        assert fields <= set(SCHEMES[name].__struct_fields__)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_experiment_reads_back_from_its_file(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert parse_experiment(format_experiment(experiment)) == experiment


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_form_shows_and_offers_the_entries(qtbot: QtBot, name: str) -> None:
    experiment = EXPERIMENTS[name]
    controls = Controls(THEMES["light"], QAction())
    qtbot.addWidget(controls)
    controls.show_experiment(experiment)
    values = {
        path: field.value() for path, field in controls.fields.items() if path[-1] != "points"
    }
    assert values["data", "name"] == experiment.data.name
    assert values["network", "loss"] == experiment.network.loss
    assert values["network", "output"] == experiment.network.output
    for number, run in enumerate(experiment.runs):
        assert values["runs", number, "init"] == run.init.scheme
        own = set(run.init.__struct_fields__) - {"base"}
        assert all(("runs", number, "init", field) in values for field in own)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_training_follows_the_gradient(name: str) -> None:
    verdicts = []
    for recording in trained(name).recordings:
        assert len(recording) == STEPS + 1
        frame, depth = recording[1], recording.layout.depth
        for layer in (1, depth):
            for quantity in (Quantity("dW", layer, 0, 0), Quantity("db", layer, 0)):
                found = central_difference(recording.spec, recording.data, frame, quantity)
                assert found.verdict is not Verdict.DISAGREES
                verdicts.append(found.verdict)
                assert explain(recording.spec, recording.data, frame, quantity).latex
    assert Verdict.AGREES in verdicts


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_numpy_script_gives_the_same_bits(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert is_exact(experiment)
    for number, recording in enumerate(trained(name).recordings):
        found = run_here(SCRIPTS["NumPy"](experiment, number))
        assert found.losses == recording.losses.tolist()
        for layer in range(1, recording.layout.depth + 1):
            np.testing.assert_array_equal(found.W[layer - 1], recording[-1].W[layer])


@pytest.mark.parametrize("library", ["JAX", "PyTorch"])
def test_script_gives_the_same_up_to_rounding(library: str) -> None:
    module = {"JAX": "jax", "PyTorch": "torch"}[library]
    pytest.importorskip(module, reason=f"{library} is not installed: its script is not run")
    texts = [SCRIPTS[library](experiment, 0) for experiment in ONE_FOR_EACH_HEAD.values()]
    for name, found in zip(ONE_FOR_EACH_HEAD, run_in_a_process(texts), strict=True):
        recording = trained(name).recordings[0]
        np.testing.assert_allclose(found.losses, recording.losses, rtol=1e-9, atol=1e-14)
        for layer in range(1, recording.layout.depth + 1):
            np.testing.assert_allclose(
                found.W[layer - 1], recording[-1].W[layer], rtol=1e-9, atol=1e-12
            )


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_training_panel_draws_the_entries(qapp: object, name: str) -> None:
    load_fonts()
    stage = Stage(THEMES["light"], [name for name, kind in PANELS.items() if kind.kind == TRAINING])
    stage.show_scene(trained(name))
    draw_frame(stage, STEPS)
    first = _pixels(stage.image(1600, 1200))
    draw_frame(stage, 0)
    assert _pixels(stage.image(1600, 1200)) != first


def _studies() -> dict[str, Experiment]:
    """Return studies of every activation and of every scheme that draws single layers."""
    found = {}
    for name in ACTIVATIONS:
        found[f"depth {name}"] = Experiment(
            scene=DepthSpec(depth=3, width=4, unit=name, examples=3)
        )
        found[f"saturation {name}"] = Experiment(
            scene=SaturationSpec(units=(name,), frames=3, steps=2)
        )
    for i in range(0, len(LAYER_SCHEMES), 4):
        schemes = LAYER_SCHEMES[i : i + 4]
        found[f"variance {' '.join(schemes)}"] = Experiment(
            scene=VarianceSpec(largest=5, sums=100),
            runs=tuple(Run(name=scheme, init=SCHEMES[scheme]()) for scheme in schemes),
        )
    return found


STUDIES = _studies()


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_of_an_entry_is_computed_and_drawn(qapp: object, name: str) -> None:
    load_fonts()
    scene = open_scene(STUDIES[name])
    for _ in scene.compute():
        pass
    panels = [panel for panel, kind in PANELS.items() if kind.kind == scene.experiment.kind]
    stage = Stage(THEMES["dark"], panels)
    stage.show_scene(scene)
    draw_frame(stage, scene.last_index)
    assert not stage.image(640, 480).isNull()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_command_run_trains_the_entries(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "experiment.toml"
    write_experiment(EXPERIMENTS[name], file)
    assert main.main(["run", str(file), "-o", str(tmp_path / "out.npz")]) == 0
    with np.load(tmp_path / "out.npz") as arrays:
        for number, recording in enumerate(trained(name).recordings):
            np.testing.assert_array_equal(arrays[f"run{number}/loss"], recording.losses)
    assert main.main(["list", "--json"]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize("scheme", DRAWABLE)
def test_command_inspect_reports_a_scheme(scheme: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["inspect", scheme, "--layers", "30-20-1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["scheme"] == scheme
    assert document["formula"] == SCHEMES[scheme].formula
    assert document["layers"][0]["fits"]
    assert main.main(["inspect", scheme]) == 0
    assert scheme in capsys.readouterr().out


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_command_inspect_accepts_an_activation(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["inspect", "normal", "--hidden", name]) == 0
    assert f"hidden units {name}" in capsys.readouterr().out


def test_help_of_inspect_lists_the_registries(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "10000")
    assert main.main(["inspect", "--help"]) == 0
    help_text = capsys.readouterr().out
    assert not [scheme for scheme in SCHEMES if scheme not in help_text]


def _pixels(image: QImage) -> bytes:
    return bytes(image.constBits())
