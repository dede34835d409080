"""The Qt shell of Initscope: window, panels, playback and export."""
