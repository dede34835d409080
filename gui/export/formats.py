"""The export formats: adding one is a line here and the class it names."""

from gui.export.apng import ApngWriter
from gui.export.gif import GifWriter
from gui.export.png import PngWriter
from gui.export.video import Mp4Writer, WebmWriter
from gui.export.webp import WebpWriter
from gui.export.writer import Writer

FORMATS: dict[str, type[Writer]] = {
    writer.suffix: writer
    for writer in (Mp4Writer, WebmWriter, GifWriter, WebpWriter, ApngWriter, PngWriter)
}
"""Every writer by its suffix, in the order in which users are offered them."""
