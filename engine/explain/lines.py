"""Explanations of a gradient by the chain rule, and of an activation, line by line."""

from engine.experiment import NetworkSpec, Quantity
from engine.explain.central_difference import Difference, Verdict, central_difference
from engine.explain.chain import (
    Error,
    error,
    forward,
    frame_value,
    gradient,
    through_outputs,
)
from engine.explain.notation import (
    MOST_SHOWN,
    Explanation,
    Formula,
    Line,
    activation_of,
    bias,
    factor,
    number,
    of_unit,
    sum_of_products,
    sum_of_terms,
    weight,
)
from engine.nn import Data
from engine.training import Frame


def explain(
    spec: NetworkSpec, data: Data, frame: Frame, quantity: Quantity, example: int = 0
) -> Explanation:
    """Explain a number of a frame: an entry of dW or db, or that of an example in Z or A.

    The last line of the sum is the number itself, with all its digits.
    """
    if quantity.array in ("dW", "db"):
        return _explain_gradient(spec, data, frame, quantity, example)
    return _explain_forward(spec, frame, quantity, example)


def _explain_gradient(
    spec: NetworkSpec, data: Data, frame: Frame, quantity: Quantity, example: int
) -> Explanation:
    """Explain an entry of dW or db: its sum over the examples, and the errors of one of them."""
    found = gradient(frame, quantity)
    layer, row, depth = quantity.layer, quantity.row, len(frame.W) - 1
    parameter = bias(layer, row)
    m = len(found.sum.left)
    below: Formula = ()
    terms = sum_of_terms(found.sum.left)
    if quantity.array == "dW":
        parameter = weight(layer, row, quantity.column)
        below = (activation_of(layer - 1, quantity.column, depth),)
        terms = sum_of_products(found.sum.left, found.sum.right)
    symbol = f"d{parameter}"
    rule: Formula = (
        *(symbol, "=", rf"\frac{{\partial J}}{{\partial {parameter}}}", "="),
        *(r"\frac{1}{m}\sum_{i=1}^{m}", of_unit("dz", layer, row), *below),
    )
    mean = rf"\frac{{1}}{{{m}}}"
    numbers: Formula = (
        *(symbol, "=", mean, "[", *terms, "]"),
        *("=", mean, r"\cdot", *factor(found.sum.total)),
    )
    lines = [
        Line(f"the mean over {m:,} examples" if m > 1 else "of the one example", rule),
        Line(f"in frame {frame.index:,}", numbers),
        _result(quantity.name, symbol, found.value, found.is_exact, frame_value(frame, quantity)),
        _checked(parameter, central_difference(spec, data, frame, quantity)),
        *_errors(spec, data, frame, (layer, row, example)),
    ]
    return Explanation(quantity.name, tuple(lines))


def _explain_forward(
    spec: NetworkSpec, frame: Frame, quantity: Quantity, example: int
) -> Explanation:
    layer, row, depth = quantity.layer, quantity.row, len(frame.W) - 1
    found = forward(spec, frame, (layer, row, example))
    i = str(example + 1)
    z, a = of_unit("z", layer, row, i), activation_of(layer, row, depth, i)
    inputs = frame.W[layer].shape[1]
    weighted: Formula
    if inputs == 1:
        weighted = (weight(layer, row, 0), activation_of(layer - 1, 0, depth, i))
    else:
        below = activation_of(layer - 1, 0, depth, i).replace("_{1}", "_{k}")
        entry = weight(layer, row, 0).replace(",1}", ",k}")
        weighted = (rf"\sum_{{k=1}}^{{{inputs}}}", entry, below)
    products = sum_of_products(found.sum.left[:-1], found.sum.right[:-1])
    total = found.sum.total

    def result(array: str, symbol: str, value: float) -> Line:
        each = quantity._replace(array=array)
        own = frame_value(frame, each, example)
        return _result(each.name_of(example), symbol, value, found.is_exact, own)

    lines = [
        Line(
            "the weighted sum of the inputs, plus the bias",
            (z, "=", *weighted, "+", bias(layer, row)),
            rank=1,
        ),
        Line(
            f"in frame {frame.index:,}, example {i}",
            (z, "=", *products, "+", *factor(float(found.sum.left[-1]))),
        ),
        result("Z", z, total),
        Line(
            f"the activation, {_slope_words(spec, layer)}",
            _activation(spec, frame, (layer, row, example)),
        ),
        result("A", a, found.value),
    ]
    return Explanation(quantity.name_of(example), tuple(lines))


def _activation(spec: NetworkSpec, frame: Frame, place: tuple[int, int, int]) -> Formula:
    """Return the formula of an activation: of its own z, or of all z of the layer."""
    layer, row, example = place
    i = str(example + 1)
    z, a = of_unit("z", layer, row, i), activation_of(layer, row, len(frame.W) - 1, i)
    if spec.activations[layer - 1] is not None:
        own = float(frame.Z[layer][row, example])
        return a, "=", "g(", z, ")", "=", "g(", *number(own), ")"
    shown = frame.Z[layer][:MOST_SHOWN, example].tolist()
    values: Formula = ()
    for value in shown:
        values += (*((",",) if values else ()), *number(value))
    if len(shown) < len(frame.Z[layer]):
        values += (",", r"\ldots")
    rule = spec.head.prediction_code.latex.replace("{z}", z)
    return a, "=", rule, "=", "g(", *values, rf")_{{{row + 1}}}"


def _result(name: str, symbol: str, value: float, is_exact: bool, own: float) -> Line:
    words = f"{name}, to the last digit"
    if not is_exact:  # where the processor rounds a product and a sum in one operation
        words = f"the engine's {name} is {own!r}: it differs in the last digits"
    return Line(words, (symbol, "=", *number(value, None)), "result" if is_exact else "doubt")


def _checked(parameter: str, found: Difference) -> Line:
    quotient = rf"\frac{{J({parameter} + h) - J({parameter} - h)}}{{2h}}"
    formula: Formula = (
        *(quotient, "=", *number(found.value, 8), ","),
        *(r"\quad", "h", "=", *number(found.step, 2), ","),
        *(r"\quad", r"\text{relative difference}", "=", *number(found.relative, 2)),
    )
    tone = "agrees" if found.verdict is Verdict.AGREES else "doubt"
    rank = 0 if found.verdict is Verdict.DISAGREES else 3
    return Line(f"a central difference {found.verdict.value}", formula, tone, rank)


def _errors(spec: NetworkSpec, data: Data, frame: Frame, place: tuple[int, int, int]) -> list[Line]:
    """Explain dz of a unit for one example, and dz at the output, where it starts."""
    layer, unit, example = place
    depth = len(frame.W) - 1
    lines = []
    if layer < depth:
        found = error(spec, frame, data.Y, place)
        words = f"the error of example {example + 1}, {_slope_words(spec, layer)}"
        lines.append(Line(words, _back(found, frame, place), rank=1))
    if layer + 1 < depth:
        lines.append(Line(f"and so on, up to the output, layer {depth}", rank=2))
    top = depth, unit if layer == depth else 0, example
    words = f"the error of example {example + 1} at the output"
    output = _at_output(spec, error(spec, frame, data.Y, top), top)
    return [*lines, *_through_outputs(spec, data, frame, top), Line(words, output, rank=2)]


def _through_outputs(
    spec: NetworkSpec, data: Data, frame: Frame, place: tuple[int, int, int]
) -> list[Line]:
    """Explain dz at the output as the sum over all outputs, where each depends on every z."""
    found = through_outputs(spec, frame, data.Y, place)
    if found is None:
        return []
    layer, unit, i = *place[:2], str(place[2] + 1)
    a_k, y_k = activation_of(layer, 0, layer, i).replace("_{1}", "_{k}"), f"y^{{({i})}}_{{k}}"
    own = of_unit("z", layer, unit, i)
    symbols = {  # {y} first: the symbol of {a} contains it
        "{y}": y_k,
        "{a}": a_k,
        "{a_j}": activation_of(layer, unit, layer, i),
        "{j}": str(unit + 1),
    }
    factors = []
    for text in spec.head.chain_latex:
        for name, symbol in symbols.items():
            text = text.replace(name, symbol)
        factors.append(text)
    total = rf"\sum_{{k=1}}^{{{len(found.left)}}}"
    partial = (
        rf"\frac{{\partial L}}{{\partial {a_k}}}",
        rf"\frac{{\partial {a_k}}}{{\partial {own}}}",
    )
    symbol = of_unit("dz", layer, unit, i)
    numbers: Formula = (symbol, "=", *sum_of_products(found.left, found.right))
    words = f"in frame {frame.index:,}; the sum becomes the difference below"
    if found.total != found.total or abs(found.total) == float("inf"):
        words = f"in frame {frame.index:,}: a factor is infinite, which the difference below avoids"
    return [
        Line(
            f"every output of {spec.output} changes with this z",
            (symbol, "=", total, *partial, "=", total, *factors),
            rank=3,
        ),
        Line(words, (*numbers, "=", *number(found.total)), rank=3),
    ]


def _back(found: Error, frame: Frame, place: tuple[int, int, int]) -> Formula:
    assert found.sum is not None
    layer, unit, i = *place[:2], str(place[2] + 1)
    units = frame.W[layer + 1].shape[0]
    entry, above = weight(layer + 1, 0, unit), of_unit("dz", layer + 1, 0, i)
    weighted: Formula = (entry, above)
    numbers = sum_of_products(found.sum.left, found.sum.right)
    if units > 1:
        entry, above = entry.replace("_{1,", "_{o,"), above.replace("_{1}", "_{o}")
        weighted = ("(", rf"\sum_{{o=1}}^{{{units}}}", entry, above, ")")
        numbers = ("(", *numbers, ")")
    return (
        *(of_unit("dz", layer, unit, i), "=", *weighted, f"g'({of_unit('z', layer, unit, i)})"),
        *("=", *numbers, r"\cdot", *factor(found.slope), "=", *number(found.value)),
    )


def _at_output(spec: NetworkSpec, found: Error, place: tuple[int, int, int]) -> Formula:
    layer, unit, i = *place[:2], str(place[2] + 1)
    symbols = {
        "{a}": (activation_of(layer, unit, layer, i),),
        "{y}": (f"y^{{({i})}}_{{{unit + 1}}}",),
        "{beta}": (r"\beta",),
        "{slope}": (f"g'({of_unit('z', layer, unit, i)})",),
    }
    values = {
        "{a}": factor(found.activation),
        "{y}": factor(found.target),
        "{beta}": factor(spec.beta),
        "{slope}": factor(found.slope),
    }
    template = spec.head.delta_code.latex.split()
    parts: Formula = (of_unit("dz", layer, unit, i), "=")
    for meaning in (symbols, values) if template else ():
        for part in template:
            parts += meaning.get(part, (part,))
        parts += ("=",)
    return (*parts, *number(found.value))


def _slope_words(spec: NetworkSpec, layer: int) -> str:
    g = spec.activations[layer - 1]
    if g is None:
        return f"g = {spec.output}"
    return f"g = {g.name}, of {g.beta:g} z" if g.beta != 1.0 else f"g = {g.name}"
