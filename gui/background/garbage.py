"""Collects cyclic garbage only in the thread of Qt's objects.

Python collects garbage in any thread that allocates, and items of a scene that are deleted in
another thread than Qt's end the process. So code that runs a thread holds automatic collection and
collects explicitly. Code that makes items does the same, because the process also ends if other
items are deleted while pyqtgraph makes one.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

_holders: WeakSet[object] = WeakSet()


def hold(holder: object) -> None:
    """Disable automatic collection until the holder releases it."""
    _holders.add(holder)
    gc.disable()


def release(holder: object) -> None:
    """Enable automatic collection, unless another holder holds it."""
    _holders.discard(holder)
    if not _holders:
        gc.enable()


@contextmanager
def held(holder: object) -> Iterator[None]:
    """Disable automatic collection within this context."""
    hold(holder)
    try:
        yield
    finally:
        release(holder)


@contextmanager
def loading() -> Iterator[None]:
    """Exclude the objects that exist after this context from collection.

    Modules make a hundred thousand objects. Traversing them, during the imports or later, delays
    the window and finds no garbage.
    """
    with held(gc):
        yield
        gc.freeze()


def collect_what_is_due() -> None:
    """Collect, in this thread, the generations that automatic collection would have collected."""
    due = [
        generation
        for generation, (count, most) in enumerate(
            zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if count > most
    ]
    if due:
        gc.collect(max(due))
