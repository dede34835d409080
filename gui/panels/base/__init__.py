"""The base classes of panels, and the items that panels are made of."""
