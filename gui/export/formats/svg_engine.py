"""A paint device of Qt that records SVG, with text as outlines.

QSvgGenerator writes text that needs the same fonts, loses the weight of variable fonts, and mixes
up the clips of nested items.
"""

from base64 import b64encode
from collections.abc import Iterable
from math import sqrt
from time import perf_counter
from typing import Any, NamedTuple, final

from PySide6.QtCore import QBuffer, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainterPath,
    QPen,
    QPixmap,
    QTransform,
)

from engine import Steps

STEP_SECONDS = 0.01
"""The duration of one step of formatting."""
_CAPS = {
    Qt.PenCapStyle.RoundCap: ' stroke-linecap="round"',
    Qt.PenCapStyle.SquareCap: ' stroke-linecap="square"',
}
_JOINS = {
    Qt.PenJoinStyle.RoundJoin: ' stroke-linejoin="round"',
    Qt.PenJoinStyle.BevelJoin: ' stroke-linejoin="bevel"',
}
_Element = QPainterPath.ElementType
_COMMANDS = {
    _Element.MoveToElement: "M",
    _Element.LineToElement: "L",
    _Element.CurveToElement: "C",
}
_Feature = QPaintEngine.PaintEngineFeature
_Dirty = QPaintEngine.DirtyFlag


@final
class SvgDevice(QPaintDevice):
    """Records what is painted on it.

    Parameters
    ----------
    width, height : int
        In pixels of a screen with 96 pixels per inch.
    """

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._size = width, height
        self._engine = _Engine()

    def elements(self) -> Steps[tuple[list[str], list[str]]]:
        """Format what was painted, in steps.

        A thread would take longer, because the window would wait for the interpreter at each call
        into Qt.

        Returns
        -------
        clips : list of str
            The clip paths that the elements refer to.
        elements : list of str
            The SVG elements, in the order in which they were painted.
        """
        numbers: dict[str, int] = {}
        elements = []
        started = perf_counter()
        for mark in self._engine.marks:
            element = _element(mark, numbers)
            if element:
                elements.append(element)
            if perf_counter() - started > STEP_SECONDS:
                yield False
                started = perf_counter()
        clips = [
            f'<clipPath id="clip{number}"><path d="{path}"/></clipPath>'
            for path, number in numbers.items()
        ]
        return clips, elements

    def paintEngine(self) -> QPaintEngine:
        return self._engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        kind = QPaintDevice.PaintDeviceMetric
        values = {
            kind.PdmWidth: self._size[0],
            kind.PdmHeight: self._size[1],
            kind.PdmWidthMM: round(self._size[0] * 25.4 / 96),
            kind.PdmHeightMM: round(self._size[1] * 25.4 / 96),
            kind.PdmNumColors: 2**24,
            kind.PdmDepth: 32,
            kind.PdmDevicePixelRatio: 1,
            kind.PdmDevicePixelRatioScaled: int(QPaintDevice.devicePixelRatioFScale()),
        }
        return values.get(metric, 96)


class _Mark(NamedTuple):
    """A path or an image with its position and appearance, as it was painted.

    Formatting all its numbers takes several times as long as painting it.
    """

    content: QPainterPath | tuple[QRectF, QImage]
    look: str
    clip: QPainterPath | None


@final
class _Engine(QPaintEngine):
    """Records paths and images; text arrives as paths."""

    def __init__(self) -> None:
        super().__init__(
            _Feature.PainterPaths
            | _Feature.Antialiasing
            | _Feature.AlphaBlend
            | _Feature.PrimitiveTransform
            | _Feature.PixmapTransform
            | _Feature.ConstantOpacity
            | _Feature.BrushStroke
            | _Feature.PaintOutsidePaintEvent
        )
        self.marks: list[_Mark] = []
        self._clip: QPainterPath | None = None

    def begin(self, device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        if state.state() & (_Dirty.DirtyClipPath | _Dirty.DirtyClipRegion):
            path = QPainterPath()
            if state.state() & _Dirty.DirtyClipPath:
                path = state.clipPath()
            else:
                path.addRegion(state.clipRegion())
            path, operation = state.transform().map(path), state.clipOperation()
            if operation is Qt.ClipOperation.IntersectClip and self._clip is not None:
                path = self._clip.intersected(path)
            self._clip = None if operation is Qt.ClipOperation.NoClip else path

    def drawPath(self, path: QPainterPath) -> None:
        painter = self.painter()
        pen, brush = painter.pen(), painter.brush()
        look = _fill(brush, path) + _stroke(pen, painter.combinedTransform())
        if look != _NOTHING:
            self._add(painter.combinedTransform().map(path), look)

    def drawPolygon(self, points: Iterable[Any], mode: QPaintEngine.PolygonDrawMode) -> None:
        path = QPainterPath()
        path.addPolygon(list(points))
        is_line = mode is QPaintEngine.PolygonDrawMode.PolylineMode
        if not is_line:
            path.closeSubpath()
            is_odd = mode is QPaintEngine.PolygonDrawMode.OddEvenMode
            rule = Qt.FillRule.OddEvenFill if is_odd else Qt.FillRule.WindingFill
            path.setFillRule(rule)
        self.drawPath(path)

    def drawPixmap(
        self, target: QRectF | QRect, pixmap: QPixmap | QImage, source: QRectF | QRect
    ) -> None:
        image = pixmap.toImage() if isinstance(pixmap, QPixmap) else pixmap
        self.drawImage(target, image, source)

    def drawImage(
        self,
        target: QRectF | QRect,
        image: QImage,
        source: QRectF | QRect,
        flags: Qt.ImageConversionFlag = Qt.ImageConversionFlag.AutoColor,
    ) -> None:
        painter = self.painter()
        place = painter.combinedTransform().mapRect(QRectF(target))
        self._add((place, image.copy(QRectF(source).toAlignedRect())), "")

    def _add(self, content: QPainterPath | tuple[QRectF, QImage], look: str) -> None:
        painter = self.painter()
        if painter.opacity() < 1.0:
            look += f' opacity="{_number(painter.opacity())}"'
        clip = self._clip if painter.hasClipping() else None
        self.marks.append(_Mark(content, look, clip))


def _element(mark: _Mark, clips: dict[str, int]) -> str:
    """Return the element of a mark, empty for none; `clips` maps clip paths to their numbers."""
    if isinstance(mark.content, QPainterPath):
        shape = _path(mark.content)
        if not shape:
            return ""
        element = f'<path d="{shape}"{mark.look}'
    else:
        element = _image(*mark.content) + mark.look
    if mark.clip is not None:
        number = clips.setdefault(_path(mark.clip), len(clips))
        element += f' clip-path="url(#clip{number})"'
    return element + "/>"


def _image(place: QRectF, image: QImage) -> str:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    data = b64encode(buffer.data().data()).decode("ascii")
    values = {"x": place.x(), "y": place.y(), "width": place.width(), "height": place.height()}
    where = " ".join(f'{name}="{_number(value)}"' for name, value in values.items())
    return f'<image {where} preserveAspectRatio="none" xlink:href="data:image/png;base64,{data}"'


_NOTHING = ' fill="none"'


def _fill(brush: QBrush, path: QPainterPath) -> str:
    """Return the attributes of a plain brush; Qt converts any other to images."""
    if brush.style() is Qt.BrushStyle.NoBrush:
        return _NOTHING
    is_odd = path.fillRule() is Qt.FillRule.OddEvenFill
    return _colour("fill", brush.color()) + (' fill-rule="evenodd"' if is_odd else "")


def _stroke(pen: QPen, transform: QTransform) -> str:
    is_nothing = pen.brush().style() is Qt.BrushStyle.NoBrush or pen.color().alpha() == 0
    if is_nothing or pen.style() is Qt.PenStyle.NoPen:
        return ""
    width = pen.widthF() or 1.0
    if not pen.isCosmetic():
        width *= sqrt(abs(transform.determinant()))
    text = _colour("stroke", pen.color()) + f' stroke-width="{_number(width)}"'
    text += _CAPS.get(pen.capStyle(), "") + _JOINS.get(pen.joinStyle(), "")
    if pen.style() is not Qt.PenStyle.SolidLine:
        dashes = " ".join(_number(length * width) for length in pen.dashPattern())
        text += f' stroke-dasharray="{dashes}"'
    return text


def _colour(name: str, colour: QColor) -> str:
    text = f' {name}="{colour.name()}"'
    return text if colour.alpha() == 255 else f'{text} {name}-opacity="{_number(colour.alphaF())}"'


def _path(path: QPainterPath) -> str:
    """Return the commands of a path; a subpath that ends where it started is closed."""
    words: list[str] = []
    start = last = (0.0, 0.0)
    for number in range(path.elementCount()):
        element = path.elementAt(number)
        point = element.x, element.y
        if element.type is _Element.MoveToElement:
            if words and start == last:
                words.append("Z")
            start = point
        if element.type in _COMMANDS:
            words.append(_COMMANDS[element.type])
        words.append(f"{_number(point[0])} {_number(point[1])}")
        last = point
    if words and start == last:
        words.append("Z")
    return " ".join(words)


def _number(value: float) -> str:
    """Return a number rounded to a hundredth of a pixel.

    >>> _number(2.0), _number(-0.001), _number(1 / 3)
    ('2', '0', '0.33')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
