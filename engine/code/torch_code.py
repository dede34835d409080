"""The script of a run in PyTorch: the same start, the gradient by autograd, in float64."""

from engine.code.pieces import batches, edits, examples, first_weights, heading
from engine.experiment import Experiment, NetworkSpec

FUNCTIONS = {
    "sigmoid": "torch.sigmoid({z})",
    "tanh": "torch.tanh({z})",
    "relu": "torch.relu(z)",
    "linear": "z",
}
STEEP = ("sigmoid", "tanh")


def torch_script(experiment: Experiment, number: int) -> str:
    """Return a script that repeats a run of an experiment, as text; see `numpy_script`."""
    run = experiment.runs[number]
    spec = experiment.network_for(run)
    choose, _, _ = batches(experiment, "    ")
    hidden = ", ".join(f'"{name}"' for name in spec.hidden_names)
    by_hand = edits(run, "    ", "{name}[{layer}].data[{row}, {column}] = {value!r}")
    lines = [
        heading(
            experiment,
            number,
            "PyTorch",
            "The same as in Initscope but for rounding, which some runs enlarge: where units are\n"
            "exactly equal, the order of the sums decides whether they stay so.",
        ),
        "import numpy as np",
        "import torch",
        "",
        examples(experiment),
        f"steps, rate = {experiment.training.steps}, {experiment.learning_rate_for(run)!r}",
        "",
        first_weights(experiment, run),
        "",
        "X, Y = torch.tensor(X), torch.tensor(Y)",
        "W = [torch.tensor(w, requires_grad=True) for w in W]",
        "b = [torch.tensor(w, requires_grad=True) for w in b]",
        _functions(spec),
        f"hidden = [{hidden}]",
        "",
        "",
        "def loss(X, Y):",
        '    """Return the mean over the examples, the outputs being summed."""',
        "    A = X",
        "    for layer, name in enumerate(hidden):",
        "        A = g[name](W[layer] @ A + b[layer])",
        "    Z = W[-1] @ A + b[-1]",
        _loss(spec),
        "    return each / X.shape[1]",
        "",
        "",
        "optimizer = torch.optim.SGD([*W, *b], lr=rate)",
        "losses = []",
        "for step in range(steps + 1):",
        by_hand.rstrip("\n"),
        "    now = loss(X, Y)",
        "    losses.append(now.item())",
        "    if step == steps:",
        "        break",
        choose.rstrip("\n"),
        "    optimizer.zero_grad()",
        "    loss(X[:, chosen], Y[:, chosen]).backward()" if choose else "    now.backward()",
        "    optimizer.step()",
        "",
        'print(f"loss {losses[0]:.6g} at first, {losses[-1]:.6g} at last")',
        "",
    ]
    start = lines.index("losses = []")
    head, loop = lines[:start], [line for line in lines[start:-3] if line]
    return "\n".join([*head, *loop, *lines[-3:]])


def _functions(spec: NetworkSpec) -> str:
    lines = []
    for name in dict.fromkeys([*spec.hidden_names, spec.output]):
        steep = spec.beta != 1.0 and name in STEEP
        z = f"{spec.beta!r} * z" if steep else "z"
        lines.append(f'    "{name}": lambda z: {FUNCTIONS[name].format(z=z)},')
    return "\n".join(["g = {", *lines, "}"])


def _loss(spec: NetworkSpec) -> str:
    if spec.loss == "cross-entropy":
        u = "Z" if spec.beta == 1.0 else f"{spec.beta!r} * Z"
        call = "torch.nn.functional.binary_cross_entropy_with_logits"
        return f'    each = {call}({u}, Y, reduction="sum")'
    return f'    each = ((g["{spec.output}"](Z) - Y) ** 2).sum()'
