"""Work outside the event loop: the trainer, background calls, garbage collection."""
