"""What the scripts of all libraries share: data, first weights, settings, as Python text."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from engine.codegen.initializer_code import drawing
from engine.experiment.experiment import Experiment, Run
from engine.nn.network import ParameterLayout
from engine.training.descent import first_parameters
from engine.types import Array

WIDTH = 92
"""Lines of numbers are no longer."""
ROUNDING = (
    "The same as in Initscope but for rounding, which some runs enlarge: where units are\n"
    "exactly equal, the order of the sums decides whether they stay so."
)
"""How exactly a library repeats a run that adds in an order of its own."""
STEEP = ("sigmoid", "tanh")
"""The activations that beta makes steeper."""


def heading(experiment: Experiment, number: int, library: str, exactness: str) -> str:
    """Return the docstring of the script of a run: what it repeats, and how exactly."""
    run = experiment.runs[number]
    name = run.name or run.init.scheme
    title, name = (text.replace("\\", "/").replace('"', "'") for text in (experiment.title, name))
    return f'"""{title}, run "{name}", in {library}.\n\n{exactness}\n"""\n'


def array_text(name: str, array: Array, call: str = "np.array") -> str:
    """Return an assignment of all numbers of a matrix, which read back to the same bits."""
    rows = [f"[{', '.join(repr(value) for value in row)}]" for row in array.tolist()]
    text = f"{name} = {call}([{', '.join(rows)}])"
    if len(text) <= WIDTH:
        return text
    lines = [f"{name} = {call}(["]
    for row in array.tolist():
        lines.append("    [")
        lines += _wrapped([repr(value) for value in row])
        lines.append("    ],")
    return "\n".join([*lines, "])"])


def _wrapped(words: list[str]) -> Iterator[str]:
    line = "       "
    for word in words:
        if len(line) + len(word) + 2 > WIDTH:
            yield line
            line = "       "
        line += f" {word},"
    yield line


def examples(experiment: Experiment) -> str:
    """Return the assignments of X and Y, one example a column."""
    data = experiment.load_data()
    return "\n".join(
        [
            "# One example a column.",
            array_text("X", np.asarray(data.X)),
            array_text("Y", np.asarray(data.Y)),
        ]
    )


def first_weights(experiment: Experiment, run: Run) -> str:
    """Return the assignments of W and b, lists with an entry for each layer."""
    init, sizes = run.init, experiment.network.layers
    bias = getattr(init, "bias", None)
    lines = [drawing(init, n_in, n_out) for n_in, n_out in pairwise(sizes)]
    if not all(lines) or not isinstance(bias, float | int):
        return _given_weights(experiment, run)
    draw = f"rng = np.random.Generator(np.random.PCG64({init.seed}))\n" if init.draws else ""
    weights = "\n".join(f"    {line}," for line in lines)
    each = [
        f"np.full(({n}, 1), {float(bias)!r})" if bias else f"np.zeros(({n}, 1))" for n in sizes[1:]
    ]
    return f"# {init.scheme}: {init.formula}\n{draw}W = [\n{weights}\n]\nb = [{', '.join(each)}]"


def _given_weights(experiment: Experiment, run: Run) -> str:
    """Return them number by number, where no line of NumPy draws them."""
    layout = ParameterLayout(experiment.network.layers)
    theta = first_parameters(experiment, run)
    nothing = f"[None] * {layout.depth}"
    lines = [f"# {run.init.scheme}, number by number.", f"W, b = {nothing}, {nothing}"]
    for layer in range(1, layout.depth + 1):
        lines.append(array_text(f"W[{layer - 1}]", layout.weights(theta, layer)))
        lines.append(array_text(f"b[{layer - 1}]", layout.biases(theta, layer)))
    return "\n".join(lines)


def edits(run: Run, indent: str, assign: str) -> str:
    """Return what is set by hand at certain frames; empty where nothing is.

    `assign` has places for the list W or b, as {name}, the layer, the row, the column (−1 for a
    bias) and the value.
    """
    lines = []
    for edit in run.edits:
        name, layer = edit.parameter[0], int(edit.parameter[1:]) - 1
        column = edit.index[1] if name == "W" else -1
        text = assign.format(
            name=name, layer=layer, row=edit.index[0], column=column, value=float(edit.value)
        )
        lines.append(f"{indent}if step == {edit.step}:\n{indent}    {text}  # by hand\n")
    return "".join(lines)


def changes(experiment: Experiment, run: Run, indent: str, rate: str, hidden: str) -> str:
    """Return what changes at certain frames; empty where nothing does.

    `rate` has a place for the new learning rate, as {rate}, and `hidden` one for the activations
    of the hidden layers, as {names}: in quotes, and with a comma after each.
    """
    lines = []
    for change in run.changes:
        told = []
        if change.learning_rate is not None:
            told.append(rate.format(rate=repr(float(change.learning_rate))))
        if change.hidden is not None:
            names = experiment.network_for(run, change.step).hidden_names
            told.append(hidden.format(names="".join(f'"{name}", ' for name in names)))
        lines.append(f"{indent}if step == {change.step}:  # from here on\n")
        lines += [f"{indent}    {each}\n" for each in told]
    return "".join(lines)


def activations(experiment: Experiment, run: Run) -> list[str]:
    """Return the names of all activations that the run has at any time, each once."""
    steps = [0, *(change.step for change in run.changes)]
    specs = [experiment.network_for(run, step) for step in steps]
    return list(dict.fromkeys(name for spec in specs for name in (*spec.hidden_names, spec.output)))


def batches(experiment: Experiment, indent: str) -> tuple[str, str, str]:
    """Return what chooses the examples of a step, and what X and Y of them are called.

    All of them, unless the experiment has mini-batches.
    """
    size, count = experiment.training.batch_size, experiment.data.count
    if size is None or size >= count:
        return "", "X", "Y"
    steps = -(-count // size)
    lines = [
        f"epoch, batch = divmod(step, {steps})",
        f"rng = np.random.Generator(np.random.PCG64([{experiment.training.shuffle_seed}, epoch]))",
        f"chosen = rng.permutation({count})[{size} * batch : {size} * (batch + 1)]",
    ]
    text = "".join(f"{indent}{line}\n" for line in lines)
    return text, "X.take(chosen, axis=1)", "Y.take(chosen, axis=1)"


def functions(experiment: Experiment, run: Run, formulas: Mapping[str, str]) -> str:
    """Return the assignment of g, the activations of a run by their names.

    A formula of `formulas` has a place for the pre-activation {z}.
    """
    spec = experiment.network_for(run)
    lines = []
    for name in activations(experiment, run):
        z = f"{spec.beta!r} * z" if spec.beta != 1.0 and name in STEEP else "z"
        lines.append(f'    "{name}": lambda z: {formulas[name].format(z=z)},')
    return "\n".join(["g = {", *lines, "}"])
