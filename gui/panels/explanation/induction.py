"""The proof that equal units stay equal, line by line, with the numbers of the frame."""

from functools import partial
from typing import final

from engine import WeakCache, superscript
from engine.experiment import Experiment
from engine.explain.induction import Links, Pair, entries, links, widest_pair
from engine.training import Comparison, Frame, Recording
from gui.panels.base import (
    LEFT,
    RIGHT,
    TEXT,
    Column,
    TableCell,
    TablePanel,
    ViewState,
    no_two_units,
    number_text,
    register_panel,
    subscript,
)

FACTORS = {"incoming": "rows w", "bias": "biases b", "outgoing": "outgoing v"}
LEAST_ROW = 15.0
"""Where rows would be lower, some are left out."""

_LINKS = WeakCache[Links]()
_PAIRS = WeakCache[Pair | None]()


@register_panel(name="induction", position=60, title="Why equal units stay equal")
@final
class InductionPanel(TablePanel[Comparison]):
    """Base case, hypothesis and step, each with the numbers of the two units that differ most."""

    note = "the numbers of two units"
    breadth = 1.6
    by_default = False
    foot = 22.0
    most_width = 720.0

    @classmethod
    def nothing_to_show(cls, experiment: Experiment) -> str:
        return no_two_units(experiment)

    def make_items(self) -> None:
        shares = (1.0, 1.75, 1.0, 1.0, 1.05)
        self.table = self.make_table(
            [Column(share, LEFT if at < 2 else RIGHT) for at, share in enumerate(shares)], 28.0
        )
        self._words = self.add_words(9.0, size=TEXT + 1, bold=True)

    @classmethod
    def prepare(cls, state: ViewState, run: int) -> None:
        recording, frame = state.comparison.recordings[run], state.frames[run]
        _pair(frame)
        _links(frame)
        _links_at(recording, 0)
        broken = state.comparison.diagnostics[run].symmetric_until
        if frame.index >= broken:
            _links_at(recording, broken)

    def rows(self, state: ViewState) -> list[list[TableCell]]:
        recording, frame = state.comparison.recordings[self.run], state.frames[self.run]
        pair = _pair(frame)
        if pair is None:
            self._words.set_text(no_two_units(state.scene.experiment))
            return []
        self._conclude(state)
        return self._rows(frame, pair, _links(frame), _links_at(recording, 0))

    def _rows(self, frame: Frame, pair: Pair, now: Links, start: Links) -> list[list[TableCell]]:
        found = entries(frame, pair)
        units = (f"unit {pair.first + 1}", f"unit {pair.second + 1}", "difference")
        heads = self.muted("", f"frame {frame.index:,}, layer {pair.layer}", *units)

        def row(name: str, symbol: str) -> list[TableCell]:
            numbers = found[name].first, found[name].second
            values = [TableCell(number_text(value, 4)) for value in numbers]
            return [TableCell(symbol), *values, self.difference_cell(found[name].difference, 4)]

        w, v = (subscript(found[name].place + 1) for name in ("incoming", "outgoing"))
        a, dz = (f"⁽{superscript(found[name].place + 1)}⁾" for name in ("activation", "error"))
        x = subscript(found["gradient"].place + 1)
        base = [
            *map(TableCell, ("base case", "frame 0: w, b, v", "", "")),
            self.difference_cell(max(start.incoming, start.bias, start.outgoing), 4),
        ]
        together = [
            *map(TableCell, ("hypothesis", "w, b, v", "", "")),
            self.difference_cell(max(now.incoming, now.bias, now.outgoing), 4),
        ]
        hypothesis = [
            [TableCell("hypothesis"), *row("incoming", f"incoming w{w}")],
            [TableCell(), *row("bias", "bias b")],
            [TableCell(), *row("outgoing", f"outgoing v{v}")],
        ]
        step = [
            [TableCell("step"), *row("activation", f"a{a} = g(w·x + b)")],
            [TableCell(), *row("error", f"dZ{dz} = v·dZ⁺ g′(z)")],
            [TableCell(), *row("gradient", f"dW{x} = mean dZ x{x}")],
        ]
        holds = not now.factors and now.gradient == 0.0
        follows = TableCell("equal again" if holds else "not equal", None, holds)
        so = [TableCell("so"), TableCell("next: w − η dW"), TableCell(), TableCell(), follows]
        most = int(self.table.area.height() // LEAST_ROW)
        if most >= 9:
            return [heads, base, *hypothesis, *step, so]
        return [heads, together, *step] if most >= 5 else [heads, together, step[-1]]

    def _conclude(self, state: ViewState) -> None:
        recording, frame = state.comparison.recordings[self.run], state.frames[self.run]
        broken = state.comparison.diagnostics[self.run].symmetric_until
        if frame.index < broken:
            words = f"equal to the last bit, checked for frames 0 … {frame.index:,}"
            self._words.set_text(words, self.theme.accent)
            return
        first = " and ".join(FACTORS[name] for name in _links_at(recording, broken).factors)
        differ = "differ" if broken else "differ at the start"
        what = f"symmetry breaks in frame {broken:,}" if broken else "the base case fails"
        words = f"{what}: {first} {differ}{' first' if broken else ''}"
        self._words.set_text(words, self.theme.text)

    def cell_text(self, row: int, column: int, state: ViewState) -> str:
        frame = state.frames[self.run]
        pair = _pair(frame)
        if pair is None:
            return ""
        now, found = _links(frame), entries(frame, pair)
        lines = [f"units {pair.first + 1} and {pair.second + 1} of layer {pair.layer}"]
        lines += [f"{name}: {each.first!s}, {each.second!s}" for name, each in found.items()]
        lines.append("greatest difference between any two units of a layer")
        lines += [f"{name}: {getattr(now, name)!s}" for name in found]
        return "\n".join(lines)


def _links(frame: Frame) -> Links:
    return _LINKS.get(frame, None, partial(links, frame))


def _links_at(recording: Recording, index: int) -> Links:
    return _LINKS.get(recording, index, lambda: links(recording[index]))


def _pair(frame: Frame) -> Pair | None:
    return _PAIRS.get(frame, None, partial(widest_pair, frame))
