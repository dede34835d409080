"""Claims: statements of texts about first weights, measured."""
