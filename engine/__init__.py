"""The engine: experiments, networks, training, studies and claims, with NumPy and without Qt."""
