"""The script of a run in PyTorch: the same start, the gradient by autograd, in float64."""

from engine.codegen.pieces import ROUNDING, Pieces
from engine.experiment import Experiment

TENSORS = """X, Y = torch.tensor(X), torch.tensor(Y)
W = [torch.tensor(w, requires_grad=True) for w in W]
b = [torch.tensor(w, requires_grad=True) for w in b]"""
LOSS = '''

def loss(X, Y):
    """Return the mean over the examples, the outputs being summed."""
    A = X
    for layer, name in enumerate(hidden):
        A = g[name](W[layer] @ A + b[layer])
    Z = W[-1] @ A + b[-1]'''
OPTIMIZER = """    return each / X.shape[1]


optimizer = torch.optim.SGD([*W, *b], lr=rate)"""
LOOK = """    now = loss(X, Y)
    losses.append(now.item())
    if step == steps:
        break"""


def torch_script(experiment: Experiment, number: int) -> str:
    """Return a script that repeats a run of an experiment, as text; see `numpy_script`."""
    pieces = Pieces(experiment, number, "PyTorch", "torch")
    batches, spec = pieces.batches(), pieces.spec
    hidden = ", ".join(f'"{name}"' for name in spec.hidden_names)
    return pieces.script(
        ROUNDING,
        ["import numpy as np", "import torch"],
        [
            TENSORS,
            *pieces.functions(),
            f"hidden = [{hidden}]",
            LOSS,
            *pieces.loss(a=f'g["{spec.output}"](Z)'),
            OPTIMIZER,
        ],
        [
            *pieces.edits("{name}[{layer}].data[{row}, {column}] = {value!r}"),
            *pieces.changes('optimizer.param_groups[0]["lr"] = {rate}', "hidden = [{names}]"),
            LOOK,
            *batches,
            "    optimizer.zero_grad()",
            "    loss(X[:, chosen], Y[:, chosen]).backward()" if batches else "    now.backward()",
            "    optimizer.step()",
        ],
    )
