"""The table of the measured and the expected numbers of a claim."""

from html import escape

from engine import plain_text
from engine.claims.claim import Interval, Outcome
from gui.claims.words import bold, typeset
from gui.style.theme import Theme

LEGENDS = {
    (False,): "Recorded: earlier results, with a margin",
    (True,): "= derived from a formula",
    (False, True): "= derived from a formula; others recorded",
}
"""What the expected numbers are, by whether some are recorded and some derived."""
LARGEST_INTEGER = 1e6
"""Integers below it are written in full."""
DIGITS = 4
MORE_DIGITS = 10
"""Significant digits of a number outside its interval, which may miss it by little."""


def short(value: float, digits: int = DIGITS) -> str:
    """Format a number as on the stage, and integers in full.

    >>> short(-0.00012345678), short(1e12), short(20000.0), short(-0.0), short(float("nan"))
    ('−0.0001235', '1·10¹²', '20000', '0', 'NaN')
    """
    if value != value:
        return "NaN"
    if abs(value) == float("inf"):
        return "−∞" if value < 0.0 else "∞"
    if float(value).is_integer() and abs(value) < LARGEST_INTEGER:
        return str(int(value)).replace("-", "−")
    return plain_text(value, digits)


def interval_text(interval: Interval, digits: int = DIGITS) -> str:
    """Format the interval in which a number is expected.

    >>> interval_text((0.0, 1e-8)), interval_text((4.0, 4.0)), interval_text((0.69314, 0.69314001))
    ('0 … 1·10⁻⁸', '4', '≈ 0.6931')
    """
    low, high = (short(end, digits) for end in interval)
    if interval[0] == interval[1]:
        return low
    return f"≈ {low}" if low == high else f"{low} … {high}"


def numbers_table(outcome: Outcome, theme: Theme) -> str:
    """Return an HTML table with a row for each number, those that support the claim first."""
    claim, rows = outcome.claim, []
    captions = ("measured", "expected")
    derived = "= "
    for head, intervals in (("supports the claim", claim.right), ("contradicts it", claim.wrong)):
        if not intervals:
            continue
        cells = "".join(f'<td align="right">{_unbroken(each)}</td>' for each in captions)
        rows.append(f'<tr style="color:{theme.muted}"><td>{head}</td>{cells}</tr>')
        captions = ("", "")  # only in the first row
        for name, interval in intervals.items():
            is_outside = name in outcome.outside
            digits = MORE_DIGITS if is_outside else DIGITS
            colour = theme.alarm if is_outside else theme.text
            value = short(outcome.measured[name], digits)
            rows.append(
                f"<tr><td>{escape(typeset(name))}</td>"
                f'<td align="right" style="color:{colour}">&nbsp;{bold(value)}</td>'
                f'<td align="right" style="color:{theme.muted}">'
                f"{_unbroken(derived * (name in claim.derived) + interval_text(interval, digits))}"
                "</td></tr>"
            )
    legend = LEGENDS[tuple(sorted({name in claim.derived for name in claim.expected}))]
    return (
        f'<table width="100%" cellspacing="0" cellpadding="2">{"".join(rows)}</table>'
        f'<div style="color:{theme.muted}">{legend}</div>'
    )


def _unbroken(text: str) -> str:
    """Return text that does not wrap, with a space before it."""
    return f" {text}".replace(" ", "&nbsp;")
