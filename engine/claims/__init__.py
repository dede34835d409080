"""Claims: statements of textbooks about first weights, measured."""
