"""The numerical engine of Initscope: experiments, training, recordings. NumPy only, no Qt."""
