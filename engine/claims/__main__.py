"""Writes the digests of the experiments that claims show, after an intended change."""

from engine.claims import digests
from engine.claims.catalogue import CLAIMS
from engine.io.staged_output import write_text

if __name__ == "__main__":
    write_text(digests.TABLE, digests.table_of(name for claim in CLAIMS for name in claim.shown))
