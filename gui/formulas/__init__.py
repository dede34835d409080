"""Typeset mathematics: formulas, and sheets of formulas and text."""
