"""Packed results are restored to the bit, and other bytes are refused."""

import pytest

from engine.ensemble import shards as module
from engine.ensemble.serialization import pack, unpack
from engine.ensemble.shards import shards, train_shard
from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.nn.initializers import Normal, Zeros
from engine.studies.ensemble.study import EnsembleSpec, SweepSpec
from tests.engine.ensemble.test_shards import equal

EXPERIMENTS = {
    "ensemble": Experiment(
        runs=(Run(init=Normal(scale=0.5)), Run(init=Zeros())),
        training=TrainingSpec(steps=9),
        scene=EnsembleSpec(seeds=9),
    ),
    "sweep": Experiment(
        runs=(Run(init=Normal()),),
        training=TrainingSpec(steps=9),
        scene=SweepSpec(seeds=5, field="width", start=1.0, stop=4.0, count=3, logarithmic=False),
    ),
    "three inputs": Experiment(
        runs=(Run(init=Normal()),),
        data=DataSpec(points=((1.0, 2.0, 3.0, 0.0), (3.0, 1.0, 0.0, 1.0))),
        network=NetworkSpec(layers=(3, 1)),
        training=TrainingSpec(steps=0),
        scene=EnsembleSpec(seeds=4),
    ),
}


@pytest.mark.parametrize("few", [False, True])
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_unpack_returns_what_was_packed(
    name: str, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_SECONDS", 0.0)  # so that some shards are not the first
    if few:  # so that the last network that is recorded is in the middle of a shard
        monkeypatch.setattr(module, "TRACED", 5)
        monkeypatch.setattr(module, "PICTURED", 3)
    for shard in shards(EXPERIMENTS[name]):
        results = train_shard(EXPERIMENTS[name], shard)
        equal(unpack(pack(results), EXPERIMENTS[name], shard), results)


def test_unpack_refuses_a_wrong_number_of_bytes() -> None:
    experiment = EXPERIMENTS["ensemble"]
    shard = shards(experiment)[0]
    content = pack(train_shard(experiment, shard))
    for wrong in (b"", content[:-1], content + b"\0", bytes(10**6)):
        with pytest.raises(ValueError, match="bytes instead of"):
            unpack(wrong, experiment, shard)


def test_unpack_refuses_a_changed_byte() -> None:
    experiment = EXPERIMENTS["ensemble"]
    shard = shards(experiment)[0]
    content = pack(train_shard(experiment, shard))
    for at in range(0, len(content), 97):
        wrong = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        with pytest.raises(ValueError, match="have changed"):
            unpack(wrong, experiment, shard)
