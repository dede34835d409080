"""Signals, where they must wait."""

import os
import signal
from collections.abc import Iterator

import pytest

from gui.process.exit_codes import SignalReceived, stop_on_signals, stopping_between_steps


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    stop_on_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
def test_a_signal_waits_for_the_next_step() -> None:
    steps = []
    with pytest.raises(SignalReceived) as stopped, stopping_between_steps() as stop_if_asked:  # noqa: PT012
        stop_if_asked()
        os.kill(os.getpid(), signal.SIGTERM)
        steps.append("goes on")
        stop_if_asked()
        steps.append("too far")
    assert steps == ["goes on"]
    assert stopped.value.args == (signal.SIGTERM,)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
def test_afterwards_signals_stop_at_once_again() -> None:
    with stopping_between_steps():
        pass
    with pytest.raises(SignalReceived):
        os.kill(os.getpid(), signal.SIGINT)
