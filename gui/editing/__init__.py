"""What is changed by hand on the stage: weights, the network, the data."""
