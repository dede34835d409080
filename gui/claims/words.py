"""How a claim's words are written: powers of ten as on the stage, and bold type."""

import re
from html import escape

from gui.panels.base.axis_ranges import SUPERSCRIPTS

_POWER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e([+-]?\d+)(?!\w)")


def typeset(text: str) -> str:
    """Write the powers of ten in a sentence as the stage does.

    >>> typeset("It becomes ±5.6e-17, not 1e+12."), typeset("the 1e layer")
    ('It becomes ±5.6·10⁻¹⁷, not 1·10¹².', 'the 1e layer')
    """

    def written(match: re.Match[str]) -> str:
        return f"{match[1]}·10{str(int(match[2])).translate(SUPERSCRIPTS)}"

    return _POWER.sub(written, text)


def bold(text: str) -> str:
    """Return the text as bold HTML.

    Qt thickens the letters of a variable font and leaves them as close as before; a little more
    room between them is what the font's own bold letters have.
    """
    return f'<b style="letter-spacing:0.2px">{escape(text)}</b>'
