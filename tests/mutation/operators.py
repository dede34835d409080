"""The mutation operators: the changes they make to nodes of a syntax tree."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from tests.mutation.source import Source


@final
@dataclass(frozen=True)
class Change:
    """A replacement of the text between two offsets."""

    operator: str
    start: int
    end: int
    text: str


COMPARISONS = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
ARITHMETIC = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
}
EXTREMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}
ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)


def changes(node: ast.AST, source: Source) -> Iterator[Change]:
    """Yield every change of this node, without those of its children."""
    for operator in (_comparison, _arithmetic, _boolean, _not, _constant, _extreme):
        yield from operator(node, source)
    for statement in (_returned, _called, _condition):
        yield from statement(node, source)


def _gap(
    operator: str, source: Source, first: ast.AST, second: ast.AST, swap: tuple[str, str]
) -> Iterator[Change]:
    """Yield the swap of the operator between two operands."""
    old, new = swap
    gap = source.between(first, second)
    pattern = r"\s+".join(re.escape(word) for word in old.split())
    text = re.sub(pattern, lambda _: new, gap, count=1)
    if text != gap:
        yield Change(operator, source.end(first), source.start(second), text)


def _comparison(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        operands = [node.left, *node.comparators]
        for first, second, kind in zip(operands, operands[1:], node.ops, strict=False):
            yield from _gap("comparison", source, first, second, COMPARISONS[type(kind)])


def _arithmetic(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        swap = ARITHMETIC[type(node.op)]
        yield from _gap("arithmetic", source, node.left, node.right, swap)
    elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        swap = ARITHMETIC[type(node.op)]
        yield from _gap("arithmetic", source, node.target, node.value, swap)


def _boolean(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        first, *others = node.values
        text, end = "", source.end(first)
        for value in others:
            text += re.sub(rf"\b{old}\b", new, source.text[end : source.start(value)], count=1)
            end = source.end(value)
            text += source.text[source.start(value) : end]
        yield Change("boolean", source.end(first), end, text)


def _not(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        start, end = source.start(node), source.end(node)
        yield Change("not", start, end, source.text[start + len("not") : end].lstrip())


def _constant(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        if value != node.value:
            yield Change("constant", source.start(node), source.end(node), repr(value))


def _extreme(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        function = node.func
        name = function.id if isinstance(function, ast.Name) else function.attr
        if name in EXTREMES:
            end = source.end(function)
            yield Change("min-max", end - len(name), end, EXTREMES[name])


def _returned(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.Return) and node.value is not None:
        is_none = isinstance(node.value, ast.Constant) and node.value.value is None
        if not is_none:
            yield Change("return", source.start(node), source.end(node), "return None")


def _called(node: ast.AST, source: Source) -> Iterator[Change]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield Change("call", source.start(node), source.end(node), "pass")


def _condition(node: ast.AST, source: Source) -> Iterator[Change]:
    if not isinstance(node, ast.If | ast.IfExp):
        return
    is_not = isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
    if not is_not:  # removing the `not` is a separate mutation
        start, end = source.start(node.test), source.end(node.test)
        text = source.text[start:end]
        negated = f"not {text}" if isinstance(node.test, ATOMS) else f"not ({text})"
        yield Change("condition", start, end, negated)
