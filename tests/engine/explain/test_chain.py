"""The chain rule gives the engine's numbers to the last bit, for every network."""

import re

import numpy as np
import pytest
from hypothesis import given, settings

from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.experiment.quantity import FIRST, Quantity, parse_quantity
from engine.explain.chain import error, forward, frame_value, gradient
from engine.explain.lines import explain
from engine.explain.notation import Line, latex_of
from engine.library.built_ins import built_in
from engine.training.training import train
from tests.engine.explain.networks import experiments, gradients, trained


def bits(value: float) -> bytes:
    return np.float64(value).tobytes()


def printed(line: Line) -> float:
    """The number a line ends in, read back from its LaTeX."""
    text = latex_of(line.formula).split("=")[-1].replace(" ", "")
    return float(text.replace(r"\cdot10^{", "e").replace("}", ""))


@settings(max_examples=40)  # each is a training
@given(experiments())
def test_gradient_equals_the_engine_to_the_last_bit(experiment: Experiment) -> None:
    recording, frame = trained(experiment)
    for quantity in gradients(experiment):
        found = gradient(frame, quantity)
        assert bits(found.value) == bits(frame_value(frame, quantity))
        assert found.is_exact
        explained = explain(recording.spec, recording.data, frame, quantity)
        (result,) = [line for line in explained.lines if line.tone == "result"]
        assert printed(result) == frame_value(frame, quantity)


@settings(max_examples=40)  # each is a training
@given(experiments())
def test_error_and_forward_equal_the_engine_to_the_last_bit(experiment: Experiment) -> None:
    recording, frame = trained(experiment)
    sizes = experiment.network.layers
    places = (
        (layer, unit, example)
        for layer in range(1, len(sizes))
        for unit in range(sizes[layer])
        for example in range(recording.data.examples)
    )
    for layer, unit, example in places:
        place = layer, unit, example
        back = error(recording.spec, frame, recording.data.Y, place)
        assert bits(back.value) == bits(frame.dZ[layer][unit, example])
        to = forward(recording.spec, frame, place)
        assert bits(to.sum.total) == bits(frame.Z[layer][unit, example])
        assert bits(to.value) == bits(frame.A[layer][unit, example])
        explained = explain(
            recording.spec, recording.data, frame, Quantity("Z", layer, unit), example
        )
        results = [printed(line) for line in explained.lines if line.tone == "result"]
        assert results == [frame.Z[layer][unit, example], frame.A[layer][unit, example]]


def test_sum_over_many_examples_shows_a_few_terms_and_adds_all() -> None:
    recording = train(built_in("moons"))[-1]
    frame = recording[100]
    assert recording.data.examples == 200
    explained = explain(recording.spec, recording.data, frame, FIRST)
    assert r"\text{(196 more)}" in explained.latex
    assert printed(explained.lines[2]) == frame.dW[1][0, 0]


@settings(max_examples=40)  # each is a training
@given(experiments())
def test_quantity_name_is_its_numpy_expression(experiment: Experiment) -> None:
    recording, frame = trained(experiment)
    example = recording.data.examples - 1
    units = [Quantity("A", layer, 0) for layer in range(1, len(frame.W))]
    for quantity in [*gradients(experiment), *units]:
        explained = explain(recording.spec, recording.data, frame, quantity, example)
        results = [line for line in explained.lines if line.tone == "result"]
        assert explained.counting
        assert explained.counting in explained.latex
        for line in results:
            name = re.fullmatch(r"(dW|db|Z|A)(\d)\[(\d),(\d)\], to the last digit", line.words)
            assert name is not None
            array = getattr(frame, name[1])[int(name[2])]
            assert array[int(name[3]), int(name[4])] == printed(line)


def test_wrong_number_is_not_exact() -> None:
    recording = train(built_in("zero-vs-random"))[1]
    frame = recording[10]
    moved = np.array(frame.dW[1])
    moved[0, 0] = np.nextafter(moved[0, 0], np.inf)
    object.__setattr__(frame, "dW", (frame.dW[0], moved, *frame.dW[2:]))
    explained = explain(recording.spec, recording.data, frame, FIRST)
    assert not gradient(frame, FIRST).is_exact
    assert repr(float(moved[0, 0])) in explained.lines[2].words
    assert explained.lines[2].tone == "doubt"


@pytest.mark.parametrize("name", ["dW1[0,1]", "db12[3,0]", "Z2[0]", "A1[7]"])
def test_quantity_is_parsed_from_its_name(name: str) -> None:
    assert parse_quantity(name).name == name


def test_bias_is_parsed_without_its_column() -> None:
    assert parse_quantity("db12[3]") == parse_quantity("db12[3,0]")


@pytest.mark.parametrize("name", ["", "dW1[0]", "db1[0,1]", "W1[0,0]", "dW0[0,0]", "dW1[-1,0]"])
def test_invalid_quantity_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no number to explain"):
        parse_quantity(name)


def test_quantity_is_clipped_to_a_smaller_network() -> None:
    assert Quantity("dW", 3, 8, 8).within((2, 3, 1)) == Quantity("dW", 2, 0, 2)
    assert Quantity("dW", 2, 0, 2).within((2, 3, 1)) == Quantity("dW", 2, 0, 2)
