"""Training: gradient descent, recordings, diagnostics and events."""
