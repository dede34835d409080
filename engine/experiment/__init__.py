"""Experiments: the frozen specs they consist of, and their text as TOML."""
