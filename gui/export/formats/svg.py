"""SVG: only paths and images, so that it needs no fonts and looks the same in every viewer."""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import BinaryIO, final

from engine import Steps
from gui.export.formats.drawing import MILLIMETRES, Content, Drawing, Sheet, read_whole
from gui.export.formats.format import MAX_RECIPE, SCREEN_DPI

_NAMESPACE = "urn:initscope:experiment"
# In base 64, because XML cannot represent some characters that an experiment may contain.
_RECIPE = re.compile(rb"<experiment ([^<>]*+)>([A-Za-z0-9+/=\s]*+)<")


@final
class SvgDrawing(Drawing):
    """Scalable Vector Graphics 1.1."""

    suffix = ".svg"
    title = "SVG"

    signature = rb"[\xef\xbb\xbf \t\r\n]*<(\?xml|svg)"

    @staticmethod
    def texts(file: BinaryIO) -> list[str]:
        content = read_whole(file)
        tags, own = _RECIPE.finditer(content), _NAMESPACE.encode()
        found = next((tag[2] for tag in tags if own in tag[1]), None)
        if found is None:
            return []
        if len(found) > 2 * MAX_RECIPE:
            raise ValueError("its text is too long")
        return [b64decode(found).decode()]

    @staticmethod
    def _paint(sheet: Sheet) -> Steps[Content]:
        from PySide6.QtCore import QRectF  # here, because reading needs no Qt
        from PySide6.QtGui import QPainter

        from gui.export.formats.svg_engine import SvgDevice
        from gui.stage.stage import SMOOTH

        device = SvgDevice(*sheet.size)
        width, height = sheet.size
        with QPainter(device) as painter:
            painter.setRenderHints(SMOOTH)
            yield from sheet.paint(painter, QRectF(0.0, 0.0, width, height))
        clips, elements = yield from device.elements()
        return partial(_content, sheet, clips, elements)


def _content(sheet: Sheet, clips: Sequence[str], elements: Sequence[str]) -> bytes:
    width, height = sheet.size
    across, down = (side / SCREEN_DPI * MILLIMETRES for side in sheet.size)
    recipe = b64encode(sheet.recipe.encode()).decode("ascii")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"',
        f'    version="1.1" width="{across:.3f}mm" height="{down:.3f}mm"',
        f'    viewBox="0 0 {width} {height}">',
        f"<title>{escape(sheet.title, quote=False)}</title>",
        f'<metadata><experiment xmlns="{_NAMESPACE}" encoding="base64">{recipe}</experiment>'
        "</metadata>",
        "<defs>",
        *clips,
        "</defs>",
        *elements,
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()
