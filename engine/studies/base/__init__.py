"""The base class of studies, and their registry."""
