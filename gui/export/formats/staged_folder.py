"""A folder of frames that is written beside its target, and that a failed export may leave.

The complete frames in it, from which the next export continues, are known by their checksums. A
checksum is computed from the bytes of a frame and from what it shows. It distinguishes a complete
frame of this export from one that was cut off, is damaged, or shows something else.
"""

import os
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import final

from engine import InitscopeError
from engine.io.staged_output import StagedOutput, check_target, remove, stale_outputs

FRAME_NAME = "frame_{:06d}.png"
"""The name of a frame in a folder of frames, counted from 0."""
CHECKSUMS = "sha256sums"
"""The file in a staged folder that says which frames are complete; the target does not have it."""
_FRAME_PATTERN = re.compile(r"frame_[0-9]{6,}\.png")


@final
class StagedFolder(StagedOutput):
    """A staged folder of frames. Of existing folders, it replaces only those of frames.

    Parameters
    ----------
    target : str or Path
    overwrite : bool
    resume : bool
        Whether to continue with the folder that an earlier export left, and to leave this one if
        it is discarded with complete frames. Only where folders can be locked.
    """

    def __init__(
        self, target: str | Path, *, overwrite: bool = False, resume: bool = False
    ) -> None:
        self._resume = resume
        super().__init__(target, overwrite=overwrite)

    def _stage(self) -> tuple[Path, int | None]:
        left = self._adopt() if self._resume else None
        made = left or super()._stage()
        self._resume = self._resume and made[1] is not None
        return made

    def _adopt(self) -> tuple[Path, int] | None:
        """Lock a folder that an export to the same target left; return it and its lock."""
        for path, lock in stale_outputs(self._target):
            if path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK):
                return path, lock
            os.close(lock)
        return None

    def _check_kind(self) -> Path:
        target = Path(os.path.realpath(self._named))
        if not target.is_dir():
            return check_target(self._named)
        # The check of a new file in the same folder says whether the parent is writable.
        check_target(target.with_name(secrets.token_hex(8)))
        if self._overwrite and not all(
            _FRAME_PATTERN.fullmatch(entry.name) and entry.is_file() for entry in target.iterdir()
        ):
            raise InitscopeError(
                f"cannot write {self._named}: it is a folder that contains more than exported "
                "frames; choose another name"
            )
        return target

    def _make(self, path: Path) -> None:
        path.mkdir()

    def _move(self) -> Path | None:
        (self.path / CHECKSUMS).unlink(missing_ok=True)
        # Not the name of a staged output: an older target is never taken for a stale one.
        older = self._target.with_name(f"{self.path.name}.old")
        exists = self._target.exists()
        if exists:
            os.rename(self._target, older)
        try:
            os.rename(self.path, self._target)
        except OSError:
            if exists:
                os.rename(older, self._target)
            raise
        return older if exists else None

    def _can_be_resumed(self) -> bool:
        with suppress(OSError):
            names = {entry.name for entry in self.path.iterdir()}
            return self._resume and CHECKSUMS in names and names != {CHECKSUMS}
        return False


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
