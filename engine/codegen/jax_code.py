"""The script of a run in JAX: the same start, the gradient by `jax.grad`, in float64."""

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
    "sigmoid": "jax.nn.sigmoid({z})",
    "tanh": "jnp.tanh({z})",
    "relu": "jax.nn.relu(z)",
    "linear": "z",
}


def jax_script(experiment: Experiment, number: int) -> str:
    """Return a script that repeats a run of an experiment, as text; see `numpy_script`."""
    run = experiment.runs[number]
    spec = experiment.network_for(run)
    choose, batch_X, batch_Y = batches(experiment, "    ")
    hidden = "".join(f'"{name}", ' for name in spec.hidden_names).rstrip()
    by_hand = edits(
        run, "    ", "{name}[{layer}] = {name}[{layer}].at[{row}, {column}].set({value!r})"
    )
    by_hand += changes(experiment, run, "    ", "rate = {rate}", "hidden = ({names})")
    loop = [
        "for step in range(steps + 1):",
        by_hand.rstrip("\n"),
        "    now, gradient = loss_and_gradient((W, b), X, Y, hidden)",
        "    losses.append(float(now))",
        "    if step == steps:",
        "        break",
        choose.rstrip("\n"),
        f"    _, gradient = loss_and_gradient((W, b), {batch_X}, {batch_Y}, hidden)"
        if choose
        else "",
        "    dW, db = gradient",
        "    W = [w - rate * dw for w, dw in zip(W, dW)]",
        "    b = [w - rate * dw for w, dw in zip(b, db)]",
    ]
    return "\n".join(
        [
            heading(experiment, number, "JAX", ROUNDING),
            "import jax",
            "import jax.numpy as jnp",
            "import numpy as np",
            "",
            'jax.config.update("jax_enable_x64", True)',
            "",
            examples(experiment),
            f"steps, rate = {experiment.training.steps}, {experiment.learning_rate_for(run)!r}",
            "",
            first_weights(experiment, run),
            "",
            "X, Y = jnp.array(X), jnp.array(Y)",
            "W = [jnp.array(w) for w in W]",
            "b = [jnp.array(w) for w in b]",
            functions(experiment, run, FUNCTIONS),
            f"hidden = ({hidden})",
            "",
            "",
            "def loss(parameters, X, Y, hidden):",
            '    """Return the mean over the examples, the outputs being summed."""',
            "    W, b = parameters",
            "    A = X",
            "    for layer, name in enumerate(hidden):",
            "        A = g[name](W[layer] @ A + b[layer])",
            "    Z = W[-1] @ A + b[-1]",
            _loss(spec),
            "    return each.sum() / X.shape[1]",
            "",
            "",
            "loss_and_gradient = jax.jit(jax.value_and_grad(loss), static_argnums=3)",
            "losses = []",
            *(line for line in loop if line),
            "",
            'print(f"loss {losses[0]:.6g} at first, {losses[-1]:.6g} at last")',
            "",
        ]
    )


def _loss(spec: NetworkSpec) -> str:
    if spec.loss == "cross-entropy":
        u = "Z" if spec.beta == 1.0 else f"{spec.beta!r} * Z"
        return f"    each = jnp.logaddexp(0.0, {u}) - {u} * Y"
    return f'    each = (g["{spec.output}"](Z) - Y) ** 2'
