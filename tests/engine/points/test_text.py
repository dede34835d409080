"""Tables of points as people save them, and the line that is named where one is wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import UsageError
from engine.nn import Data
from engine.points import Point, decode, format_points, parse_points_file
from engine.points.reader import MAX_POINTS

POINTS = ((-1.0, 0.5, 1.0), (2.0, -3e-3, 0.0))


def parse_points(text: str) -> tuple[Point, ...]:
    return parse_points_file(decode(text.encode())).points


@pytest.mark.parametrize(
    "text",
    [
        "x1,x2,y\n-1,0.5,1\n2,-3e-3,0\n",
        "x1,x2,y\r\n-1,0.5,1\r\n2,-3e-3,0",
        "x1;x2;y\n-1;0,5;1\n2;-3e-3;0\n",
        "x1\tx2\ty\n-1\t0.5\t1\n2\t-3e-3\t0\n",
        ' "x1" , x2, y\n\n -1 , "0.5" , 1\n2,-3e-3,0\n\n \n',
        "-1,0.5,1\n2,-3e-3,0\n",
        "\n-1;0,5;1\n2;-3e-3;0\n",
        "x1,x2,y\r-1,0.5,1\r2,-3e-3,0\r",
    ],
)
def test_common_dialects_are_read(text: str) -> None:
    assert parse_points(text) == POINTS


@given(st.lists(st.tuples(*[st.floats(-1e12, 1e12)] * 2, st.booleans()), min_size=2))
def test_numbers_are_read_bit_exactly(rows: list[tuple[float, float, bool]]) -> None:
    points = [(a, b, float(c)) for a, b, c in [*rows, (0.0, 0.0, True), (0.0, 0.0, False)]]
    text = "a,b,y\n" + "".join(",".join(map(repr, point)) + "\n" for point in points)
    assert repr(parse_points(text)) == repr(tuple(points))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x1,x2,y\n1,2,0\n1,2\n", "line 3: expected 3 columns as in line 1, got 2"),
        ("x1,x2,y\n0,0,1\n1,2,1e300\n", "line 3: column y: '1e300' is beyond 10¹²"),
        (("1," * 1999 + "0\n") * 1001, "more than 2,000,000 numbers"),
        ("x1,x2,y\n1,1e999,0\n1,2,1\n", "'1e999' is not a finite number"),
        ("x1,x2,y\n1,1_0,0\n2,2,1\n3,4,0\n", "'1_0' is not a number"),
        ("x1,x2,y\n1,2,0\n0,5,1,0\n3,4,1\n", "line 3: expected 3 columns"),
        ("x1,x2,y\n" + "1,2,0\n" * (MAX_POINTS + 1), "more than 100,000 points"),
    ],
)
def test_error_names_the_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_points(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


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
