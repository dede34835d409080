"""The layout of the claims pane, its banner and its keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Outcome, measure
from gui.claims.banner import LINES, shortened
from gui.claims.browser import WIDTHS, ClaimsBrowser
from gui.claims.links import NO_EXPERIMENT
from gui.claims.measuring import ClaimMeasuring
from gui.claims.parts import LIST_SHARE
from gui.main_window import MainWindow
from gui.settings.settings import Settings
from gui.style.theme import THEMES
from tests.gui.windows import Open, act, wait_for_training

HALF = REGISTERED["rows-become-half-and-third"]
INDUCTION = REGISTERED["identical-units-stay-identical"]
PERCEPTRON = {"perceptron-and", "perceptron-clouds", "perceptron-rounding"}


@pytest.fixture(autouse=True)
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process measures nothing, so that tests are quick."""
    monkeypatch.setattr(ClaimMeasuring, "start", lambda self: None)


def as_expected(claim: Claim) -> Outcome:
    """What one would measure if every number lay in the middle of its interval."""
    return Outcome(claim, {name: sum(ends) / 2 for name, ends in claim.expected.items()})


def browser_of(window: MainWindow) -> ClaimsBrowser:
    assert window.claims.browser is not None
    return window.claims.browser


@pytest.fixture
def small(open_window: Open) -> MainWindow:
    """A window of the smallest usual size, with the claims."""
    window = open_window(settings=Settings(controls_shown=False))
    window.resize(1280, 720)
    act(window, "claims")
    QApplication.processEvents()
    return window


def bottom(browser: ClaimsBrowser, part: QWidget) -> int:
    """How far below the top of what is visible of the claim a part ends."""
    return part.mapTo(browser.detail.viewport(), part.rect().bottomLeft()).y()


def listed(browser: ClaimsBrowser) -> list[Claim]:
    return [browser.list.claim_of(item) for item in browser.list.rows() if not item.isHidden()]


def test_numbers_are_visible_without_scrolling(small: MainWindow) -> None:
    browser = browser_of(small)
    for claim in CLAIMS:
        browser.show_outcome(as_expected(claim))
    for real in (HALF, INDUCTION):
        browser.show_outcome(measure(real))
    seen = {}
    for claim in CLAIMS:
        browser.choose(claim)
        QApplication.processEvents()
        assert browser.detail.numbers.isVisible()
        end = bottom(browser, browser.detail.numbers)
        seen[claim.id] = 0 < end <= browser.detail.viewport().height()
    assert seen[HALF.id]
    assert seen[INDUCTION.id]
    assert sum(seen.values()) >= 0.9 * len(CLAIMS), [
        id for id, is_seen in seen.items() if not is_seen
    ]


def test_parts_of_a_claim_are_in_reading_order(small: MainWindow) -> None:
    browser = browser_of(small)
    browser.show_outcome(as_expected(INDUCTION))
    browser.choose(INDUCTION)
    QApplication.processEvents()
    detail = browser.detail
    parts = (detail.says, detail.verdict, detail.numbers, detail.hint, detail.links)
    ends = [bottom(browser, part) for part in parts]
    assert ends == sorted(set(ends))


def test_list_has_the_height_of_its_results(small: MainWindow) -> None:
    browser = browser_of(small)
    room = sum(browser.parts.sizes())
    assert browser.parts.sizes()[0] == round(room * LIST_SHARE)
    browser.search.setText(HALF.id)
    assert [claim.id for claim in listed(browser)] == [HALF.id]
    assert browser.parts.sizes()[0] < 0.15 * room
    browser.search.setText("")
    assert browser.parts.sizes()[0] == round(room * LIST_SHARE)


@pytest.mark.parametrize("width", [1280, 1920])
def test_rows_of_the_list_show_the_whole_sentence(small: MainWindow, width: int) -> None:
    browser = browser_of(small)
    small.resize(width, 720)
    QApplication.processEvents()
    metrics = browser.list.fontMetrics()
    lines = set()
    for item in browser.list.rows():
        row = browser.list.visualItemRect(item)
        room = row.adjusted(0, 0, -46, 1000)  # beside the icon, within the padding
        needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, item.text()).height()
        lines.add(needed // metrics.lineSpacing())
        assert row.height() >= needed + 10, item.text()
    assert {1, 2} <= lines
    assert browser.list.textElideMode() is Qt.TextElideMode.ElideNone


def test_wide_window_shows_wide_claims_in_larger_type(small: MainWindow) -> None:
    browser = browser_of(small)
    assert browser.width() == WIDTHS[0]
    size = browser.list.font().pixelSize()
    small.resize(1920, 1080)
    QApplication.processEvents()
    assert 480 <= browser.width() <= WIDTHS[1]
    assert browser.list.font().pixelSize() > size
    act(small, "theme_dark")
    assert browser.list.font().pixelSize() > size
    small.resize(3000, 1080)
    QApplication.processEvents()
    assert browser.width() == WIDTHS[1]


def test_search_includes_condition_reason_and_experiments(small: MainWindow) -> None:
    browser = browser_of(small)
    browser.search.setText("perceptron")
    found = {claim.id for claim in listed(browser)}
    assert found >= {claim.id for claim in CLAIMS if PERCEPTRON & set(claim.shown)}
    for words in (HALF.id, HALF.when, HALF.reason, HALF.text.value, "Zero for ever, or (0.5"):
        browser.search.setText(words)
        assert HALF in listed(browser), words
        assert len(listed(browser)) < len(CLAIMS)
    browser.search.setText("no such word")
    assert listed(browser) == []


def test_names_of_texts_fit_and_tool_tips_are_complete(small: MainWindow) -> None:
    box = browser_of(small).text_filter
    for row in range(1, box.count()):
        box.setCurrentIndex(row)
        assert box.fontMetrics().horizontalAdvance(box.currentText()) < box.width() - 36
        assert box.toolTip() == f"The {box.currentData().value}"


def test_keys_move_from_the_search_to_the_results(small: MainWindow, qtbot: QtBot) -> None:
    browser = browser_of(small)
    browser.search.setFocus()
    QTest.keyClick(browser.search, Qt.Key.Key_Down)
    assert browser.list.hasFocus()
    assert browser.list.currentItem() is browser.list.rows()[0]
    before = small.document.experiment
    browser.search.setText(HALF.id)
    browser.search.setFocus()
    QTest.keyClick(browser.search, Qt.Key.Key_Return)
    wait_for_training(small, qtbot)
    assert small.document.experiment is not before
    assert small.player.index == HALF.shown["half-and-third"]
    assert browser.list.claim_of(browser.list.currentItem()) is HALF
    browser.search.setText("no such word")
    browser.search.setFocus()
    QTest.keyClick(browser.search, Qt.Key.Key_Return)
    assert browser.search.hasFocus()


def test_link_to_the_shown_experiment_is_marked(small: MainWindow) -> None:
    browser = browser_of(small)
    browser.choose(INDUCTION)

    def marked() -> list[str]:
        names = [f"show_{name}" for name in INDUCTION.shown]
        labels = [browser.detail.findChild(QLabel, name) for name in names]
        return [
            label.objectName()
            for label in labels
            if label is not None and label.property("chosen") and "on the stage" in label.text()
        ]

    assert marked() == []
    small.open_file("induction")
    assert marked() == ["show_induction"]
    small.open_file("constant-tanh-xor")
    assert marked() == ["show_constant-tanh-xor"]


def test_claim_without_an_experiment_says_so(small: MainWindow) -> None:
    browser = browser_of(small)
    alone = next(claim for claim in CLAIMS if not claim.shown)
    browser.choose(alone)
    links = browser.detail.links
    assert links.caption == NO_EXPERIMENT
    assert not [label for label in links.findChildren(QLabel) if "href" in label.text()]
    browser.choose(HALF)
    assert links.caption != NO_EXPERIMENT
    assert [label for label in links.findChildren(QLabel) if "href" in label.text()]


def test_banner_shows_the_claim_while_the_pane_is_hidden(small: MainWindow, qtbot: QtBot) -> None:
    browser, banner = browser_of(small), small.claims.banner
    browser.show_outcome(as_expected(HALF))
    browser.choose(HALF)
    act(small, "controls")
    assert not banner.isVisible()  # it was chosen, and nothing was opened
    act(small, "claims")
    browser.open_item(browser.list.currentItem())
    wait_for_training(small, qtbot)
    assert not banner.isVisible()  # the pane shows it
    act(small, "controls")
    assert banner.isVisible()
    assert HALF.says in banner.text
    assert f"It holds when {HALF.when}." in banner.text
    assert HALF.break_it in banner.label.text()
    act(small, "reseed")  # to follow the hint is to change the experiment
    assert banner.isVisible()
    small.open_file("zero-vs-random")
    assert not banner.isVisible()
    act(small, "undo")
    assert banner.isVisible()
    back = banner.findChild(QPushButton, "claim_banner_back")
    assert back is not None
    browser.choose(INDUCTION)
    back.click()
    assert browser.isVisible()
    assert browser.list.claim_of(browser.list.currentItem()) is HALF
    assert not banner.isVisible()
    act(small, "claims")
    assert banner.isVisible()
    close = banner.findChild(QToolButton, "claim_banner_close")
    assert close is not None
    close.click()
    assert not banner.isVisible()
    act(small, "claims")
    act(small, "claims")
    assert not banner.isVisible()


def test_leaving_full_screen_shows_the_claims(small: MainWindow, qtbot: QtBot) -> None:
    browser, banner = browser_of(small), small.claims.banner
    browser.choose(HALF)
    browser.open_item(browser.list.currentItem())
    wait_for_training(small, qtbot)
    act(small, "full_screen")
    assert banner.isVisible()
    back = banner.findChild(QPushButton, "claim_banner_back")
    assert back is not None
    back.click()
    assert not small.isFullScreen()
    assert browser.isVisible()


@pytest.mark.parametrize("width", [420, 560, 900, 1900])
def test_banner_has_at_most_two_lines_with_the_hint(
    small: MainWindow, qtbot: QtBot, width: int
) -> None:
    banner = small.claims.banner
    banner.setParent(None)
    qtbot.addWidget(banner)
    banner.show()
    banner.resize(width, 60)
    for claim in CLAIMS:
        banner.show_claim(claim, as_expected(claim))
        label = banner.label
        lines = label.heightForWidth(label.width()) / label.fontMetrics().lineSpacing()
        assert lines < LINES + 0.5, claim.id
        assert banner.text in label.toolTip()
        if width >= 900:
            assert "…" not in label.text().partition("break it:")[2]
    banner.set_theme(THEMES["dark"])
    assert THEMES["dark"].accent in banner.label.text()


def test_shortened_cuts_the_verdict_first_and_the_hint_last() -> None:
    parts = ("One two.", "It holds.", "Do it now.")
    assert shortened(parts, lambda text: True) == parts
    assert shortened(parts, lambda text: len(text) < 38) == ("One …", "…", "Do it now.")
    assert shortened(parts, lambda text: len(text) < 30) == ("…", "…", "Do it …")
