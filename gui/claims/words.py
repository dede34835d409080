"""The text of claims: powers of ten, and bold type."""

import re
from html import escape

from engine import superscript

_POWER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e([+-]?\d+)(?!\w)")


def typeset(text: str) -> str:
    """Return a sentence with its powers of ten written as on the stage.

    >>> typeset("It becomes ±5.6e-17, not 1e+12."), typeset("the 1e layer")
    ('It becomes ±5.6·10⁻¹⁷, not 1·10¹².', 'the 1e layer')
    """

    def written(match: re.Match[str]) -> str:
        return f"{match[1]}·10{superscript(int(match[2]))}"

    return _POWER.sub(written, text)


def bold(text: str) -> str:
    """Return the text as bold HTML.

    Qt thickens the letters of a variable font without widening their spacing, so the spacing of
    the font's own bold letters is added here.
    """
    return f'<b style="letter-spacing:0.2px">{escape(text)}</b>'
