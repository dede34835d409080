"""The claims browser, and the measurement of claims in a child process."""
