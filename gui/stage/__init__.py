"""The stage: the graphics scene of panels, its layout, and when it is drawn."""
