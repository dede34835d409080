"""Signals: deferred, and raised as an exception."""

import os
import signal
from collections.abc import Iterator

import pytest

from gui.process.signals import SignalReceived, deferred_signals, raise_on_signals


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    # A shell may start background processes with signals ignored.
    before = {number: signal.signal(number, signal.SIG_DFL) for number in numbers}
    raise_on_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
def test_deferred_signals_raise_at_the_next_check() -> None:
    steps = []
    with pytest.raises(SignalReceived) as stopped, deferred_signals() as check:  # noqa: PT012
        check()
        signal.raise_signal(signal.SIGTERM)
        steps.append("continues")
        check()
        steps.append("too far")
    assert steps == ["continues"]
    assert stopped.value.args == (signal.SIGTERM,)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
def test_signals_raise_immediately_after_deferred_signals() -> None:
    with deferred_signals():
        pass
    with pytest.raises(SignalReceived):
        signal.raise_signal(signal.SIGINT)
