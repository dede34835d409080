"""The browser shows what the attack on a claim found, and opens its experiments."""

import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocumentFragment
from pytestqt.qtbot import QtBot

from engine.claims.catalogue import CLAIMS
from engine.claims.claim import REGISTERED, Claim, Outcome
from engine.claims.reports import Report
from engine.library.built_ins import built_in
from engine.library.experiment_file import format_experiment
from gui.background import child_process
from gui.claims import browser as module
from gui.claims.attack_result import PENDING
from gui.claims.browser import ClaimsBrowser
from gui.claims.measuring import ATTACK_SECONDS, ClaimAttack, ClaimMeasuring
from gui.style.theme import THEMES
from tests.gui.windows import Open, act, wait_for_training

ATTACKED, OTHER = REGISTERED["zero-does-not-learn"], REGISTERED["randn-takes-a-shape"]
CLOSE = tuple(format_experiment(built_in(name)) for name in ("zero-tanh-xor", "zero-tanh-and"))
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The child processes that were started; none of them is, so that tests are quick."""
    names: list[str] = []
    monkeypatch.setattr(ClaimMeasuring, "start", lambda self: names.append("measuring"))
    monkeypatch.setattr(ClaimAttack, "start", lambda self: names.append("attack"))
    monkeypatch.setattr(module, "stored_reports", dict)
    return names


@pytest.fixture
def browser(qtbot: QtBot) -> ClaimsBrowser:
    browser = ClaimsBrowser(THEMES["light"])
    qtbot.addWidget(browser)
    browser.show()
    return browser


def said(browser: ClaimsBrowser) -> str:
    return QTextDocumentFragment.fromHtml(browser.detail.attack.text()).toPlainText()


def measured(browser: ClaimsBrowser, claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        numbers = {name: sum(ends) / 2 for name, ends in claim.expected.items()}
        browser.show_outcome(Outcome(claim, numbers))


def test_report_says_how_many_experiments_were_checked(browser: ClaimsBrowser) -> None:
    browser.choose(ATTACKED)
    assert said(browser).startswith(f"{PENDING} Trainings from zero")
    browser.show_report(ATTACKED.id, Report(2314, (), CLOSE))
    assert said(browser).startswith(
        "Checked on 2,314 experiments, none contradicts it. Trainings from zero: every data set"
    )
    assert said(browser).endswith("Closest calls: open 1 · open 2")
    assert THEMES["light"].alarm not in browser.detail.attack.text()
    browser.set_theme(THEMES["dark"])
    assert THEMES["dark"].accent in browser.detail.attack.text()


def test_counterexamples_are_shown_in_the_colour_of_alarm(browser: ClaimsBrowser) -> None:
    browser.choose(ATTACKED)
    browser.show_report(ATTACKED.id, Report(9, CLOSE[:1], CLOSE[1:]))
    assert said(browser).startswith("Checked on 9 experiments: 1 or more contradict it.")
    assert said(browser).endswith("Counterexamples: open 1")
    assert THEMES["light"].alarm in browser.detail.attack.text()


def test_claim_that_is_not_attacked_says_why(browser: ClaimsBrowser) -> None:
    browser.choose(OTHER)
    assert said(browser) == f"Not attacked. {OTHER.attack}"
    browser.show_report(ATTACKED.id, Report(9))
    assert said(browser).startswith("Not attacked. ")


def test_link_opens_the_closest_call_and_undo_returns(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    act(window, "claims")
    browser, before = window.claims.browser, window.document.experiment
    assert browser is not None
    browser.choose(ATTACKED)
    browser.show_report(ATTACKED.id, Report(9, (), CLOSE))
    browser.detail.attack.linkActivated.emit("closest:1")
    wait_for_training(window, qtbot)
    assert window.document.experiment == built_in("zero-tanh-and")
    act(window, "undo")
    assert window.document.experiment == before


def test_attack_follows_the_measurement_unless_it_is_stored(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, started: list[str]
) -> None:
    for stored, expected in (
        ({}, ["measuring", "attack"]),
        ({ATTACKED.id: Report(5)}, ["measuring"]),
    ):
        monkeypatch.setattr(module, "stored_reports", lambda stored=stored: stored)
        browser = ClaimsBrowser(THEMES["light"])
        qtbot.addWidget(browser)
        browser.show()
        browser.measuring.finished.emit("")  # as if it was stopped
        measured(browser, CLAIMS)
        browser.measuring.finished.emit("")
        assert started == expected
        started.clear()
        browser.choose(ATTACKED)
        assert said(browser).startswith("Checked on 5 exp" if stored else PENDING)


def test_attack_process_reads_the_reports_of_the_command(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command reports on one claim here, without an attack and without a measurement."""
    monkeypatch.undo()
    program = tmp_path / "main.py"
    program.write_text(
        f"""import sys
sys.path.insert(0, {str(ROOT)!r})
import main
from engine.claims.reports import Report
from gui.cli import claims
claims.attack_all = lambda seconds, *_: {{{ATTACKED.id!r}: Report(int(seconds), (), ("text",))}}
claims.measure_all = None
sys.exit(main.main(sys.argv[1:]))
""",
        "utf-8",
    )
    monkeypatch.setattr(child_process, "program_command", lambda: [sys.executable, str(program)])
    process = ClaimAttack()
    reports: dict[str, Report] = {}
    process.attacked.connect(reports.__setitem__)
    with qtbot.waitSignal(process.finished, timeout=20_000) as ended:
        process.start()
    assert ended.args == [""]
    assert reports == {ATTACKED.id: Report(ATTACK_SECONDS, (), ("text",))}
