"""The claims browser lists, measures, filters and opens claims."""

import dataclasses
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument, QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Outcome, Text, Verdict, measure
from engine.errors import UsageError
from gui.background import child_process
from gui.claims import links
from gui.claims.browser import ClaimsBrowser
from gui.claims.measuring import ClaimMeasuring
from gui.claims.numbers import numbers_table, short
from gui.main_window import MainWindow
from gui.settings.settings import Settings
from gui.style.theme import THEMES
from tests.gui.windows import Open, act, wait_for_training

HALF = REGISTERED["rows-become-half-and-third"]
FALSE = REGISTERED["randn-takes-a-shape"]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process measures nothing, so that tests are quick."""
    monkeypatch.setattr(ClaimMeasuring, "start", lambda self: None)


@pytest.fixture
def browser(qtbot: QtBot, unmeasured: None) -> ClaimsBrowser:
    browser = ClaimsBrowser(THEMES["light"])
    qtbot.addWidget(browser)
    browser.resize(336, 700)
    browser.show()
    return browser


def shown(browser: ClaimsBrowser) -> list[str]:
    items = [item for item in browser.list.rows() if not item.isHidden()]
    return [browser.list.claim_of(item).id for item in items]


def choose(browser: ClaimsBrowser, id: str) -> None:
    row = [claim.id for claim in CLAIMS].index(id)
    browser.list.setCurrentRow(row)


def said(browser: ClaimsBrowser) -> str:
    inside = browser.detail
    labels = (inside.says, inside.verdict, inside.trouble, inside.numbers, inside.hint)
    texts = (each.text() for each in labels if not each.isHidden())
    return QTextDocumentFragment.fromHtml("<br>".join(texts)).toPlainText()


def test_every_claim_is_listed_and_found(browser: ClaimsBrowser) -> None:
    assert shown(browser) == [claim.id for claim in CLAIMS]
    browser.search.setText(HALF.says.upper())
    assert shown(browser) == [HALF.id]
    browser.search.setText("")
    browser.text_filter.setCurrentIndex(browser.text_filter.findData(Text.BLOG))
    assert set(shown(browser)) == {claim.id for claim in CLAIMS if claim.text is Text.BLOG}
    assert browser.count.text() == f"{len(shown(browser))} of {len(CLAIMS)}"


def test_verdicts_are_the_measured_ones(browser: ClaimsBrowser) -> None:
    fails = browser.verdict_filter.findData(Verdict.FAILS)
    browser.verdict_filter.setCurrentIndex(fails)
    assert shown(browser) == []
    browser.show_outcome(measure(FALSE))
    assert shown(browser) == [FALSE.id]
    choose(browser, FALSE.id)
    assert "It does not hold." in said(browser)
    assert FALSE.break_it in said(browser)


def test_claim_shows_its_numbers_once_measured(browser: ClaimsBrowser) -> None:
    choose(browser, HALF.id)
    assert "Measuring …" in said(browser)
    outcome = measure(HALF)
    browser.show_outcome(outcome)
    text = said(browser)
    assert f"It {outcome.phrase}." in text
    for name, value in outcome.measured.items():
        assert name in text
        assert short(value) in text


def test_each_number_is_on_one_line_with_its_interval() -> None:
    claim = dataclasses.replace(
        HALF, right={"a large number": (1e12, 1e24)}, wrong={"a loss below 1e-3": (-1.0, -0.5)}
    )
    outcome = Outcome(claim, {"a large number": 1e15, "a loss below 1e-3": -0.75})
    document = QTextDocument()
    document.setHtml(numbers_table(outcome, THEMES["light"]))
    cells = [cell.strip() for cell in document.toPlainText().replace("\xa0", " ").splitlines()]
    at = cells.index("a large number")
    assert cells[at : at + 3] == ["a large number", "1·10¹⁵", "1·10¹² … 1·10²⁴"]
    at = cells.index("a loss below 1·10⁻³")
    assert cells[at + 1 : at + 3] == ["−0.75", "−1 … −0.5"]
    assert THEMES["light"].alarm not in document.toHtml()


def test_differing_and_unmeasured_claims_are_reported(browser: ClaimsBrowser) -> None:
    choose(browser, HALF.id)
    measured = dict(measure(HALF).measured)
    name = next(iter(HALF.expected))
    browser.show_outcome(Outcome(HALF, {**measured, name: 99.0}))
    assert "The stated verdict is: holds when" in said(browser)
    assert THEMES["light"].alarm in browser.detail.numbers.text()
    browser.show_outcome(Outcome(HALF, {}, "x.toml: there is no such file"))
    assert "Not measured." in said(browser)
    assert "x.toml: there is no such file." in said(browser)


def test_missing_experiment_is_shown_without_a_link(
    browser: ClaimsBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str) -> None:
        raise UsageError(f"{name}.toml: there is no such file")

    monkeypatch.setattr(links, "built_in", gone)
    choose(browser, HALF.id)
    link = browser.detail.findChild(QLabel, "show_half-and-third")
    assert link is not None
    assert link.toolTip() == "half-and-third.toml: there is no such file"
    assert "href" not in link.text()


def test_click_opens_the_experiment_at_its_frame(
    open_window: Open, qtbot: QtBot, unmeasured: None
) -> None:
    window = open_window(settings=Settings(controls_shown=True))
    window.resize(1280, 760)
    act(window, "claims")
    assert not window.controls.isVisible()  # there is room for one of them
    browser = window.claims.browser
    assert browser is not None
    choose(browser, HALF.id)
    item = browser.list.currentItem()
    assert item is not None
    browser.list.scrollToItem(item)
    place = browser.list.visualItemRect(item).center()
    QTest.mouseClick(browser.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    wait_for_training(window, qtbot)
    assert window.windowTitle().startswith("Zero for ever, or (0.5, 0.3)? Both")
    assert window.player.index == HALF.shown["half-and-third"]
    other = browser.detail.findChild(QLabel, "show_zero-sigmoid-half-and-third")
    assert other is not None
    browser.detail.ensureWidgetVisible(other)
    QTest.mouseClick(other, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    wait_for_training(window, qtbot)
    assert window.player.index == HALF.shown["zero-sigmoid-half-and-third"]
    window.player.seek(3)
    QTest.mouseClick(other, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))  # it is open already
    assert window.player.index == HALF.shown["zero-sigmoid-half-and-third"]
    act(window, "theme_dark")
    act(window, "controls")
    assert not window.claims.isVisible()


def test_missing_experiment_leaves_the_window_unchanged(window: MainWindow) -> None:
    before = window.scene
    window.open_at("no-such-experiment", 7)
    assert "no-such-experiment" in window.message
    assert window.scene is before
    assert window.player.index == 0


def test_claim_measuring_reads_the_claims_that_the_command_measures(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command measures two claims here; its own test measures all of them."""
    program = tmp_path / "main.py"
    program.write_text(
        f"""import sys
sys.path.insert(0, {str(ROOT)!r})
import main
from engine.claims.claim import REGISTERED, measure
from gui.cli import claims
claims.measure_all = lambda: map(measure, map(REGISTERED.get, {[HALF.id, FALSE.id]}))
sys.exit(main.main(sys.argv[1:]))
""",
        "utf-8",
    )
    monkeypatch.setattr(child_process, "program_command", lambda: [sys.executable, str(program)])
    process = ClaimMeasuring()
    outcomes: list[Outcome] = []
    process.measured.connect(outcomes.append)
    with qtbot.waitSignal(process.finished, timeout=20_000) as ended:
        process.start()
    assert ended.args == [""]
    assert outcomes == [measure(HALF), measure(FALSE)]
    assert all(outcome.agrees for outcome in outcomes)


def test_a_failed_measurement_is_reported(
    qtbot: QtBot, browser: ClaimsBrowser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    broken = tmp_path / "main.py"
    broken.write_text("raise SystemExit('initscope: there is no numpy')")
    command = [sys.executable, str(broken)]
    monkeypatch.setattr(child_process, "program_command", lambda: command)
    with qtbot.waitSignal(browser.measuring.finished, timeout=20_000):
        browser.measuring.start()
    assert browser.problem.text() == "there is no numpy"
    assert browser.problem.isVisible()
    command[0] = str(tmp_path / "nowhere")
    with qtbot.waitSignal(browser.measuring.finished, timeout=20_000):
        browser.measuring.start()
    assert "the measurement of the claims cannot be started" in browser.problem.text()


def test_closing_the_window_stops_the_measuring(open_window: Open) -> None:
    window = open_window()
    act(window, "claims")
    assert window.claims.browser is not None
    assert window.claims.browser.measuring.is_running
    window.close_without_asking()
    assert not window.claims.browser.measuring.is_running
