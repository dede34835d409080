"""The frames in a part that an export may go on from: each is sealed when it is complete.

A seal is a digest of a frame's bytes and of what it shows. It tells a frame that is whole and
wanted from one that was cut short, is damaged, or was made by another recipe.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import final

from gui.export.staging.staged_output import CHECKSUMS, FRAME_NAME, remove


@final
class CompletedFrames:
    """The folder of a part, with the seals of its frames in a file among them.

    Parameters
    ----------
    folder : Path
        Nobody else may write it. What is none of the frames is removed.
    pictures : sequence of str
        What each frame is to show, to the last bit.
    """

    def __init__(self, folder: Path, pictures: Sequence[str]) -> None:
        self._folder = folder
        self._pictures = pictures
        self._remove_others()
        self._file = folder / CHECKSUMS
        self._seals: set[bytes] = set()
        with suppress(OSError):
            self._seals.update(self._file.read_bytes().split())

    def __len__(self) -> int:
        """Return how many frames there are; each that was looked at or written is complete."""
        with suppress(OSError):
            return sum(name != CHECKSUMS for name in os.listdir(self._folder))
        return 0

    def holds(self, number: int) -> bool:
        """Tell whether a frame is there, whole and the wanted one; if not, it is removed."""
        place = self._place(number)
        with suppress(OSError):
            if self._seal(number, place.read_bytes()) in self._seals:
                return True
        remove(place)
        return False

    def write(self, number: int, png: bytes) -> None:
        """Write a frame and seal it; if that fails, nothing of it is left."""
        place = self._place(number)
        try:
            place.write_bytes(png)
            with self._file.open("ab") as file:
                # A line that was cut short, when its writer was killed, ends here.
                file.write(b"\n" + self._seal(number, png))
        except OSError:
            remove(place)
            raise

    def _place(self, number: int) -> Path:
        return self._folder / FRAME_NAME.format(number)

    def _seal(self, number: int, png: bytes) -> bytes:
        picture = self._pictures[number].encode()
        return sha256(picture + b"\n" + png).hexdigest().encode()

    def _remove_others(self) -> None:
        known = {CHECKSUMS, *(FRAME_NAME.format(number) for number in range(len(self._pictures)))}
        with os.scandir(self._folder) as entries:
            for entry in list(entries):
                # A link would have another file written.
                if entry.name not in known or not entry.is_file(follow_symlinks=False):
                    remove(Path(entry))
