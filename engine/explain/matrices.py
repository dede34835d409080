"""Explanations of two rows of a gradient, and of one step of a layer, line by line."""

from engine.experiment import NetworkSpec, Quantity
from engine.explain.notation import (
    Explanation,
    Formula,
    Line,
    activation_of,
    bias,
    matrix,
    number,
    of_unit,
    weight,
)
from engine.explain.rows import WORDS, Factor, Rows, compared_rows, rows
from engine.explain.update import Step, Update, update
from engine.nn import Data
from engine.training import Frame, Recording

RANKS = {"incoming": 2, "bias": 2, "error": 1}
"""The ranks of lines about factors; the others are never left out."""


def explain_rows(
    spec: NetworkSpec, data: Data, frame: Frame, quantity: Quantity, other: int | None = None
) -> Explanation:
    """Explain why two rows of dW of a layer are equal or different.

    For a layer with a single unit, the rows of the nearest layer with several are explained.

    Parameters
    ----------
    spec : NetworkSpec
    data : Data
    frame : Frame
    quantity : Quantity
        Its layer is explained; its row is the first.
    other : int, optional
        The second row; by default, or if it is the first, the next one.
    """
    requested = quantity.layer
    alone = f"layer {requested} has one unit, so dW{requested} has one row and nothing to compare"
    place = compared_rows(spec.layers, quantity, other)
    if place is None:
        words = "no layer has two units: there is no symmetry to break"
        if len(spec.layers) == 2:
            words += ", and zero is as good a start as any"
        return Explanation(f"dW{requested}", (Line(alone), Line(words)))
    notes = [] if place[0] == requested else [Line(f"{alone}; these are rows of dW{place[0]}")]
    found = rows(spec, frame, data.Y, place)
    layer, depth = found.layer, len(frame.W) - 1
    below = activation_of(layer - 1, 0, depth).replace("_{1}", "_{k}")
    rule: Formula = (
        *(weight(layer, 0, 0, "d").replace("{1,1}", "{j,k}"), "="),
        *(r"\frac{1}{m}\sum_{i=1}^{m}", _of_j("dz", layer), below),
    )
    if layer < depth:
        made_of = (*_outgoing("j", layer), rf"g'({_of_j('z', layer)})")
        rule = (*rule, ",", r"\quad", _of_j("dz", layer), "=", *made_of)
    shared = (WORDS[each.name] for each in found.factors if each.shared)
    lines = [
        *notes,
        Line("every row j is computed in the same way", rule, rank=4),
        Line(f"shared by both rows: {' and '.join(shared)}", (), "same"),
        *(_compared(found, each) for each in found.factors if not each.shared),
        Line(f"in frame {frame.index:,}", _row(layer, found.first, frame), rank=3),
        Line("", _row(layer, found.second, frame), rank=3),
        Line(found.conclusion, (), "same" if found["gradient"].is_same else "different"),
    ]
    return Explanation(f"dW{layer}[{found.first}] and dW{layer}[{found.second}]", tuple(lines))


def explain_update(recording: Recording, frame: int, layer: int) -> Explanation:
    """Explain the step from a frame to the next, or to the last frame from the one before."""
    found = update(recording, frame, layer)
    if found is None:
        return Explanation(f"W{layer}", (Line("there is no step: this frame is the only one"),))
    after = found.start + 1
    lines = [
        Line(
            "every step goes against the gradient",
            (f"W^{{[{layer}]}}", ":=", f"W^{{[{layer}]}}", "-", r"\eta", f"dW^{{[{layer}]}}"),
            rank=2,
        ),
        Line(f"from frame {found.start:,} to frame {after:,}", _step(found, found.weights, "W")),
        Line("and the biases", _step(found, found.biases, "b"), rank=1),
    ]
    examples = recording.data.examples
    if found.batch is not None:
        words = (
            f"this step's gradient is that of its batch: {found.batch:,} of {examples:,} examples"
        )
        lines.append(Line(f"{words}; elsewhere dW{layer} is that of all", (), "doubt"))
    steps = found.weights, found.biases
    if any(step.by_hand.any() for step in steps):
        lines.append(Line(f"* set by hand in frame {after:,}", (), "doubt"))
    if all(step.is_exact for step in steps):
        lines.append(Line(f"the numbers of frame {after:,}, to the last bit", (), "result"))
    else:  # where the processor rounds a product and a difference in one operation
        lines.append(Line(f"frame {after:,} differs in the last digits", (), "doubt"))
    return Explanation(f"W{layer} and b{layer}", tuple(lines))


def _step(found: Update, step: Step, letter: str) -> Formula:
    symbol, after = f"{letter}^{{[{found.layer}]}}", matrix(step.after, step.by_hand)
    rate = (*number(found.rate), r"\cdot")
    return symbol, ":=", matrix(step.before), "-", *rate, matrix(step.gradient), "=", after


def _row(layer: int, row: int, frame: Frame) -> Formula:
    symbol = weight(layer, row, 0, "d").replace(",1}", ",:}")
    return symbol, "=", matrix(frame.dW[layer][row : row + 1])


def _compared(found: Rows, each: Factor) -> Line:
    one, other = (_symbol(found, each.name, unit) for unit in (found.first, found.second))
    formula = (r"\max", "|", *one, "-", *other, "|", "=", *number(each.difference))
    verdict = "the same" if each.is_same else "differ"
    tone = "same" if each.is_same else "different"
    return Line(f"{WORDS[each.name]}: {verdict}", formula, tone, RANKS.get(each.name, 0))


def _symbol(found: Rows, name: str, unit: int) -> tuple[str, ...]:
    layer = found.layer
    return {
        "incoming": (weight(layer, unit, 0).replace(",1}", ",k}"),),
        "bias": (bias(layer, unit),),
        "outgoing": (weight(layer + 1, 0, unit).replace("_{1,", "_{o,"),),
        "slope": (f"g'({of_unit('z', layer, unit)})",),
        "outputs": (activation_of(layer, unit, layer),),
        "targets": (f"y^{{(i)}}_{{{unit + 1}}}",),
        "error": (of_unit("dz", layer, unit),),
        "gradient": (weight(layer, unit, 0, "d").replace(",1}", ",k}"),),
    }[name]


def _of_j(letter: str, layer: int) -> str:
    return of_unit(letter, layer, 0).replace("_{1}", "_{j}")


def _outgoing(unit: str, layer: int) -> tuple[str, ...]:
    above = of_unit("dz", layer + 1, 0).replace("_{1}", "_{o}")
    return "(", r"\sum_{o}", f"W^{{[{layer + 1}]}}_{{o,{unit}}}", above, ")"
