"""Cyclic garbage, collected in the thread of Qt's objects only.

Python collects it in whichever thread happens to allocate, and a scene's items that die in another
thread than Qt's bring the process down. So whoever has a thread holds automatic collection, and
collects what is due by hand. So does who makes such items: where others die while pyqtgraph makes
one, the process comes down too.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

_holders: WeakSet[object] = WeakSet()


def hold(holder: object) -> None:
    """Let Python collect nothing of its own accord until the holder releases it."""
    _holders.add(holder)
    gc.disable()


def release(holder: object) -> None:
    """Let Python collect again, unless somebody else holds it."""
    _holders.discard(holder)
    if not _holders:
        gc.enable()


@contextmanager
def held(holder: object) -> Iterator[None]:
    """Let Python collect nothing of its own accord within this context."""
    hold(holder)
    try:
        yield
    finally:
        release(holder)


@contextmanager
def loading() -> Iterator[None]:
    """Take nothing for garbage that is there after this context, as long as the program runs.

    What modules make are a hundred thousand objects. To look through them, while they are loaded
    or time and again after that, keeps the window waiting and finds nothing.
    """
    with held(gc):
        yield
        gc.freeze()


def collect_what_is_due() -> None:
    """Collect, in this thread, the generations that Python would have collected by now."""
    due = [
        generation
        for generation, (count, most) in enumerate(
            zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if count > most
    ]
    if due:
        gc.collect(max(due))
