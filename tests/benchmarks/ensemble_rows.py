"""Ensembles: thousands of networks beside one by one, beside PyTorch's vmap, beside fewer."""

from collections.abc import Callable
from importlib.util import find_spec

from engine.ensemble.executors import processes, train_here, train_with
from engine.ensemble.shards import Shard, SweepCell, cell_experiment, shards, train_shard
from engine.experiment.experiment import DataSpec, Experiment, Run, TrainingSpec
from engine.nn.initializers import XavierFanIn
from engine.studies.ensemble.study import EnsembleSpec
from engine.training.descent import Descent
from tests.benchmarks.side_by_side import (
    Figure,
    Measurement,
    Row,
    Target,
    scaled,
    side_by_side,
    timed,
)

NETWORKS = 1_000
MICROSECONDS = 1e6
XOR = DataSpec(name="xor")
MOONS = DataSpec(name="moons", samples=200)


def ensemble(data: DataSpec, networks: int, steps: int) -> Experiment:
    """Return an ensemble of 2-2-1 networks of tanh units."""
    return Experiment(
        data=data,
        training=TrainingSpec(steps=steps),
        runs=(Run(init=XavierFanIn()),),
        scene=EnsembleSpec(seeds=networks),
    )


def _seconds(experiment: Experiment, networks: int) -> float:
    """Return how long a step of a network takes, drawing and all that is noted included."""
    steps = experiment.training.steps
    shard = Shard(SweepCell(0), 0, networks)
    return timed(lambda: train_shard(experiment, shard), networks * steps)


def beside_one_by_one(data: DataSpec, steps: int) -> Measurement:
    """Measure an ensemble beside networks that are trained one after the other."""
    few = 20
    experiment = ensemble(data, NETWORKS, steps)
    plain = cell_experiment(experiment, SweepCell(0))
    examples = plain.load_data()

    def singly() -> None:
        for seed in range(few):
            run = Run(init=XavierFanIn(seed=seed))
            descent = Descent(plain, [run], examples)
            descent.begin()
            for _ in range(steps):
                descent.step()

    pairs = side_by_side(
        lambda: _seconds(experiment, NETWORKS), lambda: timed(singly, few * steps), 5
    )
    return Measurement(scaled(pairs, MICROSECONDS), "µs a step and network")


def beside_vmap(data: DataSpec, networks: int, steps: int, torch_steps: int) -> Measurement:
    """Measure an ensemble beside PyTorch's vmap of grad, in float64 on one thread."""
    experiment = ensemble(data, networks, steps)
    step = _vmap_step(experiment, networks)

    def theirs() -> float:
        def go() -> None:
            for _ in range(torch_steps):
                step()

        return timed(go, networks * torch_steps)

    pairs = side_by_side(lambda: _seconds(experiment, networks), theirs, 5)
    return Measurement(scaled(pairs, MICROSECONDS), "µs a step and network")


def _vmap_step(experiment: Experiment, networks: int) -> Callable[[], None]:
    """Return what takes a step of all networks as one writes it with `torch.func`."""
    import torch
    from torch.func import grad, vmap

    torch.set_num_threads(1)
    data = experiment.load_data()
    X, Y = (torch.tensor(each, dtype=torch.float64) for each in (data.X, data.Y))
    draw = torch.Generator().manual_seed(0)
    shapes = {"W1": (2, 2), "b1": (2, 1), "W2": (1, 2), "b2": (1, 1)}
    parameters = {
        name: torch.randn(networks, *shape, dtype=torch.float64, generator=draw)
        for name, shape in shapes.items()
    }

    def loss(p: dict[str, torch.Tensor]) -> torch.Tensor:
        z = p["W2"] @ torch.tanh(p["W1"] @ X + p["b1"]) + p["b2"]
        return torch.nn.functional.binary_cross_entropy_with_logits(z, Y)

    gradient = vmap(grad(loss))
    rate = experiment.training.learning_rate

    def step() -> None:
        slopes = gradient(parameters)
        for name in parameters:
            parameters[name] = parameters[name] - rate * slopes[name]

    step()  # what is done once at first counts for neither
    return step


def beside_fewer_networks() -> Measurement:
    """Measure what a network costs among 100,000, beside among 100; tell of those between."""
    steps = 200

    def cost(networks: int) -> Callable[[], float]:
        experiment = ensemble(XOR, networks, steps)
        cut = shards(experiment)
        return lambda: timed(
            lambda: [train_shard(experiment, shard) for shard in cut], networks * steps
        )

    pairs = side_by_side(cost(100_000), cost(100), 3)
    notes = tuple(
        f"{networks:,} networks: {MICROSECONDS * cost(networks)():.3g} µs a step and network"
        for networks in (100, 1_000, 10_000, 100_000)
    )
    return Measurement(scaled(pairs, MICROSECONDS), "µs a step and network", notes)


def two_processes_beside_one() -> Measurement:
    """Measure two processes, once they are there, beside this one."""
    experiment = ensemble(MOONS, 1_600, 200)
    cut = shards(experiment)
    with processes(2)() as workers:
        from contextlib import nullcontext

        def all_by_two() -> None:
            for _ in train_with(experiment, cut, lambda: nullcontext(workers)):
                pass

        def all_here() -> None:
            for _ in train_here(experiment, cut):
                pass

        all_by_two()  # they are there, and have loaded what they need
        pairs = side_by_side(lambda: timed(all_by_two, 1), lambda: timed(all_here, 1), 3)
    return Measurement(pairs, "s")


VMAP = (
    Row(
        "vmap-xor",
        "1,000 networks 2-2-1 on XOR",
        "torch.func.vmap(grad), float64, one thread",
        Target(Figure.SPEED, 8.0),
        lambda: beside_vmap(XOR, 1_000, 2_000, 200),
    ),
    Row(
        "vmap-xor-10k",
        "10,000 networks 2-2-1 on XOR",
        "torch.func.vmap(grad), float64, one thread",
        Target(Figure.SPEED, 1.0),
        lambda: beside_vmap(XOR, 10_000, 200, 20),
    ),
    Row(
        "vmap-moons",
        "1,000 networks 2-2-1 on 200 moons",
        "torch.func.vmap(grad), float64, one thread",
        Target(Figure.SPEED, 2.5),
        lambda: beside_vmap(MOONS, 1_000, 300, 20),
    ),
    Row(
        "vmap-moons-10k",
        "10,000 networks 2-2-1 on 200 moons",
        "torch.func.vmap(grad), float64, one thread",
        Target(Figure.SPEED, 1.0),
        lambda: beside_vmap(MOONS, 10_000, 10, 2),
    ),
)
"""Measured where PyTorch is installed; nothing else of the project needs it."""

ROWS = (
    Row(
        "ensemble-xor",
        "1,000 networks 2-2-1 on XOR, with all that is noted",
        "the same networks one by one, nothing noted",
        Target(Figure.SPEED, 100.0),
        lambda: beside_one_by_one(XOR, 1_000),
    ),
    Row(
        "ensemble-moons",
        "1,000 networks 2-2-1 on 200 moons",
        "the same networks one by one, nothing noted",
        Target(Figure.SPEED, 5.0),
        lambda: beside_one_by_one(MOONS, 100),
    ),
    *(VMAP if find_spec("torch") else ()),
    Row(
        "growth",
        "a network among 100,000",
        "a network among 100",
        Target(Figure.TIME, 1.0),
        beside_fewer_networks,
    ),
    Row(
        "processes",
        "1,600 networks on moons in two processes",
        "the same in one",
        Target(Figure.SPEED, 1.7),
        two_processes_beside_one,
    ),
)
