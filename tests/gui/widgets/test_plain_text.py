"""Notes of files as HTML: nothing to load, and in time that grows with their length alone."""

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.plain_text import CUT, MOST_CHARACTERS, MOST_LINES, harmless
from tests.growth import LINEAR, growth

KINDS = {
    "paragraphs": "x\n\n",
    "rows": "|1|2|\n",
    "code": "    x\n\n",
    "links": "[a](http://b) ",
    "items": "- a\n",
    "headings": "# a\n",
    "images": "![a](b)",
    "tags": "<body>",
}


@pytest.mark.parametrize("kind", KINDS)
def test_time_grows_linearly_with_the_notes(
    kind: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.widgets.plain_text.MOST_LINES", 10**9)
    monkeypatch.setattr("gui.widgets.plain_text.MOST_CHARACTERS", 10**9)
    start = "|a|b|\n|---|---|\n" if kind == "rows" else ""
    size = {"rows": 10, "links": 200}.get(kind, 40)  # Qt itself takes more for large tables
    assert growth(harmless, lambda count: start + KINDS[kind] * count, size) < LINEAR


def test_only_the_beginning_of_long_notes_is_shown(qtbot: QtBot) -> None:
    lines = harmless("\n\n".join(f"w{number}" for number in range(MOST_LINES)))
    assert "w1<" in lines
    assert f"w{MOST_LINES // 2 - 1}<" in lines
    assert f"w{MOST_LINES // 2}<" not in lines
    assert CUT in lines
    assert harmless("x" * 10 * MOST_CHARACTERS).count("x") <= MOST_CHARACTERS + 100
    assert CUT not in harmless("x\n\ny\n")
    assert CUT not in harmless("x" * MOST_CHARACTERS)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("a <body>b</body> c", "a &lt;body&gt;b&lt;/body&gt; c"),
        ("![a <body>](http://x/y.png)", "[a &lt;body&gt;]"),
        ("[words](http://x)", "words (http://x)"),
    ],
)
def test_what_could_be_loaded_is_shown_as_text(markdown: str, text: str, qtbot: QtBot) -> None:
    html = harmless(markdown)
    assert text in html
    assert "<img" not in html
    assert "href" not in html
    assert "<body" not in html
