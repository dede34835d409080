"""Explanations: how one number of a frame comes about, in symbols and in this frame's numbers."""
