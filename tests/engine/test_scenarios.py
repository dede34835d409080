"""The scenarios: each reproduces figures that were computed by an independent program.

Those figures come from a plain implementation of the same networks, checked against automatic
differentiation and against long-double arithmetic.
"""

from dataclasses import dataclass

import pytest

from engine.library.built_ins import BUILT_INS, built_in
from engine.training.comparison import compare
from engine.training.training import train


@dataclass(frozen=True)
class Expected:
    """Losses by frame; the first frames with a loss below 0.6, 0.35 and 0.1; the end's accuracy."""

    losses: dict[int, float]
    first_below: tuple[int | None, ...]
    accuracy: float
    tolerance: float


FIGURES = """
constant-tanh-xor 0.75 27 - -
    0:0.728555119 1:0.710011545 10:0.672617973 100:0.499097003 200:0.486629605
dead-relu-xor 0.5 - - -
    0:0.693147181 1:0.693147181 10:0.693147181 50:0.693147181 100:0.693147181
equal-circles 0.640625 190 - -
    0:0.730379892 1:0.700636241 10:0.688559327 200:0.599281081 400:0.591992392
equal-rows-unequal-outputs 1.0 6 12 26
    0:0.694962483 1:0.688265964 10:0.400228144 40:0.0524809098 80:0.0224602724
large-relu-xor 1.0 5 6 20
    0:3195.1331371784 1:6923.1045908481 10:0.146537533 100:0.022776289 200:0.0109789197
nearly-equal-circles 0.8125 190 - -
    0:0.730379892 1:0.700636241 10:0.688559327 200:0.599281059 400:0.451764747
noisy-moons-ones 0.81 17 - -
    0:3.0891702 1:1.56971209 10:0.643037142 50:0.449639962 100:0.404976583
noisy-moons-small 0.805 10 - -
    0:0.693003936 1:0.692653496 10:0.556429479 50:0.402136362 100:0.402061472
noisy-moons-xavier 0.855 0 - -
    0:0.575583728 1:0.498934643 10:0.409744684 50:0.391720501 100:0.365407386
noisy-moons-zeros 0.505 - - -
    0:0.693147181 1:0.693125306 10:0.693097338 50:0.69309718 100:0.69309718
ones-tanh-xor 0.75 7 - -
    0:0.787857299 1:0.642032146 10:0.581201175 100:0.489962651 200:0.483220059
only-biases-differ 1.0 6 13 27
    0:0.714556232 1:0.681521059 10:0.466906957 50:0.0407377499 100:0.017643428
output-weights-as-drawn 0.90625 0 7 -
    0:0.523557098 1:0.44462727 10:0.336180565 100:0.283977021 200:0.219145586
output-weights-tenfold 0.96875 0 36 70
    0:0.356435045 1:1.72988017 10:0.766128139 100:0.092567042 200:0.0619291134
random-solves-xor 1.0 1 5 19
    0:0.701521479 1:0.580713177 10:0.191885718 30:0.0593346212 60:0.0279142005
random-stuck-xor 0.5 8 159 -
    0:0.697073561 1:0.689277227 10:0.5245937 150:0.350212636 300:0.348261379
relu-scaled-twins 0.859375 16 62 -
    0:0.701286164 1:0.691390654 10:0.642215789 150:0.292419303 300:0.283527508
saturated-hidden-xor 0.75 - - -
    0:0.871467094 1:0.695474029 10:0.693147181 100:0.693147181 200:0.693147181
small-tanh-moons 0.9375 9 14 -
    0:0.693153336 1:0.69262666 10:0.485523482 200:0.281216212 400:0.14944924
small-tanh-xor 0.5 - - -
    0:0.693147181 1:0.693147181 10:0.69314718 150:0.693147174 300:0.693147167
tanh-mirrored-twins 0.859375 5 13 -
    0:0.68722525 1:0.675100844 10:0.384615799 150:0.286553728 300:0.283717891
three-equal-units-circles 0.640625 780 - -
    0:0.772179817 1:0.73922075 10:0.693357015 800:0.599654109 1600:0.592454422
wrong-output-cross-entropy 1.0 17 20 33
    0:12.8142628 1:11.9930292 10:4.64178544 20:0.294994498 40:0.0750664359
wrong-output-squared-error 0.0 - - -
    0:0.999398515 1:0.999398415 10:0.999397517 500:0.999342618 1000:0.999270295
xavier-tanh-moons 1.0 0 4 222
    0:0.523557098 1:0.395918814 10:0.318619408 200:0.114797803 400:0.0326709544
xavier-tanh-xor 1.0 3 7 19
    0:0.72376434 1:0.689804866 10:0.213079556 150:0.00630467019 300:0.0023512286
zero-first-layer-relu 0.5 - - -
    0:0.693147181 1:0.693147181 10:0.693147181 50:0.693147181 100:0.693147181
zero-first-layer-tanh 0.875 1 1 -
    0:0.693147181 1:0.324669534 10:0.292040675 100:0.281300814 200:0.259970881
zero-logistic-regression 1.0 1 3 17
    0:0.693147181 1:0.510587754 10:0.146528787 50:0.0415919388 100:0.023751959
zero-relu-and 0.75 3 - -
    0:0.693147181 1:0.63843942 10:0.563454381 50:0.562335145 100:0.562335145
zero-sigmoid-and 1.0 2 19 37
    0:0.693147181 1:0.611425058 10:0.492996195 75:0.0227834117 150:0.00768492974
zero-sigmoid-half-and-third 0.6875 - - -
    0:0.693147181 1:0.687972617 10:0.65553268 500:0.617355419 1000:0.609857457
zero-sigmoid-xor 0.5 - - -
    0:0.693147181 1:0.693147181 10:0.693147181 50:0.693147181 100:0.693147181
zero-tanh-and 0.75 3 - -
    0:0.693147181 1:0.63843942 10:0.563454381 50:0.562335145 100:0.562335145
zero-tanh-xor 0.5 - - -
    0:0.693147181 1:0.693147181 10:0.693147181 50:0.693147181 100:0.693147181
"""
"""Name, accuracy at the end, first frames with a loss below 0.6, 0.35 and 0.1; frame:loss."""

TOLERANCES = {"nearly-equal-circles": 1e-2}
"""Where a rounding error of the start would show; 1e-6 elsewhere."""


def _read(head: str, losses: str) -> tuple[str, Expected]:
    name, accuracy, *below = head.split()
    return name, Expected(
        losses={int(k): float(v) for k, v in (pair.split(":") for pair in losses.split())},
        first_below=tuple(None if frame == "-" else int(frame) for frame in below),
        accuracy=float(accuracy),
        tolerance=TOLERANCES.get(name, 1e-6),
    )


_lines = FIGURES.strip().splitlines()
EXPECTED = dict(map(_read, _lines[::2], _lines[1::2]))


def test_every_scenario_has_one_run_and_expected_figures() -> None:
    scenarios = [name for name in BUILT_INS if name in EXPECTED]
    assert len(scenarios) == len(EXPECTED) == 35
    assert all(len(built_in(name).runs) == 1 for name in scenarios)
    assert BUILT_INS[-35:] == tuple(scenarios)


@pytest.mark.parametrize("name", EXPECTED)
def test_losses_and_accuracy_are_as_expected(name: str) -> None:
    expected, comparison = EXPECTED[name], compare(built_in(name))
    losses = comparison.recordings[0].losses
    assert len(losses) == max(expected.losses) + 1
    for frame, loss in expected.losses.items():
        assert losses[frame] == pytest.approx(loss, rel=0, abs=expected.tolerance), frame
    assert comparison.diagnostics[0].accuracy[-1] == pytest.approx(expected.accuracy, abs=1e-12)


@pytest.mark.parametrize("name", EXPECTED)
def test_loss_falls_at_the_expected_frame(name: str) -> None:
    (recording,) = train(built_in(name))
    for bound, frame in zip((0.6, 0.35, 0.1), EXPECTED[name].first_below, strict=True):
        below = recording.losses < bound
        assert (int(below.argmax()) if below.any() else None) == frame


EQUAL = [
    "constant-tanh-xor",
    "equal-circles",
    "noisy-moons-ones",
    "ones-tanh-xor",
    "three-equal-units-circles",
    "zero-sigmoid-and",
    "zero-sigmoid-half-and-third",
]


@pytest.mark.parametrize("name", EQUAL)
def test_equal_units_stay_bit_equal(name: str) -> None:
    (diagnosed,) = compare(built_in(name)).diagnostics
    assert (diagnosed.gap == 0.0).all()
    assert (diagnosed.distinct_units == 1).all()


def test_difference_of_1e_12_becomes_visible_at_frame_241() -> None:
    (diagnosed,) = compare(built_in("nearly-equal-circles")).diagnostics
    assert abs(int((diagnosed.gap > 0.1).argmax()) - 241) <= 1
