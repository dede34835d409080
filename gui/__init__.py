"""The Qt application: window, panels, playback, export and commands."""
