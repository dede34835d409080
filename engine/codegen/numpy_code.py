"""The script of a run in plain NumPy, which gives the same losses and weights to the last bit."""

from engine.codegen.pieces import INDENT, Pieces
from engine.experiment import Experiment

EXACT = "Its losses and weights are those of Initscope, to the last bit."
NOT_EXACT = (
    "Its losses and weights are those of Initscope but for the last bits: of a single example,\n"
    "einsum adds in another order than of several, or of several networks at once."
)
FORWARD = '''

# The weights of a layer and its biases, which belong to a row of ones.
V = [np.hstack(pair) for pair in zip(W, b)]


def with_ones(A):
    return np.vstack([A, np.ones((1, A.shape[1]))])


def product(subscripts, P, Q):
    """Sum as Initscope does, with an axis more, for stacks; @ rounds otherwise."""
    return np.einsum(subscripts, P[..., None], Q[..., None])[..., 0]


def forward(X):
    """Return Z of the last layer, and A of all."""
    A = [X]
    for layer, name in enumerate(units):
        Z = product("oin,imn->omn", V[layer], with_ones(A[-1]))
        A.append(g[name](Z))
    return Z, A

'''
RECORD = """    losses.append(np.cumsum(each)[-1] / X.shape[1])
    if step == steps:
        break"""
BACKWARD = """    for layer in reversed(range(len(V))):
        # The sum over the examples first, then the division by their number.
        dV = np.einsum("mo,mi->oi", dZ.T.copy(), with_ones(A[layer]).T.copy())
        dV /= dZ.shape[1]
        if layer:
            dA = product("oin,omn->imn", V[layer][:, :-1], dZ)"""
Z_BELOW = '            Z = product("oin,imn->omn", V[layer - 1], with_ones(A[layer - 1]))'
STEP = "        V[layer] = V[layer] - rate * dV"
RESULTS = "W, b = [each[:, :-1] for each in V], [each[:, -1:] for each in V]"


def is_exact(experiment: Experiment) -> bool:
    """Return whether the script gives the same bits: if no step uses a single example."""
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
        The index of the run.

    Raises
    ------
    UsageError
        If an activation or the loss of the run has no code for the library.
    """
    pieces = Pieces(experiment, number, "NumPy", "numpy")
    batches, spec = pieces.batches(), pieces.spec
    X, Y = ("X.take(chosen, axis=1)", "Y.take(chosen, axis=1)") if batches else ("X", "Y")
    names = ", ".join(f'"{name}"' for name in (*spec.hidden_names, spec.output))
    delta = pieces.expression(spec.head.delta_code, f"the derivative of the loss {spec.loss}")
    slopes, arguments = _slopes(pieces)
    slope = f"slope[units[-1]]({arguments}[-1])"
    return pieces.script(
        EXACT if is_exact(experiment) else NOT_EXACT,
        ["import numpy as np"],
        [*pieces.functions(), *slopes, f"units = [{names}]", FORWARD],
        [
            *pieces.edits("V[{layer}][{row}, {column}] = {value!r}"),
            *pieces.changes("rate = {rate}", f'units = [{{names}}"{spec.output}"]'),
            f"{INDENT}Z, A = forward(X)",
            *pieces.loss(a="A[-1]", u="u"),
            RECORD,
            *batches,
            f"{INDENT}Z, A = forward({X})" if batches else "",
            f"{INDENT}dZ = {delta.format(a='A[-1]', y=Y, slope=slope)}",
            BACKWARD,
            Z_BELOW if arguments == "Z, A" else "",
            f"            dZ = dA * slope[units[layer - 1]]({arguments}[layer])",
            STEP,
        ],
        [RESULTS],
    )


def _slopes(pieces: Pieces) -> tuple[list[str], str]:
    """Return the assignment of the slopes by name, and the arrays that a slope is computed from."""
    codes = {
        name: pieces.expression(slope, f"the slope of {name}")
        for name, (_, slope) in pieces.used().items()
        if slope.numpy or name != pieces.spec.output or pieces.spec.head.activation
    }
    uses_z = any("{z}" in code for code in codes.values())
    lines = [
        f'{INDENT}"{name}": lambda {"z, a" if uses_z else "a"}: {code.format(z="z", a="a")},'
        for name, code in codes.items()
    ]
    return ["slope = {", *lines, "}"], "Z, A" if uses_z else "A"
