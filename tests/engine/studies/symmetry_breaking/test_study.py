"""How small a nudge breaks the symmetry: against single runs, and against a closed form."""

from math import log, log1p

import numpy as np
import pytest

from engine.editing.parameters import nudged
from engine.errors import UsageError
from engine.experiment.experiment import (
    Change,
    DataSpec,
    Edit,
    Experiment,
    NetworkSpec,
    Run,
    TrainingSpec,
)
from engine.library.built_ins import built_in
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.nn.initializers import Constant, Explicit, Normal, Zeros
from engine.studies.catalogue import open_scene
from engine.studies.symmetry_breaking.nudge import epsilon_text, nudge_sizes
from engine.studies.symmetry_breaking.study import BreakingSpec, BreakingStudy, with_nudges
from engine.training.comparison import compare
from engine.training.events import EventKind
from engine.training.training import train

CIRCLES = DataSpec(name="circles", samples=24)
EQUAL = Run(name="equal", init=Constant(value=0.5))


def studied(experiment: Experiment) -> BreakingStudy:
    scene = open_scene(experiment)
    assert isinstance(scene, BreakingStudy)
    scene.compute_all()
    return scene


def circles(step: int = 0, steps: int = 300, **more: object) -> Experiment:
    fields = {"data": CIRCLES, "runs": (EQUAL,)} | more
    return Experiment(
        training=TrainingSpec(steps=steps, learning_rate=1.0),
        scene=BreakingSpec(step=step, visible=0.1),
        **fields,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("step", [0, 60])
@pytest.mark.parametrize("data", [CIRCLES, DataSpec(name="circles", samples=10)])
def test_every_nudge_equals_a_single_run_with_the_edit(step: int, data: DataSpec) -> None:
    change = Change(step=90, learning_rate=0.7)
    edit = Edit(step=20, parameter="b2", index=(0,), value=0.125)
    run = EQUAL.replace(changes=(change,), edits=(edit,))
    study = studied(circles(step, data=data, runs=(run,)))
    plain = Experiment(data=data, training=study.experiment.training, runs=(run,))
    before = train(plain)[0][step].W[1][0, 0]
    assert study.value == before
    for number, epsilon in enumerate(study.epsilons):
        value = nudged(float(before), epsilon, True)
        alone = Edit(step=step, parameter="W1", index=(0, 0), value=value)
        edits = tuple(sorted((edit, alone), key=lambda each: each.step))
        single = run.replace(edits=edits)
        comparison = compare(plain.replace(runs=(single,)))
        (diagnostics,) = comparison.diagnostics
        np.testing.assert_array_equal(study.gaps[number], diagnostics.gap)
        frames = {event.kind: event.frame for event in comparison.events}
        nudge = study.nudges[number]
        assert nudge.broken == frames[EventKind.SYMMETRY_BROKEN]
        assert nudge.visible == frames.get(EventKind.SYMMETRY_VISIBLE)
        assert nudge.change == value - before
        opened = study.nudged_experiment(number)
        assert opened.runs[0] == run
        assert opened.runs[1].edits == edits
        assert opened.scene is None


def test_gap_from_zero_grows_as_the_linearised_equations() -> None:
    # At zero weights the first steps are linear: with C = 1/m Σ (y − ½) x, w ← w + η v C and
    # v ← v + η C·w. Along C, v ± w grow by 1 ± η |C| a step, so a nudge ε of w becomes
    # ε/2 ((1 + η|C|)ᵏ + (1 − η|C|)ᵏ), and v the difference of the two.
    points = ((1.0, 1.0), (-1.0, 0.0), (1.0, 1.0), (-1.0, 0.0))
    rate, slope, steps = 0.2, 0.2 * 0.5, 200
    experiment = Experiment(
        data=DataSpec(points=points),
        network=NetworkSpec(layers=(1, 2, 1)),
        training=TrainingSpec(steps=steps, learning_rate=rate),
        runs=(Run(init=Zeros()),),
        scene=BreakingSpec(),
    )
    study = studied(experiment)
    k = np.arange(steps + 1)
    for number in range(5, 12):  # so small that the steps stay linear
        grown = 10.0 ** -(number + 2) * ((1 + slope) ** k + (1 - slope) ** k) / 2.0
        linear = grown < 1e-3
        np.testing.assert_allclose(study.gaps[number][linear], grown[linear], rtol=1e-5)
        growth = study.nudges[number].growth
        assert growth
        assert growth.rate == pytest.approx(log1p(slope), rel=0.01)
        assert growth.r_squared > 0.999
    first, last = study.nudges[4].visible, study.nudges[5].visible
    assert study.typical_rate == pytest.approx(log1p(slope), rel=0.01)
    assert first
    assert last
    assert last - first == pytest.approx(log(10.0) / log1p(slope), abs=1.0)


def test_nudge_lost_by_rounding_is_reported() -> None:
    run = Run(init=Explicit(W=(((1e9, 1.0), (1e9, 1.0)), ((0.5, 0.5),)), b=((0.0, 0.0), (0.0,))))
    study = studied(circles(steps=20, runs=(run,)))
    swallowed = [nudge.name for nudge in study.nudges if nudge.broken is None]
    assert swallowed == [epsilon_text(e) for e in study.epsilons if e is not None and e < 5e-8]
    assert study.outcome(11) == "lost by rounding"
    assert study.nudges[11].change == 0.0
    assert study.nudges[-1].change == np.spacing(1e9)


def test_no_nudge_becomes_visible_on_balanced_xor() -> None:
    experiment = circles(step=50, steps=400, data=DataSpec(name="xor"))
    experiment = experiment.replace(training=experiment.training.replace(learning_rate=0.5))
    study = studied(experiment)
    assert study.was_symmetric
    assert not any(nudge.visible for nudge in study.nudges)
    assert study.outcome(4) == "not visible by frame 400"
    assert study.outcome(15) == "equal again, by rounding"  # 1 ulp
    assert np.isnan(study.typical_rate)


def test_asymmetric_run_is_reported() -> None:
    study = studied(circles(steps=5, runs=(Run(init=Normal(scale=1.0, seed=1)),)))
    assert not study.was_symmetric
    assert study.findings()[-1].endswith("this run is not symmetric.")
    symmetric_until_then = EQUAL.replace(
        edits=(Edit(step=3, parameter="W1", index=(1, 1), value=9.0),)
    )
    assert not studied(circles(4, 8, runs=(symmetric_until_then,))).was_symmetric
    assert studied(circles(2, 8, runs=(EQUAL,))).was_symmetric


def test_gap_is_nan_after_divergence() -> None:
    network = NetworkSpec(hidden="linear", output="linear", loss="mean-squared-error")
    study = studied(circles(steps=400, network=network, runs=(EQUAL.replace(learning_rate=9.0),)))
    assert np.isnan(study.gaps[0, -1])
    assert study.longer is None


def test_built_in_experiment_shows_the_expected_growth() -> None:
    experiment = built_in("breaking-symmetry")
    study = studied(experiment)
    frames = [study.frames_until_visible(nudge) for nudge in study.nudges]
    assert frames == sorted(frames)
    assert 50 < frames[0] < 80
    assert 550 < frames[-1] < 570
    costs = np.diff(frames[1:13])
    assert costs.min() >= 34
    assert costs.max() <= 38
    assert log(10.0) / study.typical_rate == pytest.approx(36.0, abs=1.0)
    assert parse_experiment(format_experiment(experiment)) == experiment


def test_conclusion_does_not_extrapolate_beyond_the_growth() -> None:
    # On five points, 10⁻³ is visible after 118 frames, and growth ends before 10⁻⁴ is.
    study = studied(with_nudges(built_in("zero-vs-random"), 0, 0))
    frames = [study.frames_until_visible(nudge) for nudge in study.nudges]
    assert frames[1] > 0
    assert frames[2:-1] == [-1] * 13
    assert study.conclusions == [
        f"A nudge of 10⁻³ becomes visible after {frames[1]} frames.",
        "Smaller nudges stay invisible up to frame 400: fast growth ends near frame 186.",
        "The equal state repels: a difference grows 780-fold up to frame 400.",
    ]
    assert study.gaps[1, -1] == pytest.approx(780.0 * 1e-3, rel=0.02)
    linear = study.gaps[2] / 1e-4
    rates = np.diff(np.log(linear))
    assert rates[186:].max() < 0.11 * rates.max()
    longer = study.longer
    assert longer is not None
    assert longer.training.steps == 2000


def test_equal_state_that_attracts_is_reported() -> None:
    study = studied(with_nudges(built_in("zero-vs-random"), 0, 300))
    assert study.conclusions == [
        "No nudge becomes visible by frame 400.",
        "The equal state attracts: a difference shrinks to 0.51 times its size.",
    ]
    assert study.gaps[4, -1] / study.gaps[4, 300] == pytest.approx(0.51, abs=0.005)
    assert study.longer is None
    still = studied(with_nudges(built_in("zero-start-balanced"), 0, 0))
    assert still.conclusions[1].startswith("The equal state neither repels nor attracts")
    np.testing.assert_array_equal(still.gaps[4], still.gaps[4, 0])


def test_longer_training_reaches_the_smallest_power_of_ten() -> None:
    study = studied(with_nudges(built_in("zero-tanh"), 0, 0))
    assert "continues at the last frame" in study.conclusions[1]
    assert study.longer is not None
    longer = studied(study.longer)
    assert longer.nudges[-2].visible is not None
    assert longer.conclusions[0].startswith("Each factor of ten smaller takes 14")


def test_cost_is_that_of_the_column_visible_after() -> None:
    study = studied(built_in("breaking-symmetry"))
    costs = np.diff([study.frames_until_visible(nudge) for nudge in study.nudges[:-1]])
    assert study.conclusions[0] == (
        f"Each factor of ten smaller takes {costs.min()} to {costs.max()} more frames to become "
        "visible."
    )


@pytest.mark.parametrize("visible", [0.1, 0.03, 1e-3, 0.31, 5.0, 1e-17])
def test_no_nudge_is_close_to_the_visible_gap(visible: float) -> None:
    sizes = [size for size in nudge_sizes(visible) if size is not None]
    assert len(sizes) >= 15
    assert all(max(size / visible, visible / size) > 3.0 for size in sizes)


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ("run = 1", "scene.run: there is no run 1"),
        ("run = 4", "scene.run: expected a whole number, at most 3"),
        ("step = 300", "scene.step: nothing is trained from frame 300 on"),
        ('parameter = "W3"', "scene.parameter: there is no W3"),
        ('parameter = "w1"', "scene.parameter"),
        ("index = [0]", "scene.index: a weight needs two"),
        ("index = [2, 0]", "scene.index: [2, 0] is outside"),
        ("visible = 0.0", "scene.visible"),
        ("epsilon = 1", "scene.epsilon: unknown field"),
    ],
)
def test_invalid_parameters_are_rejected_with_their_field(scene: str, message: str) -> None:
    text = f'format = 1\n[training]\nsteps = 300\n[scene]\nkind = "breaking"\n{scene}\n[[run]]'
    with pytest.raises(UsageError) as caught:
        parse_experiment(text)
    assert message in str(caught.value)


def test_unsuitable_networks_are_rejected() -> None:
    for network, message in (
        ("layers = [2, 1]", "network.layers: this scene needs a hidden layer of two"),
        ("layers = [2, 1, 1]", "network.layers: this scene needs a hidden layer of two"),
        ("layers = [2, 1000, 1000, 1]", "network.layers: too large"),
    ):
        with pytest.raises(UsageError, match=message.replace("[", r"\[")):
            parse_experiment(f'format = 1\n[network]\n{network}\n[scene]\nkind = "breaking"')
    with pytest.raises(UsageError, match=r"training\.steps: at most 100,000"):
        parse_experiment('format = 1\n[training]\nsteps = 200000\n[scene]\nkind = "breaking"')
