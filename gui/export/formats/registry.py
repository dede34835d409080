"""The export formats: a format is added by its class, in its own file, and one entry here."""

from gui.export.formats.apng import ApngWriter
from gui.export.formats.drawing import Drawing
from gui.export.formats.format import Format
from gui.export.formats.gif import GifWriter
from gui.export.formats.pdf import PdfDrawing
from gui.export.formats.png import PngWriter
from gui.export.formats.svg import SvgDrawing
from gui.export.formats.video import Mp4Writer, WebmWriter
from gui.export.formats.webp import WebpWriter
from gui.export.formats.writer import Writer

ALL_FORMATS: dict[str, type[Format]] = {
    each.suffix: each
    for each in (
        *(Mp4Writer, WebmWriter, GifWriter, WebpWriter, ApngWriter, PngWriter),
        *(SvgDrawing, PdfDrawing),
    )
}
"""Every format by its suffix, in the order in which users see them."""
FORMATS: dict[str, type[Writer]] = {
    suffix: each for suffix, each in ALL_FORMATS.items() if issubclass(each, Writer)
}
"""The formats of animations."""
DRAWINGS: dict[str, type[Drawing]] = {
    suffix: each for suffix, each in ALL_FORMATS.items() if issubclass(each, Drawing)
}
"""The formats of one frame as lines and areas."""
SINGLE_FRAME_FORMATS: dict[str, type[Format]] = {
    suffix: each for suffix, each in (DRAWINGS | ALL_FORMATS).items() if each.holds_single_frame
}
"""The formats for the export of one frame."""
