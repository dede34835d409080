"""The perceptron study: Rosenblatt's rule, sample by sample, for several learning rates."""
