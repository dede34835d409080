"""The robot: it notices each kind of fault, shrinks it, and finds none in the program."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication, QWidget

from tests.processes import processes
from tests.trust.programs import ROOT
from tests.trust.robot import campaign
from tests.trust.robot.actions import ACTIONS, Action
from tests.trust.robot.campaign import Failure, Step, perform, random_steps, search, shortest
from tests.trust.robot.session import Session
from tests.trust.robot.shrinking import shrink

SEED = int(os.environ.get("ROBOT_SEED", "0"))


@settings(max_examples=30)
@given(st.sets(st.integers(0, 39)), st.integers(1, 40))
def test_what_is_shrunk_contains_what_fails_and_no_more(needed: set[int], count: int) -> None:
    needed = {each for each in needed if each < count}
    calls = 0

    def fails(items: Sequence[int]) -> bool:
        nonlocal calls
        calls += 1
        return needed <= set(items)

    assert shrink(range(count), fails) == sorted(needed)
    assert calls < 40 * 40


def test_steps_are_determined_by_the_seed() -> None:
    assert random_steps(Random(1), 50) == random_steps(Random(1), 50)
    assert {step.name for step in random_steps(Random(1), 3000)} == set(ACTIONS)


def raise_in_a_slot(session: Session) -> str:
    def fail() -> None:
        raise ZeroDivisionError("planted")

    QTimer.singleShot(0, fail)
    return ""


def warn(session: Session) -> str:
    qWarning("planted")
    return ""


def leak(session: Session) -> str:
    session.left = QWidget()  # type: ignore[attr-defined]
    session.left.show()  # type: ignore[attr-defined]
    return ""


def freeze(session: Session) -> str:
    ends = time.thread_time() + 1.0
    while time.thread_time() < ends:
        pass
    return ""


def rename_the_window(session: Session) -> str:
    session.window.setWindowTitle("another")
    return ""


def change_history(session: Session) -> str:
    session.seen[0] = session.seen[0].replace(title="another")
    return ""


PLANTED: dict[str, tuple[Action, str]] = {
    "exception": (raise_in_a_slot, "ZeroDivisionError"),
    "warning": (warn, "Qt: planted"),
    "leak": (leak, "a top-level widget is leaked"),
    "freeze": (freeze, "the window is frozen"),
    "title": (rename_the_window, "the title is of another experiment"),
    "undo": (change_history, "undo to the start does not give the first experiment"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_found_and_shrunk(
    kind: str, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    function, text = PLANTED[kind]
    monkeypatch.setitem(ACTIONS, "planted", (function, 0))
    steps = [*random_steps(Random(3), 4), Step("planted", 1), *random_steps(Random(4), 2)]
    found = perform(steps)
    assert found is not None
    assert found.fault.kind.startswith(text)
    least = shortest(found)
    assert least is not None
    assert [step.name for step in least.steps if step.name != campaign.END] == ["planted"]
    assert "replay([\n    ('planted', 1)" in least.script()


def run(actions: int, on_failure: Callable[[int, Failure], object]) -> None:
    assert search(SEED, actions, on_failure) >= actions


@pytest.mark.slow
def test_300_random_actions_find_no_fault(qapp: QApplication) -> None:
    found: list[str] = []

    def report(_: int, failure: Failure) -> None:
        found.append(f"{failure.fault}\n{(shortest(failure) or failure).script()}")

    run(300, report)
    assert not found, "\n\n".join(found)


@pytest.mark.soak
def test_10_000_random_actions_find_no_fault(tmp_path: Path) -> None:
    """In a process of its own, which may crash."""
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.trust.robot", str(SEED), "10000"]
    process = processes.start(
        [*command, "--shrink"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = process.communicate(timeout=7200)[0]
    print(output)
    assert process.returncode == 0
