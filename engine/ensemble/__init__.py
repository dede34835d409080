"""Ensembles: thousands of networks trained as stacks, in shards, on several processes."""

from engine.ensemble.executors import (
    ExecutorFactory,
    TrainedShard,
    processes,
    train_here,
    train_with,
    usable_processors,
)
from engine.ensemble.results import NOT_REACHED, TrainingResults
from engine.ensemble.shards import (
    Shard,
    SweepCell,
    cell_experiment,
    cells,
    is_random,
    moments,
    needed,
    sampling_for,
    seconds_per_network,
)
from engine.ensemble.spec import MOST_NETWORKS, SeedsSpec
from engine.ensemble.statistics import RankTest, p_text, quantiles, rank_test, wilson
from engine.ensemble.store import Store, holds_shards, store_path
from engine.ensemble.summary import NO_RANDOMNESS, Summary, step_text

__all__ = [
    "MOST_NETWORKS",
    "NOT_REACHED",
    "NO_RANDOMNESS",
    "ExecutorFactory",
    "RankTest",
    "SeedsSpec",
    "Shard",
    "Store",
    "Summary",
    "SweepCell",
    "TrainedShard",
    "TrainingResults",
    "cell_experiment",
    "cells",
    "holds_shards",
    "is_random",
    "moments",
    "needed",
    "p_text",
    "processes",
    "quantiles",
    "rank_test",
    "sampling_for",
    "seconds_per_network",
    "step_text",
    "store_path",
    "train_here",
    "train_with",
    "usable_processors",
    "wilson",
]
