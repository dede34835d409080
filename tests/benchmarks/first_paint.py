"""Opens a window in a new process, prints when it has been painted, and exits.

`python -m tests.benchmarks.first_paint program` opens the program as main.py does, and says later
when the networks are painted, too; with `plots` it is a bare window of six plots.
"""

import os
import sys
from typing import TYPE_CHECKING, final

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from gui.main_window import MainWindow

PAINTED = "painted"
NETWORKS_PAINTED = "networks painted"


def open_program() -> None:
    """Go main.py's own way to the window, and look on from where its event loop begins."""
    import main

    run = QApplication.exec
    watching = []

    def watch_and_run(application: QApplication) -> int:
        from gui.main_window import MainWindow

        for widget in application.topLevelWidgets():
            if isinstance(widget, MainWindow):
                watching.append(_ProgramWatch(widget))
        return run()

    setattr(QApplication, "exec", watch_and_run)  # noqa: B010, mypy allows no other way
    main.main([])


def open_plots(width: int, height: int) -> None:
    """Open six bare plots."""
    from tests.benchmarks.plain_plots import PlainPlots

    application = QApplication(["plots"])
    plots = PlainPlots(width, height)
    plots.widget.show()
    watch = _Watch(plots.widget.viewport())  # it covers the window
    application.exec()
    del watch


class _Watch(QObject):
    """Says when a window has first been painted, and ends the process."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # The children are painted with the window, before the event loop continues.
            QTimer.singleShot(0, self.on_painted)
        return False

    @Slot()
    def on_painted(self) -> None:
        _say(PAINTED)
        os._exit(0)


@final
class _ProgramWatch(_Watch):
    """Waits for the networks, too."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def on_painted(self) -> None:
        size = self._window.size()
        _say(f"{PAINTED} {size.width()} {size.height()}")
        if self._window.scene is None:
            self._window.trainer.started.connect(self._on_began)
        else:
            self._on_networks_painted()

    @Slot(object)
    def _on_began(self, comparison: object) -> None:
        # Connected after the window, so they are on the stage now, and painted with its update.
        QTimer.singleShot(0, self._on_networks_painted)

    @Slot()
    def _on_networks_painted(self) -> None:
        self._window.repaint()
        _say(NETWORKS_PAINTED)
        os._exit(0)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "program":
        open_program()
    else:
        open_plots(int(sys.argv[2]), int(sys.argv[3]))
