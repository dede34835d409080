"""The script of a run in PyTorch: the same start, the gradient by autograd, in float64."""

from engine.codegen.pieces import (
    ROUNDING,
    batches,
    changes,
    edits,
    examples,
    first_weights,
    functions,
    heading,
)
from engine.experiment.experiment import Experiment, NetworkSpec

FUNCTIONS = {
    "sigmoid": "torch.sigmoid({z})",
    "tanh": "torch.tanh({z})",
    "relu": "torch.relu(z)",
    "linear": "z",
}


def torch_script(experiment: Experiment, number: int) -> str:
    """Return a script that repeats a run of an experiment, as text; see `numpy_script`."""
    run = experiment.runs[number]
    spec = experiment.network_for(run)
    choose, _, _ = batches(experiment, "    ")
    hidden = ", ".join(f'"{name}"' for name in spec.hidden_names)
    by_hand = edits(run, "    ", "{name}[{layer}].data[{row}, {column}] = {value!r}")
    new_rate = 'optimizer.param_groups[0]["lr"] = {rate}'
    by_hand += changes(experiment, run, "    ", new_rate, "hidden = [{names}]")
    lines = [
        heading(experiment, number, "PyTorch", ROUNDING),
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
        functions(experiment, run, FUNCTIONS),
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


def _loss(spec: NetworkSpec) -> str:
    if spec.loss == "cross-entropy":
        u = "Z" if spec.beta == 1.0 else f"{spec.beta!r} * Z"
        call = "torch.nn.functional.binary_cross_entropy_with_logits"
        return f'    each = {call}({u}, Y, reduction="sum")'
    return f'    each = ((g["{spec.output}"](Z) - Y) ** 2).sum()'
