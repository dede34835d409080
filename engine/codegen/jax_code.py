"""The script of a run in JAX: the same start, the gradient by `jax.grad`, in float64."""

from engine.codegen.pieces import ROUNDING, Pieces
from engine.experiment import Experiment

IMPORTS = """import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)"""
ARRAYS = """X, Y = jnp.array(X), jnp.array(Y)
W = [jnp.array(w) for w in W]
b = [jnp.array(w) for w in b]"""
LOSS = '''

def loss(parameters, X, Y, hidden):
    """Return the mean over the examples, the outputs being summed."""
    W, b = parameters
    A = X
    for layer, name in enumerate(hidden):
        A = g[name](W[layer] @ A + b[layer])
    Z = W[-1] @ A + b[-1]'''
GRADIENT = """    return each.sum() / X.shape[1]


loss_and_gradient = jax.jit(jax.value_and_grad(loss), static_argnums=3)"""
LOOK = """    now, gradient = loss_and_gradient((W, b), X, Y, hidden)
    losses.append(float(now))
    if step == steps:
        break"""
BATCH_GRADIENT = (
    "    _, gradient = loss_and_gradient("
    "(W, b), X.take(chosen, axis=1), Y.take(chosen, axis=1), hidden)"
)
STEP = """    dW, db = gradient
    W = [w - rate * dw for w, dw in zip(W, dW)]
    b = [w - rate * dw for w, dw in zip(b, db)]"""


def jax_script(experiment: Experiment, number: int) -> str:
    """Return a script that repeats a run of an experiment, as text; see `numpy_script`."""
    pieces = Pieces(experiment, number, "JAX", "jax")
    batches, spec = pieces.batches(), pieces.spec
    hidden = "".join(f'"{name}", ' for name in spec.hidden_names).rstrip()
    return pieces.script(
        ROUNDING,
        [IMPORTS],
        [
            ARRAYS,
            *pieces.functions(),
            f"hidden = ({hidden})",
            LOSS,
            *pieces.loss(a=f'g["{spec.output}"](Z)'),
            GRADIENT,
        ],
        [
            *pieces.edits("{name}[{layer}] = {name}[{layer}].at[{row}, {column}].set({value!r})"),
            *pieces.changes("rate = {rate}", "hidden = ({names})"),
            LOOK,
            *batches,
            BATCH_GRADIENT if batches else "",
            STEP,
        ],
    )
