"""The files of the program: assets and source text."""

import hashlib
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def asset(*parts: str) -> Path:
    """Return the path of a file or folder in `assets`.

    >>> asset("experiments", "digests.json").name
    'digests.json'
    """
    return _ROOT.joinpath("assets", *parts)


def source_digest(package: str) -> str:
    """Return a digest of the text of every Python file of a package, such as "engine"."""
    folder = _ROOT / package
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
