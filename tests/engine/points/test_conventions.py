"""Files in the conventions of other programs are read as they are meant."""

from pathlib import Path

import pytest

from engine.points import read_points_file
from tests.engine.points.files import FILES


@pytest.mark.parametrize("name", FILES)
def test_file_is_read_as_meant(name: str, tmp_path: Path) -> None:
    content, expected, first = FILES[name]
    path = tmp_path / "points.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    read = read_points_file(path)
    found = read.as_dict()
    found["dropped"] = [each.column for each in read.dropped]
    assert {key: found[key] for key in expected} == expected
    assert read.points[0] == first
