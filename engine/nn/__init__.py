"""Neural networks: activations, losses, initializers, data sets, forward and backward pass."""
