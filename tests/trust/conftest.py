"""Fixtures that open windows, shared with the tests of the window."""

from tests.gui.conftest import open_window, window

__all__ = ["open_window", "window"]
