"""Explanations: how one number of a frame is computed, in symbols and in numbers."""
