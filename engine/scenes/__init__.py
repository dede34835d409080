"""Scenes: what is played besides training, each a pure function of its experiment as well."""
