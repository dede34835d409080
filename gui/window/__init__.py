"""Actions of the window itself: dialogs, clipboard, side panes, full screen."""
