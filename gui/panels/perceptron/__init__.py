"""The panels of the perceptron study."""
