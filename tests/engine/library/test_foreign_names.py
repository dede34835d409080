"""Names of other libraries in an experiment file become ours."""

import re

from engine.experiment.experiment import Change, NetworkSpec, Run
from engine.library.experiment_file import format_experiment, parse_experiment
from engine.nn.initializers import Normal, TorchLinear, UniformFanIn


def test_names_of_other_libraries_are_read_and_saved_as_ours() -> None:
    experiment = parse_experiment(
        """
        format = 1
        [network]
        layers = [2, 3, 3, 1]
        hidden = ["nn.ReLU", "Tanh"]
        output = "Sigmoid"
        loss = "BCEWithLogitsLoss"
        [[run]]
        init = "randn * 0.02"
        hidden = "jax.nn.relu"
        loss = "mse"
        changes = [{ step = 3, hidden = "logistic" }]
        [[run]]
        init = { scheme = "normal_", scale = 0.5, bias = "RandomNormal" }
        """
    )
    ours = NetworkSpec(
        layers=(2, 3, 3, 1), hidden=("relu", "tanh"), output="sigmoid", loss="cross-entropy"
    )
    runs = (
        Run(
            init=Normal(scale=0.02),
            hidden="relu",
            loss="mean-squared-error",
            changes=(Change(step=3, hidden="sigmoid"),),
        ),
        Run(init=Normal(scale=0.5, bias=Normal(scale=0.05))),
    )
    assert (experiment.network, experiment.runs) == (ours, runs)
    text = format_experiment(experiment)
    assert not re.findall("ReLU|Tanh|BCE|randn|mse|normal_|logistic", text)
    assert parse_experiment(text) == experiment


def test_studies_read_the_names_of_activations() -> None:
    depth = 'format = 1\n[scene]\nkind = "depth"\nunit = "nn.ReLU"\n'
    saturation = 'format = 1\n[scene]\nkind = "saturation"\nunits = ["Tanh", "logistic"]\n'
    assert 'unit = "relu"' in format_experiment(parse_experiment(depth))
    assert 'units = ["tanh", "sigmoid"]' in format_experiment(parse_experiment(saturation))


def test_biases_of_torch_linear_are_saved_where_they_differ() -> None:
    head = "format = 1\n[[run]]\ninit = "
    drawn, zero = (
        parse_experiment(head + init)
        for init in ('"nn.Linear"', '{ scheme = "torch-linear", bias = 0.0 }')
    )
    assert isinstance(drawn.runs[0].init, TorchLinear)
    assert drawn.runs[0].init.bias == UniformFanIn()
    assert "bias" not in format_experiment(drawn)
    assert "bias = 0.0" in format_experiment(zero)
    for each in (drawn, zero):
        assert parse_experiment(format_experiment(each)) == each
