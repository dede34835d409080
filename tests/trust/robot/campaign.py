"""Performs sequences of actions, checks the invariants, and shrinks what fails."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import thread_time
from typing import NamedTuple

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.trust.robot import commands, form, opening, pointing
from tests.trust.robot.actions import ACTIONS
from tests.trust.robot.faults import Fault, collecting, fault_of
from tests.trust.robot.heartbeat import Heartbeat
from tests.trust.robot.invariants import check_always, check_at_rest
from tests.trust.robot.session import Session
from tests.trust.robot.shrinking import shrink

__all__ = ["Failure", "Step", "commands", "form", "perform", "pointing", "random_steps", "search"]

EPISODE = 80
"""The number of actions in one window."""
FREEZE = 20
"""An event loop is frozen if it is busy for more than this many plain redraws without a turn."""
WAIT = 100
"""The same, if it waits: as other programs make it do, too, on a machine that is busy."""
HURRY = 0.8
"""How often the next action comes immediately while something is typed or trained."""
REDRAWS = 3
LEAST_REDRAW = 0.025
"""Seconds, of a whole picture; what a small window copies from its caches is no measure."""
FROZEN = "the window is frozen"
END = "end"
"""The name of what is done after the last step: everything is undone."""


class Step(NamedTuple):
    """An action, and the seed of its parameters."""

    name: str
    seed: int


class Failure(NamedTuple):
    """What failed, and after which steps; `said` are the parameters of the actions."""

    fault: Fault
    steps: list[Step]
    said: list[str]

    def script(self) -> str:
        """Return a script that repeats the steps in a new window."""
        steps = zip(self.steps, self.said, strict=True)
        lines = [f"    ({step.name!r}, {step.seed}),  # {said}" for step, said in steps]
        return "\n".join(
            [
                "from tests.trust.robot.campaign import replay",
                "",
                f"# {str(self.fault).splitlines()[0]}",
                "replay([",
                *lines,
                "])",
            ]
        )


def random_steps(rng: Random, count: int) -> list[Step]:
    """Return random steps, each action as often as its weight says."""
    weights = [weight for _, weight in ACTIONS.values()]
    names = rng.choices(list(ACTIONS), weights, k=count)
    return [Step(name, rng.randrange(10**6)) for name in names]


def perform(steps: Sequence[Step]) -> Failure | None:
    """Perform steps in a new window; return the first failure."""
    with TemporaryDirectory(prefix="robot-") as name, collecting() as faults:
        folder = Path(name)
        opening.write_files(folder)
        said: list[str] = []
        done: list[Step] = []
        session = Session(folder)
        try:
            _start(session, steps[0].seed if steps else 0)
            redraw = _seconds_of_redraw(session)
            for step in steps:
                done.append(step)
                said.append("")
                _take(session, step, faults, said, redraw)
                if session.is_closed:
                    return None
            done.append(Step(END, 0))
            said.append("")
            session.answer_all()
            session.rest()
            commands.to_start(session)
            _raise_first(faults)
        except Fault as fault:
            return Failure(fault, done, said)
        except Exception as error:
            return Failure(fault_of(error), done, said)
        finally:
            session.close()
    return None


def replay(steps: Sequence[tuple[str, int]]) -> None:
    """Perform steps, and raise the fault that they lead to."""
    from gui.app import make_application

    make_application()
    failure = perform([Step(*each) for each in steps if each[0] != END])
    if failure is not None:
        raise failure.fault


def search(seed: int, actions: int, on_failure: Callable[[int, Failure], object]) -> int:
    """Perform random actions in one window after the other; return their number.

    `on_failure` is called with the number of actions so far and each failure.
    """
    rng, done = Random(seed), 0
    while done < actions:
        steps = random_steps(rng, min(EPISODE, actions - done))
        failure = confirmed(perform(steps))
        done += len(failure.steps) if failure else len(steps)
        if failure:
            on_failure(done, failure)
    return done


def confirmed(failure: Failure | None) -> Failure | None:
    """Return a failure, but a freeze only if it happens again: other programs cause some."""
    if failure is None or not failure.fault.kind.startswith(FROZEN):
        return failure
    again = perform([step for step in failure.steps if step.name != END])
    return again if again is not None and again.steps == failure.steps else None


def _start(session: Session, seed: int) -> None:
    """Wait for the first picture, mostly."""
    if seed % 4:
        session.rest()
    else:
        QTest.qWait(seed % 40)


def _take(
    session: Session, step: Step, faults: list[Fault], said: list[str], redraw: float
) -> None:
    """Take a step, let the window work for a while, and check what must be true."""
    rng = session.rng
    rng.seed(step.seed)
    heartbeat = Heartbeat()
    try:
        modal, popup = QApplication.activeModalWidget(), QApplication.activePopupWidget()
        if popup is not None:
            said[-1] = commands.answer_popup(session, popup) + "; "
        elif modal is not None:
            said[-1] = commands.answer_dialog(session, modal) + "; "
        if QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None:
            said[-1] += ACTIONS[step.name][0](session)
        _raise_first(faults)
        is_at_rest = _pause(session)
    finally:
        heartbeat.stop()
    _raise_first(faults)
    if session.is_closed:
        return
    check_always(session)
    if is_at_rest:
        check_at_rest(session)
    _raise_first(faults)
    if heartbeat.busy > FREEZE * redraw or heartbeat.waiting > WAIT * redraw:
        now = _seconds_of_redraw(session)
        if heartbeat.busy > FREEZE * now or heartbeat.waiting > WAIT * now:
            times = (
                f"{heartbeat.busy:.2f} s busy of {heartbeat.waiting:.2f} s; a redraw {now:.3f} s"
            )
            raise Fault(f"{FROZEN} in {heartbeat.place}", times)


def _pause(session: Session) -> bool:
    """Wait for nothing, for a while or for the end of the work; return whether that has come."""
    rng = session.rng
    choice = rng.random()
    if choice < (HURRY if session.typed or session.window.trainer.is_training else 0.4):
        QTest.qWait(rng.choice([0, 0, 5, 40]))
        return False
    return choice < 0.95 and session.rest(rng.choice([0.2, 1.0]))


def _seconds_of_redraw(session: Session) -> float:
    """Return how long a plain redraw of the stage takes now, without what others use."""
    started = thread_time()
    for _ in range(REDRAWS):
        session.window.view.grab()
    return max((thread_time() - started) / REDRAWS, LEAST_REDRAW)


def _raise_first(faults: list[Fault]) -> None:
    if faults:
        raise faults[0]


def shortest(failure: Failure) -> Failure | None:
    """Return the failure of the shortest steps found; None if it does not happen again."""
    found: list[Failure] = []

    def fails(steps: Sequence[Step]) -> bool:
        again = perform(steps)
        if again is not None and again.fault.kind == failure.fault.kind:
            found.append(again)
            return True
        return False

    steps = [step for step in failure.steps if step.name != END]
    if not any(fails(steps) for _ in range(3)):
        return None
    shrink(steps, fails)
    return found[-1]
