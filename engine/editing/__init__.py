"""Functions that take an experiment and return an edited one."""
