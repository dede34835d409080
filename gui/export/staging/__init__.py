"""Output that is written beside its target and moved into place when complete."""
