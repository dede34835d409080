"""What cannot be read is refused in one sentence that names the line and the remedy."""

from pathlib import Path

import pytest

from engine import UsageError
from engine.io.text_file import MAX_BYTES
from engine.points import PointsFile, Skipped, read_points_file

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
MANY_WORDS = "x,label\n" + "".join(f"{n},w{n % 11}\n" for n in range(22))


def read(tmp_path: Path, content: str | bytes, **options: object) -> PointsFile:
    path = tmp_path / "points.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_points_file(path, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PNG, "a picture (PNG)"),
        (b"PK\x03\x04rest", "save the sheet as CSV UTF-8"),
        ("<!DOCTYPE html>\n<html></html>", "is a web page"),
        (POINTER, "git lfs pull"),
        ('[{"x": 1}]', "is JSON"),
        ("größe,y\n1,0\n".encode("latin-1"), "neither UTF-8 nor UTF-16"),
        (b"\x00\x01\x02\x03" * 50, "UTF-8"),
        ("", "has no points"),
        ("# only a comment\n", "has no points"),
        ("1\n2\n3\n", "has 1 column"),
        ("x1,x2,y\n", "has a header but no points below it"),
        ("x1,x2,y\n1,2,0\n1,2\n", "line 3: expected 3 columns as in line 1, got 2"),
        ("x1,x2,y\n1,2,0\n1,abc,1\n3,4,0\n5,6,1\n", "line 3: column x2: 'abc' is not a number"),
        ("x1,x2,y\n1,2,0\n1,inf,1\n", "line 3: column x2: 'inf' is not a finite number"),
        ("x1,x2,y\n1,2,0\n1,1e13,1\n", "is beyond 10¹²"),
        ("x1,x2,y\n1,2,0\n3,4,0\n", "column y has the same value in every row"),
        ("x1,x2,class\n1,2,a\n3,4,a\n", "has one class only, 'a'"),
        (MANY_WORDS, "has 11 different words; at most 10"),
        ("x1,x2,y\n1,,0\n3,4,1\n5,NA,1\n", "lines 2, 4: no value for x2"),
        ("x1,x2,y\n1,?,0\nNaN,3,1\n", "every row has empty cells"),
        ("a,b,class,label\n1,2,0,1\n3,4,1,0\n", "several columns can be the target"),
        ("a,b\nu,v\nu,w\n", "no column of numbers is left"),
        ("x1;x2;y\n1,234;1;0\n2,345;2;1\n", "'1,234' can be read in two ways"),
        (",".join(["1"] * 100_000) + "\n", "100,000 columns; at most 2,048"),
    ],
)
def test_refused(content: str | bytes, expected: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        read(tmp_path, content)
    message = str(raised.value)
    assert expected in message
    assert "\n" not in message
    assert message.startswith(str(tmp_path / "points.csv"))
    assert len(message) < 300


def test_gigabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(UsageError, match=f"larger than {MAX_BYTES // 2**20} MiB"):
        read_points_file(path)


def test_incomplete_rows_are_skipped_on_request(tmp_path: Path) -> None:
    found = read(tmp_path, "x1,x2,y\n1,,0\n3,4,1\n5,6,0\n", skip_incomplete=True)
    assert found.skipped == (Skipped(2, "no value for x2"),)
    assert found.points == ((3.0, 4.0, 1.0), (5.0, 6.0, 0.0))


def test_roles_can_be_chosen_by_name(tmp_path: Path) -> None:
    content = "a,b,c,d\n1,2,0,5\n3,4,1,7\n5,6,1,9\n"
    found = read(tmp_path, content, targets=["c"], inputs=["d", "a"])
    assert (found.inputs, found.targets) == (("d", "a"), ("c",))
    assert found.points[0] == (5.0, 1.0, 0.0)
    assert [each.column for each in found.dropped] == ["b"]
    with pytest.raises(UsageError, match='has no column "e"'):
        read(tmp_path, content, targets=["e"])
    with pytest.raises(UsageError, match="name the same column"):
        read(tmp_path, content, targets=["a"], inputs=["a", "b"])


def test_roles_can_be_chosen_by_number_without_a_header(tmp_path: Path) -> None:
    found = read(tmp_path, "1,0.5,2\n0,0.25,3\n", targets=["1"])
    assert found.points[0] == (0.5, 2.0, 1.0)


def test_inputs_far_from_standard_are_reported(tmp_path: Path) -> None:
    far = read(tmp_path, "a,b,y\n73.6,81.9,1\n32.0,62.6,0\n81.8,94.6,1\n")
    assert any("far from mean 0 and deviation 1" in note for note in far.notes)
    near = read(tmp_path, "a,b,y\n0.6,-1.9,1\n-1.0,0.6,0\n0.8,1.6,1\n")
    assert not near.notes
