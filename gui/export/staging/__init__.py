"""Folders of frames that are written beside their target, and resumed after a failure."""
