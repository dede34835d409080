"""Random networks, each with a frame, for properties of all networks."""

from hypothesis import strategies as st

from engine.experiment.experiment import DataSpec, Experiment, NetworkSpec, Run, TrainingSpec
from engine.experiment.quantity import Quantity
from engine.nn.initializers import Normal
from engine.training.recording import Frame, Recording
from engine.training.training import train

ACTIVATIONS = ("sigmoid", "tanh", "relu", "linear")


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Return networks of up to five layers and five units, of every activation and loss."""
    layers = tuple(draw(st.lists(st.integers(1, 5), min_size=2, max_size=5)))
    loss, output = draw(
        st.sampled_from(
            (
                ("cross-entropy", "sigmoid"),
                ("mean-squared-error", "sigmoid"),
                ("mean-squared-error", "linear"),
            )
        )
    )
    hidden = tuple(draw(st.sampled_from(ACTIVATIONS)) for _ in layers[1:-1])
    number = st.floats(-3.0, 3.0, allow_subnormal=False)
    point = st.tuples(*[number] * layers[0], *[st.sampled_from((0.0, 1.0))] * layers[-1])
    scale = draw(st.sampled_from((1e-3, 0.5, 2.0)))
    return Experiment(
        data=DataSpec(points=tuple(draw(st.lists(point, min_size=1, max_size=9)))),
        network=NetworkSpec(
            layers=layers,
            hidden=hidden,
            output=output,
            loss=loss,
            beta=draw(st.sampled_from((1.0, 0.3, 2.0))),
        ),
        training=TrainingSpec(steps=2, learning_rate=0.1),
        runs=(Run(init=Normal(scale=scale, seed=draw(st.integers(0, 10**6)), bias=0.25)),),
    )


def trained(experiment: Experiment) -> tuple[Recording, Frame]:
    """Return the recording of the first run, and its last frame."""
    recording = train(experiment)[0]
    return recording, recording[len(recording) - 1]


def gradients(experiment: Experiment) -> list[Quantity]:
    """Return every entry of every dW and db."""
    sizes = experiment.network.layers
    return [
        quantity
        for layer in range(1, len(sizes))
        for row in range(sizes[layer])
        for quantity in (
            *(Quantity("dW", layer, row, column) for column in range(sizes[layer - 1])),
            Quantity("db", layer, row),
        )
    ]
