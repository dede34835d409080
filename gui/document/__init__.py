"""The document: opening, saving, recovery, and importing data."""
