"""PDF: one page of the size of the picture, with embedded fonts and the experiment attached."""

import re
import zlib
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import BinaryIO, final

from engine import Steps
from gui.export.formats.drawing import Content, Drawing, Sheet, read_whole
from gui.export.formats.format import MAX_RECIPE, SCREEN_DPI

ATTACHMENT = "experiment.toml"
_DATE = re.compile(rb"/(Creation|Mod)Date \([^)]*\)")
_IDENTIFIER = re.compile(rb"/ID \[[^\]]*\]")
_ATTACHED = re.compile(rb"/EF\s*+<<\s*+/F (\d{1,9}) 0 R\s*+>>")
_XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>
<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
"""


@final
class PdfDrawing(Drawing):
    """Portable Document Format."""

    suffix = ".pdf"
    title = "PDF"

    signature = b"%PDF-"

    @staticmethod
    def texts(file: BinaryIO) -> list[str]:
        """Return the attachment of a file written by Qt.

        Other programs may write the file differently when they save it; then nothing is found.
        """
        content = read_whole(file)
        found = _ATTACHED.search(content)
        if found is None:
            return []
        start = re.search(rb"\n%b 0 obj\s*+<<([^<>]*+)>>\s*+stream\r?\n" % found[1], content)
        if start is None or b"/FlateDecode" not in start[1]:
            return []
        inflate = zlib.decompressobj()
        try:
            data = inflate.decompress(memoryview(content)[start.end() :], MAX_RECIPE + 1)
        except zlib.error as error:
            raise ValueError(f"its attachment cannot be read: {error}") from None
        if not inflate.eof:
            raise ValueError("its attachment is too long, or cut off")
        return [data.decode()]

    @staticmethod
    def _paint(sheet: Sheet) -> Steps[Content]:
        # Imported here, because reading a recipe needs no Qt.
        from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
        from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

        width, height = sheet.size
        buffer = QBuffer()  # Qt would not report a full disk
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        # One unit of the page is one pixel of the layout; drawing keeps the precision of the scene.
        writer.setResolution(SCREEN_DPI)
        points = QSizeF(width, height) * 72 / SCREEN_DPI
        exact = QPageSize.SizeMatchPolicy.ExactMatch
        writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "picture", exact))
        writer.setPageMargins(QMarginsF())
        writer.setTitle(sheet.title)
        writer.setCreator("Initscope")
        # The metadata of Qt would contain the current time and a random identifier.
        writer.setDocumentXmpMetadata(_XMP.format(title=escape(sheet.title)).encode())
        writer.addFileAttachment(ATTACHMENT, sheet.recipe.encode(), "application/toml")
        with QPainter(writer) as painter:
            # The whole page, whose sides Qt rounds to points.
            page = QRectF(0.0, 0.0, writer.width(), writer.height())
            yield from _in_order(sheet.paint(painter, page))
        return partial(_without_time, bytes(buffer.data().data()))


def _in_order(painting: Iterator[bool]) -> Iterator[bool]:
    """Paint so that the order of the fonts in the file is the same in every process."""
    from PySide6.QtCore import QHashSeed

    is_done = False
    while not is_done:
        QHashSeed.setDeterministicGlobalSeed()
        try:
            is_done = next(painting, painting) is painting
        finally:
            QHashSeed.resetRandomGlobalSeed()
        yield False


def _without_time(content: bytes) -> bytes:
    for pattern in (_DATE, _IDENTIFIER):
        # Spaces of the same length, so that the offsets in the file stay valid.
        content = pattern.sub(lambda found: b" " * len(found[0]), content)
    return content
