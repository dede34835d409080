"""Files of points: tables of text in the conventions of other programs, read in one way."""

from engine.points.decoding import decode
from engine.points.reader import (
    Point,
    PointsFile,
    Skipped,
    parse_points_file,
    read_points_file,
)
from engine.points.roles import Dropped

__all__ = [
    "Dropped",
    "Point",
    "PointsFile",
    "Skipped",
    "decode",
    "parse_points_file",
    "read_points_file",
]
