"""The explanation card, and what opens it."""
