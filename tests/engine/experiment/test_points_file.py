"""CSV files of points as people save them, and the line that is named where one is wrong."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.experiment.points_file import format_points, parse_points, parse_table, read_points
from engine.experiment.specs import MAX_EXAMPLES
from engine.nn.datasets import Data

POINTS = ((-1.0, 0.5, 1.0), (2.0, -3e-3, 0.0))


@pytest.mark.parametrize(
    "text",
    [
        "x1,x2,y\n-1,0.5,1\n2,-3e-3,0\n",
        "x1,x2,y\r\n-1,0.5,1\r\n2,-3e-3,0",
        "x1;x2;y\n-1;0,5;1\n2;-3e-3;0\n",
        "x1;x2;y\n-1;0.5;1\n2;-0,003;0\n",
        "x1\tx2\ty\n-1\t0.5\t1\n2\t-3e-3\t0\n",
        ' "x1" , x2, y\n\n -1 , "0.5" , 1\n2,-3e-3,0\n\n \n',
        "-1,0.5,1\n2,-3e-3,0\n",
        "\n-1;0,5;1\n2;-3e-3;0\n",
        "x1,x2,y\r-1,0.5,1\r2,-3e-3,0\r",
    ],
)
def test_common_csv_dialects_are_read(text: str) -> None:
    assert parse_points(text) == POINTS


def test_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(b"\xef\xbb\xbfx1;x2;y\r\n-1;0,5;1\r\n2;-0,003;0\r\n")
    assert read_points(file) == POINTS


@given(st.lists(st.tuples(*[st.floats(-1e12, 1e12)] * 3), min_size=1))
def test_numbers_are_read_bit_exactly(points: list[tuple[float, float, float]]) -> None:
    text = "a,b,c\n" + "".join(",".join(map(repr, point)) + "\n" for point in points)
    assert repr(parse_points(text)) == repr(tuple(points))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "points: has no points"),
        ("x1,x2,y\n", "points: has no points"),
        ("1,2,0\n3,x,1\n", "line 2: column 2: 'x' is not a number"),
        ("x1,2,y\n3,4,1\n", "line 1: column 1: 'x1' is not a number"),
        ("x1,x2,y\n1,2,0\n1,2\n", "line 3: expected 3 columns as in line 1, got 2"),
        ("\nx1,x2,y\n1,2,3,4\n", "line 3: expected 3 columns as in line 2, got 4"),
        ("x1,x2,y\n1,2,1e300\n", "line 2: column y: '1e300' is beyond 10¹²"),
        ("a," * 2048 + "y\n", "line 1: 2,049 columns; at most 2,048 can be read"),
        (("1," * 1999 + "0\n") * 1001, "line 1001: more than 2,000,000 numbers"),
        ("x1,x2,y\n\n1,two,0\n", "line 3: column x2: 'two' is not a number"),
        ("x1,x2,y\n1,,0\n", "line 2: column x2: '' is not a number"),
        ("x1,x2,y,\n1,2,0,\n", "line 2: column 4: '' is not a number"),
        ("x1,x2,y\n1,2,nan\n", "line 2: column y: 'nan' is not a finite number"),
        ("x1,x2,y\n1,1e999,0\n", "line 2: column x2: '1e999' is not a finite number"),
        ("x1,x2,y\n1,1_0,0\n", "line 2: column x2: '1_0' is not a number"),
        ("x1,x2,y\n1,٣,0\n", "line 2: column x2: '٣' is not a number"),
        ("x1,x2,y\n0,5,1,0\n", "line 2: expected 3 columns"),
        ('x1,x2,y\n1,"2,0\n', "line 2: "),
        ("x1,x2,y\n" + "1,2,0\n" * (MAX_EXAMPLES + 1), "line 100002: more than 100,000 points"),
        ("x1,x2,y\n" + "1" * 200_000 + ",2,0\n", "line 2: "),
    ],
)
def test_error_names_the_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_points(text)
    assert str(caught.value).startswith("points")
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


def test_words_are_labels_but_not_inputs() -> None:
    table = parse_table("x1;x2;class\n0,5;1;a\n2;3;-1\n", labels=1)
    assert table == (("x1", "x2", "class"), ((0.5, 1.0, "a"), (2.0, 3.0, -1.0)))
    with pytest.raises(UsageError, match="line 2: column x2: 'b' is not a number"):
        parse_table("x1,x2,y\n1,b,a\n", labels=1)
    with pytest.raises(UsageError, match="line 2: column y: '' is not a number"):
        parse_table("x1,x2,y\n1,2,\n", labels=1)


@pytest.mark.parametrize(
    ("header", "columns", "row"),
    [
        ("y,x1,x2", ("x1", "x2", "y"), (2, 3, 1)),
        (" X2,y , X1", ("X1", "X2", "y"), (3, 1, 2)),
        ("y2,y1,x", ("x", "y1", "y2"), (3, 2, 1)),
        ("y,weight,height", ("weight", "height", "y"), (2, 3, 1)),
        # Not all of them are ours: as they stand.
        ("x2,weight,x1", ("x2", "weight", "x1"), (1, 2, 3)),
        ("x,y,label", ("x", "y", "label"), (1, 2, 3)),
        ("y,x,label", ("y", "x", "label"), (1, 2, 3)),
        ("x1,y,label", ("x1", "y", "label"), (1, 2, 3)),
        ("x3,x1,x2", ("x3", "x1", "x2"), (1, 2, 3)),
        ("x٢,x1,y", ("x٢", "x1", "y"), (1, 2, 3)),
    ],
)
def test_columns_are_ordered_by_name(
    header: str, columns: tuple[str, ...], row: tuple[int, ...]
) -> None:
    table = parse_table(f"{header}\n1,2,3\n")
    assert table.columns == columns
    assert table.rows == (tuple(float(value) for value in row),)


def test_written_table_has_a_header_and_shortest_numbers() -> None:
    data = Data(np.array([[0.1, -0.0], [1e-300, 2.0]]), np.array([[0.0, 1.0], [1.0, 0.0]]))
    text = "x1,x2,y1,y2\n0.1,1e-300,0.0,1.0\n-0.0,2.0,1.0,0.0\n"
    assert format_points(data) == text


@given(st.text(st.sampled_from('x1,;\t."\n\r-e\0 é'), max_size=40))
def test_arbitrary_text_raises_only_usage_errors(text: str) -> None:
    try:
        points = parse_points(text)
    except UsageError:
        return
    assert points
