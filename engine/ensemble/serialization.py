"""Training results as bytes: a checksum, then one array after another.

Types and shapes follow from the experiment, so a file can neither state others nor a size that
would exhaust the memory.
"""

import zlib
from dataclasses import fields
from math import prod
from typing import Any

import numpy as np

from engine.ensemble.results import TrainingResults
from engine.ensemble.shards import Shard, cell_experiment, sampling_for
from engine.experiment import Experiment

_KINDS: dict[str, np.dtype[Any]] = {
    **dict.fromkeys(("solved", "diverged", "plateau", "distinct"), np.dtype("<i4")),
    **dict.fromkeys(("loss", "accuracy", "saturated", "theta"), np.dtype("<f8")),
    "losses": np.dtype("<f4"),
}

CHECKSUM_BYTES = 4


def pack(results: TrainingResults) -> bytes:
    """Return the checksum, then the bytes of every array in the order of the fields."""
    body = b"".join(
        np.ascontiguousarray(getattr(results, field.name), _KINDS[field.name]).tobytes()
        for field in fields(TrainingResults)
    )
    return _checksum(body) + body


def unpack(content: bytes, experiment: Experiment, shard: Shard) -> TrainingResults:
    """Return the results of a shard of an experiment.

    Raises
    ------
    ValueError
        If the number of bytes or the checksum is wrong.
    """
    shapes = _shapes(experiment, shard)
    sizes = {name: prod(shape) * _KINDS[name].itemsize for name, shape in shapes.items()}
    checksum, body = content[:CHECKSUM_BYTES], content[CHECKSUM_BYTES:]
    if len(body) != sum(sizes.values()):
        raise ValueError(f"{len(body):,} bytes instead of {sum(sizes.values()):,}")
    if checksum != _checksum(body):
        raise ValueError("some bytes of it have changed")
    arrays, start = {}, 0
    for name, shape in shapes.items():
        arrays[name] = np.frombuffer(body[start : start + sizes[name]], _KINDS[name]).reshape(shape)
        start += sizes[name]
    return TrainingResults(**arrays)


def _checksum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(CHECKSUM_BYTES, "little")


def _shapes(experiment: Experiment, shard: Shard) -> dict[str, tuple[int, ...]]:
    """Return the shape of every array, in the order of the fields."""
    sampling = sampling_for(experiment, shard.cell)
    size = cell_experiment(experiment, shard.cell).network.parameter_count
    traced, pictured = (
        max(0, min(most - shard.first, shard.count))
        for most in (sampling.traced, sampling.pictured)
    )
    several = {
        "losses": (traced, len(sampling.moments)),
        "theta": (pictured, len(sampling.picture_moments), size),
    }
    return {
        field.name: several.get(field.name, (shard.count,)) for field in fields(TrainingResults)
    }
