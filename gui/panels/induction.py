"""The proof that equal units stay equal, line by line, with the numbers of the frame."""

from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt

from engine.comparison import Comparison
from engine.induction import Links, links
from gui.panels.label import Label
from gui.panels.panel import TEXT, Moment, Panel, number_text
from gui.panels.table import LEFT, RIGHT, Cell, Column, Table
from gui.theme import Theme, font

FACTORS = {"incoming": "rows w", "bias": "biases b", "outgoing": "outgoing v"}
STEP = (
    ("step", "a = g(w·x + b)", "activation"),
    ("", "dZ = (v·dZ⁺) g′(z)", "error"),
    ("", "dW = mean of dZ · x", "gradient"),
)
"""What follows from equal rows w, biases b and outgoing weights v, and what shows it."""
FOOT = 42.0


@final
class InductionPanel(Panel):
    """Base case, hypothesis and step; each beside the greatest difference between two units."""

    name = "induction"
    title = "Why equal units stay equal"
    note = "between units of a layer"
    breadth = 1.25
    by_default = False

    def __init__(self, comparison: Comparison, run: int, theme: Theme) -> None:
        super().__init__(comparison, run, theme)
        self._table = Table(
            self, theme, [Column(0.75, LEFT), Column(1.6, LEFT), Column(0.9, RIGHT)], TEXT, 28.0
        )
        left = Qt.AlignmentFlag.AlignLeft
        self._words = Label(self, theme.text, font(TEXT + 1, bold=True), left)
        self._more = Label(self, theme.muted, font(TEXT), left)
        self._has_units = any(size > 1 for size in comparison.experiment.network.layers[1:-1])

    def arrange_items(self, area: QRectF) -> None:
        self._table.arrange(area.adjusted(0.0, 0.0, 0.0, -FOOT))
        self._words.setPos(area.left(), area.bottom() - 28.0)
        self._more.setPos(area.left(), area.bottom() - 8.0)
        for label in (self._words, self._more):
            label.max_width = area.width()

    def draw(self, moment: Moment) -> None:
        if not self._has_units:
            self._words.set_text("no hidden layer of two units: nothing to compare")
            return
        recording, frame = moment.comparison.recordings[self.run], moment.frames[self.run]
        now, start = links(frame), links(recording[0])
        t = f"{frame.index:,}"
        base = max(start.incoming, start.bias, start.outgoing)
        rows = [
            [Cell("base case"), Cell("frame 0: w, b and v"), self._number(base)],
            [Cell("hypothesis"), Cell(f"frame {t}: incoming w"), self._number(now.incoming)],
            [Cell(""), Cell("bias b"), self._number(now.bias)],
            [Cell(""), Cell("outgoing v"), self._number(now.outgoing)],
        ]
        rows += [
            [Cell(head), Cell(formula), self._number(getattr(now, name))]
            for head, formula, name in STEP
        ]
        holds = not now.factors and now.gradient == 0.0
        follows = "equal again" if holds else "not equal"
        rows.append(
            [
                Cell("so"),
                Cell("next frame: w − η dW"),
                Cell(follows, None if holds else self.theme.muted, True),
            ]
        )
        self._table.set_rows(rows)
        self._conclude(moment, now)

    def _number(self, difference: float) -> Cell:
        if difference == 0.0:
            return Cell("exactly 0", self.theme.accent, True)
        return Cell(number_text(difference, 4).lstrip("+"))

    def _conclude(self, moment: Moment, now: Links) -> None:
        recording, frame = moment.comparison.recordings[self.run], moment.frames[self.run]
        broken = moment.comparison.diagnostics[self.run].symmetric_until
        if frame.index < broken:
            self._words.set_text(f"equal, checked for frames 0 … {frame.index:,}")
            self._words.set_colour(self.theme.accent)
            self._more.set_text("to the last bit, not only on paper")
            return
        first = links(recording[broken]).factors
        what = " and ".join(FACTORS[name] for name in first)
        self._words.set_colour(self.theme.text)
        self._words.set_text(
            f"symmetry breaks in frame {broken:,}" if broken else "the base case fails"
        )
        self._more.set_text(f"{'first to differ' if broken else 'different at the start'}: {what}")

    def tool_tip(self, point: QPointF, moment: Moment) -> str:
        if not self._has_units or self._table.row_at(point) is None:
            return ""
        now = links(moment.frames[self.run])
        return "\n".join(f"{name}: {getattr(now, name)!s}" for name in now.__dataclass_fields__)
