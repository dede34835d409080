"""The depth study: activations and gradients, layer by layer, in a deep network."""
