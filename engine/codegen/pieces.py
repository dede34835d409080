"""The parts of a script that are the same for every library: data, first weights, settings."""

from collections.abc import Sequence
from textwrap import wrap
from typing import final

from engine import Array, code_characters, require
from engine.experiment import Experiment
from engine.nn import Code, ParameterLayout
from engine.training import first_parameters

WIDTH = 92
"""The greatest length of a line of numbers."""
INDENT = "    "
ROUNDING = (
    "The same as in Initscope but for rounding, which some runs enlarge: where units are\n"
    "exactly equal, the order of the sums decides whether they stay so."
)
"""How exactly a library repeats a run if it adds in another order."""


@final
class Pieces:
    """The parts of the script that repeats a run.

    Parameters
    ----------
    experiment : Experiment
        A training.
    number : int
        The index of the run.
    library, field : str
        The name of the library, and its field of `Code`.

    Raises
    ------
    UsageError
        By every method that needs code which the library does not have.
    """

    def __init__(self, experiment: Experiment, number: int, library: str, field: str) -> None:
        self.experiment = experiment
        self.run = experiment.runs[number]
        self.spec = experiment.network_for(self.run)
        self._library = library
        self._field = field

    def script(
        self,
        exactness: str,
        imports: Sequence[str],
        setup: Sequence[str],
        loop: Sequence[str],
        results: Sequence[str] = (),
    ) -> str:
        """Return the whole script; empty lines of the loop are left out."""
        data, rate = self.experiment.load_data(), self.experiment.learning_rate_for(self.run)
        return "\n".join(
            [
                self._heading(exactness),
                *imports,
                "",
                "# One example in each column.",
                array_text("X", data.X),
                array_text("Y", data.Y),
                f"steps, rate = {self.experiment.training.steps}, {rate!r}",
                "",
                *self._first_weights(),
                "",
                *setup,
                "losses = []",
                "for step in range(steps + 1):",
                *filter(None, loop),
                "",
                *results,
                'print(f"loss {losses[0]:.6g} at first, {losses[-1]:.6g} at the end")',
                "",
            ]
        )

    def _heading(self, exactness: str) -> str:
        texts = self.experiment.title, self.run.name or self.run.init.scheme
        title, name = (code_characters(text).replace("\\", "/").replace('"', "'") for text in texts)
        return f'"""{title}, run "{name}", in {self._library}.\n\n{exactness}\n"""\n'

    def _first_weights(self) -> list[str]:
        """Return the assignments of W and b, lists with an entry for each layer."""
        init, sizes = self.run.init, self.experiment.network.layers
        weights, bias = init.numpy_code(sizes), getattr(init, "bias", None)
        if not weights or not isinstance(bias, float | int):
            return self._given_weights()
        biases = ", ".join(
            f"np.full(({n}, 1), {float(bias)!r})" if bias else f"np.zeros(({n}, 1))"
            for n in sizes[1:]
        )
        return [
            f"# {init.scheme}: {init.formula}",
            *([f"rng = np.random.Generator(np.random.PCG64({init.seed}))"] if init.draws else []),
            "W = [",
            *(f"{INDENT}{each}," for each in weights),
            "]",
            f"b = [{biases}]",
        ]

    def _given_weights(self) -> list[str]:
        layout = ParameterLayout(self.experiment.network.layers)
        theta = first_parameters(self.experiment.network.layers, self.run)
        empty = f"[None] * {layout.depth}"
        lines = [f"# {self.run.init.scheme}, number by number.", f"W, b = {empty}, {empty}"]
        for layer in layout.layers:
            lines.append(array_text(f"W[{layer - 1}]", layout.weights(theta, layer)))
            lines.append(array_text(f"b[{layer - 1}]", layout.biases(theta, layer)))
        return lines

    def edits(self, assign: str) -> list[str]:
        """Return the edits by hand, at their frames.

        `assign` has places for the list W or b, {name}, the {layer}, the {row}, the {column}
        (−1 for a bias) and the {value}.
        """
        lines = []
        for edit in self.run.edits:
            name, layer = edit.parameter[0], int(edit.parameter[1:]) - 1
            column, value = edit.index[1] if name == "W" else -1, float(edit.value)
            text = assign.format(
                name=name, layer=layer, row=edit.index[0], column=column, value=value
            )
            lines.append(f"{INDENT}if step == {edit.step}:")
            lines.append(f"{INDENT * 2}{text}  # by hand")
        return lines

    def changes(self, rate: str, hidden: str) -> list[str]:
        """Return the changes of settings, at their frames.

        `rate` has a place for the learning {rate}, and `hidden` for the {names} of the hidden
        activations, in quotes and with a comma after each.
        """
        lines = []
        for change in self.run.changes:
            lines.append(f"{INDENT}if step == {change.step}:  # from here on")
            if change.learning_rate is not None:
                text = rate.format(rate=repr(float(change.learning_rate)))
                lines.append(INDENT * 2 + text)
            if change.hidden is not None:
                spec = self.experiment.network_for(self.run, change.step)
                names = "".join(f'"{name}", ' for name in spec.hidden_names)
                lines.append(INDENT * 2 + hidden.format(names=names))
        return lines

    def batches(self) -> list[str]:
        """Return the lines that choose the examples of a step; empty where a step uses all."""
        size, count = self.experiment.training.batch_size, self.experiment.data.count
        if size is None or size >= count:
            return []
        seed, steps = self.experiment.training.order_seed, -(-count // size)
        of_batch = f"[{size} * batch : {size} * (batch + 1)]"
        if seed is None:
            return [
                f"{INDENT}batch = step % {steps}",
                f"{INDENT}chosen = np.arange({count}){of_batch}",
            ]
        return [
            f"{INDENT}epoch, batch = divmod(step, {steps})",
            f"{INDENT}rng = np.random.Generator(np.random.PCG64([{seed}, epoch]))",
            f"{INDENT}chosen = rng.permutation({count}){of_batch}",
        ]

    def used(self) -> dict[str, tuple[Code, Code]]:
        """Return the code of every function and slope that the run has at any time, by name."""
        result: dict[str, tuple[Code, Code]] = {}
        for step in (0, *(change.step for change in self.run.changes)):
            spec = self.experiment.network_for(self.run, step)
            for unit in spec.hidden_activations:
                result.setdefault(unit.name, (unit.code, unit.slope_code))
            head = spec.head
            result.setdefault(head.output, (head.prediction_code, head.slope_code))
        return result

    def functions(self) -> list[str]:
        """Return the assignment of g, the activations by name, below the functions they call."""
        own = [code.definitions for codes in self.used().values() for code in codes]
        called = dict.fromkeys(own if self._field == "numpy" else [])
        entries = [
            f'{INDENT}"{name}": lambda z: '
            f"{self.expression(code, f'the activation {name}').format(z='z')},"
            for name, (code, _) in self.used().items()
        ]
        called[str(getattr(self.spec.head.definitions, self._field))] = None
        return [*(f"\n{each}" for each in called if each), "g = {", *entries, "}"]

    def loss(self, a: str, u: str = "Z") -> list[str]:
        """Return the assignment of `each`, the terms of the loss.

        Parameters
        ----------
        a : str
            The predictions.
        u : str
            The logits, where the steepness is 1; another name than Z is assigned first.
        """
        head = self.spec.head
        code = self.expression(head.loss_code, f"the loss {self.spec.loss}")
        lines = []
        if head.beta != 1.0:
            u = "u"
        if "{u}" in code and u != "Z":
            lines.append(f"{INDENT}{u} = Z" + ("" if head.beta == 1.0 else f" * {head.beta!r}"))
        return [*lines, f"{INDENT}each = {code.format(u=u, a=a, y='Y')}"]

    def expression(self, code: Code, subject: str) -> str:
        """Return the library's expression; raise `UsageError` if it has none."""
        text = str(getattr(code, self._field))
        require(
            text,
            f"{subject} has no code for {self._library}, so this run cannot be copied "
            "to it; choose another library",
        )
        return text


def array_text(name: str, array: Array) -> str:
    """Return an assignment of all numbers of a matrix; they read back to the same bits."""
    text = f"{name} = np.array({array.tolist()})"
    if len(text) <= WIDTH:
        return text
    lines = [f"{name} = np.array(["]
    for row in array.tolist():
        numbers = " ".join(f"{value!r}," for value in row)
        indent = INDENT * 2
        rows = wrap(
            numbers,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += [f"{INDENT}[", *rows, f"{INDENT}],"]
    return "\n".join([*lines, "])"])
