"""The script of a run in plain NumPy, which gives the same losses and weights to the last bit."""

from engine.codegen.pieces import (
    activations,
    batches,
    changes,
    edits,
    examples,
    first_weights,
    heading,
)
from engine.experiment.experiment import Experiment, NetworkSpec

FUNCTIONS = {
    "sigmoid": ("1 / (1 + np.exp(-{z}))", "(1 - a) * a"),
    "tanh": ("np.tanh({z})", "1 - a * a"),
    "relu": ("np.maximum(z, 0)", "(a > 0) * 1.0"),
    "linear": ("z", "np.ones_like(a)"),
}
"""Each activation, and its derivative in terms of a = g(z); {z} may be steepened."""
STEEP = ("sigmoid", "tanh")
LOSSES = {
    "cross-entropy": "np.maximum(u, 0) - u * Y + np.log1p(np.exp(-np.abs(u)))",
    "mean-squared-error": "(A[-1] - Y) ** 2",
}
EXACT = "Its losses and weights are those of Initscope, to the last bit."
NOT_EXACT = (
    "Its losses and weights are those of Initscope but for the last bits: of a single example,\n"
    "einsum adds in another order than of several, or of several networks at once."
)


def is_exact(experiment: Experiment) -> bool:
    """Tell whether the script gives the same bits: if no step looks at a single example."""
    count = experiment.data.count
    size = min(experiment.training.batch_size or count, count)
    return 1 not in (size, count % size)


def numpy_script(experiment: Experiment, number: int) -> str:
    """Return a script that repeats a run of an experiment, as text.

    Parameters
    ----------
    experiment : Experiment
        A training.
    number : int
        Of the run.
    """
    run = experiment.runs[number]
    spec = experiment.network_for(run)
    choose, X, Y = batches(experiment, "    ")
    units = [*spec.hidden_names, spec.output]
    names = ", ".join(f'"{name}"' for name in units)
    by_hand = edits(run, "    ", "V[{layer}][{row}, {column}] = {value!r}")
    new_units = f'units = [{{names}}"{spec.output}"]'
    by_hand += changes(experiment, run, "    ", "rate = {rate}", new_units)
    lines = [
        heading(experiment, number, "NumPy", EXACT if is_exact(experiment) else NOT_EXACT),
        "import numpy as np",
        "",
        examples(experiment),
        f"steps, rate = {experiment.training.steps}, {experiment.learning_rate_for(run)!r}",
        "",
        first_weights(experiment, run),
        "",
        _functions(spec, activations(experiment, run)),
        f"units = [{names}]",
        "",
        "",
        "# The weights of a layer and its biases, which belong to a row of ones.",
        "V = [np.hstack(pair) for pair in zip(W, b)]",
        "",
        "",
        "def with_ones(A):",
        "    return np.vstack([A, np.ones((1, A.shape[1]))])",
        "",
        "",
        "def product(subscripts, P, Q):",
        '    """Sum as Initscope does, with an axis more, for stacks; @ rounds otherwise."""',
        "    return np.einsum(subscripts, P[..., None], Q[..., None])[..., 0]",
        "",
        "",
        "def forward(X):",
        '    """Return Z of the last layer, and A of all."""',
        "    A = [X]",
        "    for layer, name in enumerate(units):",
        '        Z = product("oin,imn->omn", V[layer], with_ones(A[-1]))',
        "        A.append(g[name](Z))",
        "    return Z, A",
        "",
        "",
        "losses = []",
        "for step in range(steps + 1):",
        *by_hand.rstrip("\n").split("\n"),
        "    Z, A = forward(X)",
        *_loss(spec),
        "    losses.append(np.cumsum(each)[-1] / X.shape[1])",
        "    if step == steps:",
        "        break",
        *choose.rstrip("\n").split("\n"),
        f"    Z, A = forward({X})" if choose else "",
        f"    dZ = {_delta(spec, Y)}",
        "    for layer in reversed(range(len(V))):",
        "        # The sum over the examples first, then the division by their number.",
        '        dV = np.einsum("mo,mi->oi", dZ.T.copy(), with_ones(A[layer]).T.copy())',
        "        dV /= dZ.shape[1]",
        "        if layer:",
        '            dA = product("oin,omn->imn", V[layer][:, :-1], dZ)',
        "            dZ = dA * slope[units[layer - 1]](A[layer])",
        "        V[layer] = V[layer] - rate * dV",
        "",
        "W, b = [each[:, :-1] for each in V], [each[:, -1:] for each in V]",
        'print(f"loss {losses[0]:.6g} at first, {losses[-1]:.6g} at last")',
        "",
    ]
    return _without_gaps(lines)


def _functions(spec: NetworkSpec, used: list[str]) -> str:
    values, slopes = [], []
    for name in used:
        value, slope = FUNCTIONS[name]
        steep = spec.beta != 1.0 and name in STEEP
        z = f"({spec.beta!r} * z)" if steep else "z"
        values.append(f'    "{name}": lambda z: {value.format(z=z)},')
        factor = f"({slope}) * {spec.beta!r}" if steep else slope
        slopes.append(f'    "{name}": lambda a: {factor},')
    return "\n".join(["g = {", *values, "}", "slope = {", *slopes, "}"])


def _loss(spec: NetworkSpec) -> list[str]:
    lines = []
    if spec.loss == "cross-entropy":
        lines.append("    u = Z" if spec.beta == 1.0 else f"    u = Z * {spec.beta!r}")
    return [*lines, f"    each = {LOSSES[spec.loss]}"]


def _delta(spec: NetworkSpec, Y: str) -> str:
    if spec.loss == "cross-entropy":
        error = f"A[-1] - {Y}"
        return error if spec.beta == 1.0 else f"({error}) * {spec.beta!r}"
    return f"slope[units[-1]](A[-1]) * (2 * (A[-1] - {Y}))"


def _without_gaps(lines: list[str]) -> str:
    """Join lines, of which empty ones inside the loop are of pieces that are not needed."""
    text, inside = [], False
    for line in lines:
        inside = (inside or line.startswith("losses = []")) and not line.startswith("W, b")
        if line or not inside:
            text.append(line)
    return "\n".join(text).replace("\nW, b = [each", "\n\nW, b = [each")
