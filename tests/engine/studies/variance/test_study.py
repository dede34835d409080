"""The variance scene beside plain loops, and beside what is known of sums."""

from itertools import pairwise
from math import isnan, sqrt

import numpy as np
import pytest

from engine.errors import UsageError
from engine.experiment.experiment import Experiment, Run
from engine.library.built_ins import built_in
from engine.library.experiment_file import parse_experiment
from engine.nn.initializers import (
    Constant,
    Explicit,
    GlorotNormal,
    HeNormal,
    Orthogonal,
    Symmetric,
    UniformFanIn,
    XavierFanIn,
    Zeros,
)
from engine.studies.variance.study import VarianceSpec, VarianceStudy, numbers_of_inputs
from engine.studies.variance.sums import products, weighted_sums


def studied(*schemes: object, **parameters: float) -> VarianceStudy:
    runs = tuple(Run(init=scheme) for scheme in schemes)  # type: ignore[arg-type]
    study = VarianceStudy(Experiment(scene=VarianceSpec(**parameters), runs=runs))  # type: ignore[arg-type]
    study.compute_all()
    return study


def test_numbers_of_inputs_end_with_the_largest() -> None:
    numbers = numbers_of_inputs(1000)
    assert numbers[:20] == list(range(1, 21))
    assert numbers[-1] == 1000
    assert all(1 <= b - a <= max(1, round(0.06 * a)) for a, b in pairwise(numbers))
    assert numbers_of_inputs(1) == [1]


def test_sums_equal_sums_of_products() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    inputs = rng.standard_normal((3, 7))
    found = products(HeNormal(seed=9), inputs)
    own = np.random.Generator(np.random.PCG64([9, 3]))
    layers = [own.standard_normal((3, 3)) * np.sqrt(2.0 / 3.0) for _ in range(3)]
    rows = [row for layer in layers for row in layer][:7]
    for k, row in enumerate(rows):
        plain = 0.0
        for i in range(3):
            plain += row[i] * inputs[i, k]
        assert found.z[k] == pytest.approx(plain, rel=1e-14)
    assert found.square == pytest.approx(sum(x * x for x in inputs.ravel()) / 21)


@pytest.mark.parametrize(
    ("scheme", "variance"),
    [
        (UniformFanIn(seed=1), 1.0 / 3.0),
        (XavierFanIn(seed=2), 1.0),
        (HeNormal(seed=3), 2.0),
        (GlorotNormal(seed=4), 1.0),
        (Orthogonal(seed=5, gain=2.0), 4.0),
    ],
)
def test_scaling_by_n_keeps_the_variance(scheme: object, variance: float) -> None:
    # Orthogonal matrices of 120 × 120 take seconds.
    largest = 60 if isinstance(scheme, Orthogonal) else 120
    study = studied(scheme, largest=largest, sums=4000)
    measured = np.array([frame.measured[0].variance for frame in study.frames])
    assert measured[5:] == pytest.approx(np.full(len(measured) - 5, variance), rel=0.12)
    for frame in study.frames:
        assert frame.expected[0].variance == pytest.approx(variance, rel=1e-12)
        assert frame.counts.sum() == 4000


def test_input_mean_adds_to_the_variance() -> None:
    study = studied(UniformFanIn(seed=1), Constant(value=0.1), mean=127.5, deviation=73.6)
    even, constant = study.frames[-1].expected
    assert even.square == 127.5**2 + 73.6**2
    assert even.variance == pytest.approx(even.square / 3.0)
    assert constant.variance == pytest.approx(1000 * 0.01 * 73.6**2)
    assert constant.mean == pytest.approx(1000 * 0.1 * 127.5)
    measured = study.frames[-1].measured
    assert measured[0].variance == pytest.approx(even.variance, rel=0.15)
    assert measured[1].mean == pytest.approx(constant.mean, rel=0.01)
    assert measured[1].variance == pytest.approx(constant.variance, rel=0.15)


def test_unscaled_pixels_give_a_deviation_of_41() -> None:
    study = VarianceStudy(built_in("variance-raw-pixels"))
    study.compute_all()
    assert study.n[-1] == 784
    assert np.sqrt(study.frames[-1].measured[0].variance) == pytest.approx(41.0, abs=1.5)
    assert np.sqrt(study.frames[-1].measured[1].variance) == pytest.approx(85.0, abs=3.0)


@pytest.mark.parametrize(
    ("scheme", "n", "parameters", "error"),
    [
        # κ = 9 for a product of two normal factors, 27/5 if one is uniform, 3 if one is constant.
        (XavierFanIn(seed=2), 1, {}, sqrt((9.0 - 1.0) / 2000)),
        (UniformFanIn(seed=2), 1, {}, sqrt((27.0 / 5.0 - 1.0) / 2000)),
        (Constant(value=0.5), 1, {}, sqrt((3.0 - 1.0) / 2000)),
        (XavierFanIn(seed=2), 4, {}, sqrt((3.0 + 6.0 / 4.0 - 1.0) / 2000)),
        (UniformFanIn(seed=2), 3, {"mean": 2.0}, None),
    ],
)
def test_standard_error_agrees_with_repeated_measurements(
    scheme: object, n: int, parameters: dict[str, float], error: float | None
) -> None:
    study = studied(scheme, largest=n, **parameters)
    predicted = study.expected(0, n).relative_error(study.spec.sums)
    if error is not None:
        assert predicted == pytest.approx(error, rel=1e-12)
    z = weighted_sums(scheme, n, 1500 * 200, study.inputs)  # type: ignore[arg-type]
    variances = z.reshape(200, 1500).var(axis=1)
    measured = variances.std() / study.expected(0, n).variance * sqrt(1500 / study.spec.sums)
    assert predicted == pytest.approx(measured, rel=0.2)  # its own standard error is near 5 %


def test_standard_error_is_unknown_where_weights_depend_on_each_other() -> None:
    study = studied(Symmetric(seed=1), Orthogonal(seed=1), largest=2, sums=100)
    assert all(isnan(study.expected(run, 2).relative_error(100)) for run in (0, 1))


def test_zero_weights_give_zero_sums() -> None:
    study = studied(Zeros(), largest=3, sums=100)
    assert all(frame.measured[0].variance == 0.0 for frame in study.frames)
    assert all(frame.expected[0].relative_error(100) == 0.0 for frame in study.frames)


def test_invalid_parameters_are_rejected() -> None:
    with pytest.raises(UsageError, match=r"scene.largest: expected a whole number, at least 1"):
        parse_experiment('format = 1\n[scene]\nkind = "variance"\nlargest = 0\n')
    with pytest.raises(UsageError, match=r"run\[0\].init: this scene draws the weights of single"):
        Experiment(
            scene=VarianceSpec(), runs=(Run(init=Explicit(W=(((1.0, 2.0),) * 2, ((1.0, 1.0),)))),)
        )
    with pytest.raises(UsageError, match="training: means nothing"):
        parse_experiment('format = 1\n[scene]\nkind = "variance"\n[training]\nsteps = 3\n')
