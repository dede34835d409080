"""After an intended change of an experiment that a claim shows: write its digest anew."""

from engine.claims.catalogue import CLAIMS
from engine.claims.digests import write_table

if __name__ == "__main__":
    write_table(name for claim in CLAIMS for name in claim.shown)
