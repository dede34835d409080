"""Writes the digests of the experiments that claims show, after an intended change."""

from engine.claims.catalogue import CLAIMS
from engine.claims.digests import write_table

if __name__ == "__main__":
    write_table(name for claim in CLAIMS for name in claim.shown)
