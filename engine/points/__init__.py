"""Files of points: tables of text in the conventions of other programs, read in one way."""

from engine.points.decoding import decode
from engine.points.reader import (
    SUFFIXES,
    Point,
    PointsFile,
    Skipped,
    parse_points_file,
    read_points_file,
)
from engine.points.roles import Dropped
from engine.points.writer import format_points, write_points

__all__ = [
    "SUFFIXES",
    "Dropped",
    "Point",
    "PointsFile",
    "Skipped",
    "decode",
    "format_points",
    "parse_points_file",
    "read_points_file",
    "write_points",
]
