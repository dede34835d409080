"""The variance study: sums of n products of weights and inputs."""
