"""Open the program's window, print its state as JSON once it shows a trained experiment, and exit.

A script, to be run in the folder of the program with the words of its command line.
"""

import json
import sys
from pathlib import Path

FRAME = 9
"""Pixels by which a window's frame may be off the screen: windows are placed without it."""


def look() -> None:
    """Tell of the window and close it, if it is there and its experiment is trained."""
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow

    for window in QApplication.topLevelWidgets():
        if not isinstance(window, MainWindow) or window.scene is None:
            continue
        if window.isVisible() and not window.trainer.is_training:
            free = window.screen().availableGeometry().adjusted(-FRAME, -FRAME, FRAME, FRAME)
            reported = {
                "platform": QGuiApplication.platformName(),
                "on_screen": free.contains(window.frameGeometry()),
                "size": [window.width(), window.height()],
            }
            print(json.dumps(reported))
            window.close_without_asking()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))

    from PySide6.QtCore import QTimer

    import main
    from gui.app import make_application

    application = make_application()
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    sys.exit(main.main(sys.argv[1:]))
