"""The complete frames in a staged folder, from which an interrupted export continues.

The checksum of a frame is computed from its bytes and from what it shows. It distinguishes a
complete frame of this export from one that was cut off, is damaged, or shows something else.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import final

from engine.io.staged_output import remove
from gui.export.staging.staged_folder import CHECKSUMS, FRAME_NAME


@final
class CompletedFrames:
    """A staged folder, with the checksums of its frames in one of its files.

    Parameters
    ----------
    folder : Path
        No other process may write it. Files that are not frames are removed.
    pictures : sequence of str
        For each frame, a text that determines its pixels.
    """

    def __init__(self, folder: Path, pictures: Sequence[str]) -> None:
        self._folder = folder
        self._pictures = pictures
        known = {CHECKSUMS, *(FRAME_NAME.format(number) for number in range(len(pictures)))}
        with os.scandir(folder) as entries:
            for entry in list(entries):
                # Writing through a link would change another file.
                if entry.name not in known or not entry.is_file(follow_symlinks=False):
                    remove(Path(entry))
        self._file = folder / CHECKSUMS
        self._checksums: set[bytes] = set()
        with suppress(OSError):
            self._checksums.update(self._file.read_bytes().split())

    def __len__(self) -> int:
        """Return the number of frames; each that was checked or written is complete."""
        with suppress(OSError):
            return sum(name != CHECKSUMS for name in os.listdir(self._folder))
        return 0

    def has(self, number: int) -> bool:
        """Return whether a frame is there and complete; if it is not complete, remove it."""
        path = self._path(number)
        with suppress(OSError):
            if self._checksum(number, path.read_bytes()) in self._checksums:
                return True
        remove(path)
        return False

    def write(self, number: int, png: bytes) -> None:
        """Write a frame and its checksum; if that fails, remove the frame."""
        path = self._path(number)
        try:
            path.write_bytes(png)
            with self._file.open("ab") as file:
                # The newline ends a line that was cut off when its writer was killed.
                file.write(b"\n" + self._checksum(number, png))
        except OSError:
            remove(path)
            raise

    def _path(self, number: int) -> Path:
        return self._folder / FRAME_NAME.format(number)

    def _checksum(self, number: int, png: bytes) -> bytes:
        picture = self._pictures[number].encode()
        return sha256(picture + b"\n" + png).hexdigest().encode()
