"""The panels of studies: their labels fit and show the computed numbers."""

from typing import Any

import numpy as np
import pytest

from engine.experiment.experiment import DataSpec, Experiment, Run, TrainingSpec
from engine.nn.initializers import HeNormal, Normal, UniformFanIn, Zeros
from engine.studies.catalogue import open_scene
from engine.studies.depth.study import DepthSpec, DepthStudy
from engine.studies.logistic.study import LogisticSpec
from engine.studies.perceptron.study import PerceptronSpec
from engine.studies.saturation.study import SaturationSpec
from engine.studies.variance.study import VarianceSpec
from gui.panels.base.field_image import FieldImage
from gui.panels.base.plot import Markers, PlotPanel
from gui.panels.depth.layers import DepthActivationsPanel, DepthGradientsPanel
from gui.panels.saturation.saturation import SaturationCurvePanel
from gui.stage.stage import Stage
from gui.style.theme import THEMES, load_fonts
from tests.gui.stages import draw_frame, items_of


def shown(experiment: Experiment, *panels: str) -> Stage:
    """Return a stage of 1280 × 720 with the last frame."""
    load_fonts()
    scene = open_scene(experiment)
    scene.compute_all()
    stage = Stage(THEMES["light"], panels)
    stage.show_scene(scene)
    draw_frame(stage, scene.last_index)
    stage.image(1280, 720)
    return stage


def texts(stage: Stage) -> list[str]:
    return [label.text for panel in stage.panels for label in panel.labels]


def ticks(panel: PlotPanel[Any], side: str) -> list[float]:
    return [at for at, _ in panel.axes[side]._tickLevels[0]]


SEPARABLE = Experiment(
    scene=LogisticSpec(), data=DataSpec(name="and"), training=TrainingSpec(steps=20)
)


def test_reason_without_an_optimum_and_the_axis_name_fit_the_panel(qapp: object) -> None:
    stage = shown(SEPARABLE)
    panels = [panel for panel in stage.panels if panel.name == "logistic-distance"]
    assert len(panels) == 2
    for panel in panels:
        reported = panel.labels
        assert "linearly separable: w grows without limit" in {label.text for label in reported}
        assert "by step" in {label.text for label in reported}
        assert all(label.max_width is None or label.width <= label.max_width for label in reported)


def test_paths_stay_in_their_plot(qapp: object) -> None:
    stage = shown(SEPARABLE, "logistic-paths")
    assert stage.panels
    for panel in stage.panels:
        assert isinstance(panel, PlotPanel)
        paths = stage.scene.parameters[panel.run, :, :, 1:]  # type: ignore[union-attr]
        for axis, (low, high) in enumerate((panel.x_range, panel.y_range)):
            assert low < paths[..., axis].min() < paths[..., axis].max() < high


@pytest.mark.parametrize("z", [-7.0, 0.0, 7.0, 50.0])
def test_the_ring_stays_within_its_plot(qapp: object, z: float) -> None:
    spec = SaturationSpec(units=("relu", "tanh"), frames=3, steps=1, z=z)
    stage = shown(Experiment(scene=spec), "saturation-curve")
    assert stage.panels
    for panel in stage.panels:
        assert isinstance(panel, SaturationCurvePanel)
        (point,) = items_of(panel, Markers)[-1].points
        field = panel.field.rect().adjusted(8.4, 8.4, -8.4, -8.4)
        assert field.contains(point)


def test_a_range_below_a_decade_has_ticks_and_a_name(qapp: object) -> None:
    spec = SaturationSpec(frames=5, steps=1, low=0.1, high=0.5)
    stage = shown(Experiment(scene=spec))
    for name in ("saturated-by-scale", "gradient-by-scale", "loss-by-scale"):
        (panel,) = (each for each in stage.panels if each.name == name)
        assert isinstance(panel, PlotPanel)
        assert len(ticks(panel, "bottom")) >= 2
        assert {"by scale", "by the scale of the weights"} & {each.text for each in panel.labels}


def test_exact_and_rounded_steepness_are_shown(qapp: object) -> None:
    spec = SaturationSpec(units=("tanh",), frames=3, steps=30, low=-1.0, high=0.5)
    reported = texts(shown(Experiment(scene=spec), "steepness"))
    assert {"β = 2", "β = 3", "exactly 0"} <= set(reported)
    assert any("10⁻" in text for text in reported)


DEPTH = Experiment(
    scene=DepthSpec(depth=3, width=20), runs=(Run(init=HeNormal()), Run(init=Zeros()))
)


def test_layers_are_whole_numbers_and_the_linear_one_is_left_out(qapp: object) -> None:
    stage = shown(DEPTH)
    maps = [each for each in stage.panels if isinstance(each, DepthActivationsPanel)]
    for panel in maps:
        assert ticks(panel, "bottom") == [1.0, 2.0, 3.0]
        assert isinstance(panel.subject, DepthStudy)
        profile = panel.subject.profile(panel.run, 0)
        assert panel.counts(profile).sum(axis=1).tolist() == [640, 640, 0]
        assert any("linear, not drawn" in label.text for label in panel.labels)
    assert len(maps) == 2


def test_lowest_strip_is_labelled_as_zero(qapp: object) -> None:
    stage = shown(DEPTH)
    panels = [each for each in stage.panels if isinstance(each, DepthGradientsPanel)]
    assert panels
    for panel in panels:
        assert any(label.text.startswith("lowest strip: 0") for label in panel.labels)
    table = texts(stage)
    assert {"a, layer 2 ÷ 1", "dZ, layer 1 ÷ 3", "÷ exactly 0"} <= set(table)


def test_a_run_that_leaves_the_axis_is_named(qapp: object) -> None:
    runs = (Run(init=HeNormal()), Run(init=Normal(scale=1e6)))
    reported = texts(shown(Experiment(scene=DepthSpec(depth=6, width=8, unit="relu"), runs=runs)))
    assert "root mean square; B in part off the axis" in reported
    assert "root mean square; B in part off the axis" in texts(shown(DEPTH))  # of zeros
    alone = Experiment(scene=DepthSpec(depth=3, width=20), runs=(Run(init=HeNormal()),))
    assert "root mean square, logarithmic" in texts(shown(alone))


def test_what_floats_cannot_hold_is_called_too_large(qapp: object) -> None:
    spec = DepthSpec(depth=40, width=8, unit="relu")
    reported = texts(shown(Experiment(scene=spec, runs=(Run(init=Normal(scale=1e12)),))))
    assert "layer 40, linear: typical size too large for floats" in reported
    assert not any("NaN" in text for text in reported)


def test_captions_of_a_deep_network_name_their_layer(qapp: object) -> None:
    spec = DepthSpec(depth=5, width=8, axis="step", steps=2)
    reported = texts(shown(Experiment(scene=spec, runs=(Run(init=HeNormal()),))))
    assert any(text.startswith("layer 4, the last hidden: typical size") for text in reported)
    assert any(text.startswith("layer 1, the first: typical size") for text in reported)


def test_spread_activations_are_paler_than_concentrated_ones(qapp: object) -> None:
    spec = DepthSpec(depth=4, width=60, unit="tanh")
    stage = shown(
        Experiment(scene=spec, runs=(Run(init=HeNormal()), Run(init=Zeros()))), "depth-activations"
    )
    spread, one_place = (panel for panel in stage.panels)
    assert isinstance(spread, DepthActivationsPanel)
    assert isinstance(one_place, DepthActivationsPanel)
    light = [_mean_lightness(each) for each in (spread, one_place)]
    assert light[0] > light[1] + 40.0


def _mean_lightness(panel: DepthActivationsPanel) -> float:
    """Return the lightness of the darkest bin of every drawn layer, on average; 0 … 255."""
    (field,) = items_of(panel, FieldImage)
    image = field.image
    columns = [
        min(image.pixelColor(x, y).lightness() for y in range(image.height()))
        for x in range(image.width() - 1)
    ]
    return float(np.mean(columns))


def test_the_derivation_gives_reasons_and_two_numbers_apart(qapp: object) -> None:
    runs = (Run(name="±1/√n", init=UniformFanIn()), Run(init=Zeros()))
    stage = shown(Experiment(scene=VarianceSpec(largest=30, sums=200), runs=runs))
    (panel,) = (each for each in stage.panels if each.name == "variance-derivation")
    reported = panel.labels
    words = {label.text.strip() for label in reported}
    assert {"A derived", "B derived", "measured"} <= words
    assert "the n products are uncorrelated, so their variances add" in words
    assert "w and x are independent and one has mean 0: E[w²] E[x²]" in words
    assert all(label.max_width is None or label.width <= label.max_width for label in reported)
    frame = stage.scene.frames[-1]  # type: ignore[union-attr]
    assert f"{frame.measured[0].variance:.4g}" in words
    # A variance of 0 has no place on a logarithmic axis: it is said.
    assert "B zeros: exactly 0" in texts(stage)


def test_single_rate_is_shown_without_a_comparison(qapp: object) -> None:
    scene = PerceptronSpec(rates=(0.1,), epochs=3)
    reported = texts(shown(Experiment(scene=scene, data=DataSpec(name="xor"))))
    assert "one learning rate: nothing to compare" in reported
    assert not any("η only scales w" in text for text in reported)
    assert any(text.endswith("not linearly separable: it never ends") for text in reported)
