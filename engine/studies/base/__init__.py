"""The base class of studies, and their frames as a table."""
