"""Data sets: shapes, values, and the same points each time."""

import numpy as np
import pytest
from msgspec.structs import replace

from engine.errors import UsageError
from engine.experiment.specs import DataSpec
from engine.nn.datasets import DATASETS

DRAWN = [name for name in DATASETS if DATASETS[name].drawn]


def test_data_sets_of_the_file_format_are_registered() -> None:
    assert set(DATASETS) >= {"xor", "and", "or", "blobs", "circles", "moons", "spiral"}
    assert set(DRAWN) >= {"blobs", "circles", "moons", "spiral"}
    assert not {"xor", "and", "or"} & set(DRAWN)


@pytest.mark.parametrize(("name", "rule"), [("xor", "!="), ("and", "and"), ("or", "or")])
def test_logical_functions_of_the_signs_are_learned(name: str, rule: str) -> None:
    data = DATASETS.find(name).make(200, 0.1, 0)
    assert sorted(map(tuple, data.X.T.tolist())) == [(-1, -1), (-1, 1), (1, -1), (1, 1)]
    for (x1, x2), y in zip(data.X.T.tolist(), data.Y[0].tolist(), strict=True):
        p, q = x1 > 0, x2 > 0
        assert y == {"!=": p != q, "and": p and q, "or": p or q}[rule]


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("samples", [2, 7, 200])
def test_drawn_set_has_the_shape_and_half_of_each_class(name: str, samples: int) -> None:
    data = DATASETS.find(name).make(samples, 0.1, 3)
    assert data.X.shape == (2, samples)
    assert data.Y.shape == (1, samples)
    assert data.examples == samples
    assert set(data.Y.ravel().tolist()) == {0.0, 1.0}
    assert data.Y.sum() == samples // 2
    assert np.isfinite(data.X).all()
    for array in (data.X, data.Y):
        assert not array.flags.writeable


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_set_depends_on_the_seed(name: str) -> None:
    make = DATASETS.find(name).make
    np.testing.assert_array_equal(make(50, 0.1, 3).X, make(50, 0.1, 3).X)
    assert (make(50, 0.1, 3).X != make(50, 0.1, 4).X).any()


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_set_is_centred_and_of_unit_size(name: str) -> None:
    X = DATASETS.find(name).make(10_000, 0.1, 0).X
    assert np.abs(X.mean(axis=1)).max() < 0.2
    assert 0.5 < X.std() < 1.6


@pytest.mark.parametrize("name", DATASETS)
def test_two_outputs_have_a_one_for_each_class(name: str) -> None:
    one, two = (DATASETS.find(name).make(9, 0.1, 3, outputs) for outputs in (1, 2))
    np.testing.assert_array_equal(two.X, one.X)
    np.testing.assert_array_equal(two.Y, np.vstack([1.0 - one.Y, one.Y]))


@pytest.mark.parametrize("classes", range(3, 11))
def test_blobs_of_many_classes_are_apart(classes: int) -> None:
    data = DATASETS.find("blobs").make(20 * classes, 0.0, 1, classes)
    labels = data.Y.argmax(axis=0)
    np.testing.assert_array_equal(data.Y, np.eye(classes)[:, labels])
    np.testing.assert_array_equal(labels, np.arange(20 * classes) % classes)
    centres = np.stack([data.X[:, labels == k].mean(axis=1) for k in range(classes)])
    apart = np.hypot(*(centres[:, None] - centres).T)[~np.eye(classes, dtype=bool)]
    assert 1.2 < apart.min() < 2.8
    assert np.hypot(*data.X.mean(axis=1)) < 0.2


def test_flipped_label_of_several_classes_is_the_next_class() -> None:
    data = DataSpec(name="blobs", samples=30)
    right, wrong = data.load(2, 3).Y, data.replace(flip=0.2).load(2, 3).Y
    moved = (right.argmax(axis=0) != wrong.argmax(axis=0)).nonzero()[0]
    assert len(moved) == 6
    np.testing.assert_array_equal(wrong.sum(axis=0), 1.0)
    np.testing.assert_array_equal(
        wrong[:, moved].argmax(axis=0), (right[:, moved].argmax(axis=0) + 1) % 3
    )


def test_circles_without_noise_have_two_radii() -> None:
    data = DATASETS.find("circles").make(100, 0.0, 0)
    radius = np.hypot(*data.X)
    np.testing.assert_allclose(radius, np.where(data.Y[0] == 0, 1.8, 0.8), rtol=1e-12)


def test_moons_without_noise_are_half_circles() -> None:
    data = DATASETS.find("moons").make(100, 0.0, 0)
    for label, centre in ((0.0, (-0.6, -0.3)), (1.0, (0.6, 0.3))):
        points = data.X[:, data.Y[0] == label] - np.array(centre)[:, None]
        np.testing.assert_allclose(np.hypot(*points), 1.2, rtol=1e-12)
        assert (points[1] * (1.0 if label == 0 else -1.0) >= -1e-12).all()


def test_spiral_without_noise_has_opposite_arms() -> None:
    data = DATASETS.find("spiral").make(400, 0.0, 0)
    radius = np.hypot(*data.X)
    turned = radius / 2.0 * 2.5 * np.pi + np.pi * data.Y[0]
    np.testing.assert_allclose(
        data.X, radius * np.stack([np.cos(turned), np.sin(turned)]), atol=1e-9
    )


def test_blobs_are_separable() -> None:
    data = DATASETS.find("blobs").make(200, 0.0, 0)
    assert ((data.X.sum(axis=0) > 0) == (data.Y[0] > 0.5)).mean() > 0.99


def test_unknown_data_set_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match='did you mean "circles"'):
        DATASETS.find("circle")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.25, 0.5])
@pytest.mark.parametrize("name", ["moons", "xor"])
def test_flip_changes_a_share_of_the_labels_and_no_point(name: str, share: float) -> None:
    right = DataSpec(name=name, samples=200, seed=3)
    wrong = replace(right, flip=share)
    before, after = right.load(2, 1), wrong.load(2, 1)
    np.testing.assert_array_equal(before.X, after.X)
    assert set(after.Y.ravel().tolist()) <= {0.0, 1.0}
    assert (before.Y != after.Y).sum() == round(share * before.examples)
    np.testing.assert_array_equal(after.Y, wrong.load(2, 1).Y)


def test_larger_flip_includes_a_smaller_one_of_the_same_seed() -> None:
    def flips(share: float, seed: int) -> set[int]:
        points = tuple((float(i), 0.0, float(i % 2)) for i in range(1000))
        spec = DataSpec(points=points, flip=share, seed=seed)
        return set(np.flatnonzero(spec.load(2, 1).Y[0] != np.arange(1000) % 2).tolist())

    assert flips(0.1, 7) < flips(0.2, 7) < flips(0.5, 7)
    assert len(flips(0.5, 7)) == 500
    assert flips(0.2, 7) != flips(0.2, 8)
    # As many of either class as chance has it: four deviations of a hypergeometric draw.
    assert abs(sum(i % 2 for i in flips(0.4, 7)) - 200) < 4 * (400 * 0.25 * 600 / 999) ** 0.5


def test_flip_needs_two_classes_and_at_most_half() -> None:
    with pytest.raises(UsageError, match=r"^data\.flip: needs targets of 0 or 1"):
        DataSpec(points=((1.0, 2.0, 0.3),), flip=0.1).load(2, 1)
    with pytest.raises(UsageError, match=r"^flip: expected a number, at most 0\.5"):
        DataSpec(flip=0.6)
