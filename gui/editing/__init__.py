"""Editing with mouse and keyboard on the stage: parameters, layers, data."""
