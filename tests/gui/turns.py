"""A recorder of calls and of the turns of the event loop between them."""

from itertools import groupby
from typing import Any, final

import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QObject, Slot

TURN = "turn"


@final
class Turns(QObject):
    """Takes down calls by a word each, and between them the turns of the event loop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._monkeypatch = monkeypatch
        self.log: list[str] = []
        """The words, with `TURN` between those of different turns."""
        QAbstractEventDispatcher.instance().awake.connect(self._take_turn)

    @Slot()
    def _take_turn(self) -> None:
        self.take_down(TURN)

    def take_down(self, word: str) -> None:
        self.log.append(word)

    def note(self, owner: type, method: str, word: str) -> None:
        """Take down the calls of a method from now on."""
        called = getattr(owner, method)

        def noted(*arguments: Any) -> Any:
            self.take_down(word)
            return called(*arguments)

        self._monkeypatch.setattr(owner, method, noted)

    @property
    def calls(self) -> list[str]:
        """The words of all calls."""
        return [word for word in self.log if word != TURN]

    def most_in_one(self) -> int:
        """Return how many calls there were in one turn, at most."""
        spans = groupby(self.log, lambda word: word == TURN)
        return max((len(list(span)) for is_turn, span in spans if not is_turn), default=0)
