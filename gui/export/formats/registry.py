"""The export formats: adding one is a line here and the class it names."""

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

FORMATS: dict[str, type[Writer]] = {
    writer.suffix: writer
    for writer in (Mp4Writer, WebmWriter, GifWriter, WebpWriter, ApngWriter, PngWriter)
}
"""Every format of frames by its suffix, in the order in which users are offered them."""
DRAWINGS: dict[str, type[Drawing]] = {
    drawing.suffix: drawing for drawing in (SvgDrawing, PdfDrawing)
}
"""Every format of one frame as lines and areas, likewise."""
STILLS: dict[str, type[Format]] = {**DRAWINGS, PngWriter.suffix: PngWriter}
"""What users are offered for one frame."""
ALL_FORMATS: dict[str, type[Format]] = {**FORMATS, **DRAWINGS}
