"""Fuzzes a reader, guided by coverage: `python -m tests.fuzzing experiment 600` (seconds).

New findings that reach further are added to a folder that is thrown away; `--keep` puts the few
that together reach as far into the corpus beside this file.
"""

import sys
import tempfile
from pathlib import Path

import atheris

LONGEST = 20_000
SECONDS_PER_INPUT = 10
MEGABYTES = 2000

with atheris.instrument_imports(include=["engine", "gui", "csv", "msgspec"]):
    from tests.fuzzing.readers import CORPUS, READERS, try_reading


def main() -> None:
    """Fuzz until the time is over, or an input is found that is neither read nor refused."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    stored = CORPUS / name
    if name not in READERS or not stored.is_dir():
        raise SystemExit(f"known readers: {', '.join(READERS)}")
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder)
        options = [
            *(f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-print_final_stats=1"),
            *(f"-timeout={SECONDS_PER_INPUT}", f"-rss_limit_mb={MEGABYTES}"),
            f"-artifact_prefix={tempfile.gettempdir()}/fuzzing-{name}-",
        ]
        folders = [str(stored), str(found)] if "--keep" in sys.argv else [str(found), str(stored)]
        merging = ["-merge=1"] if "--merge" in sys.argv else []
        atheris.Setup(
            [sys.argv[0], *options, *merging, *folders], lambda data: try_reading(name, data)
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
