"""Reads the recipe, the TOML text of an experiment, from a file exported by Initscope."""

import os
import re
from pathlib import Path

import av

from engine import UsageError
from engine.io.text_file import open_regular_file
from gui.export.formats.registry import ALL_FORMATS
from gui.export.formats.staged_folder import FRAME_NAME

_EXPERIMENT = re.compile(r"^format *= *\d", re.MULTILINE)
"""A line in the text of every experiment, but not in the comments of other programs."""


def read_recipe(path: Path) -> str:
    """Return the recipe in an exported file, or in a folder of exported frames.

    The format is recognised by the content of the file, not by its name.

    Raises
    ------
    UsageError
        If there is no such regular file, it is damaged, has no format of an export, or contains no
        recipe. The message begins with its name.
    InitscopeError
        If the system does not let it be read.
    """
    file = path
    if os.path.isdir(path):  # False for an impossible name
        file = path / FRAME_NAME.format(0)
        if os.access(path, os.X_OK) and not os.path.lexists(file):
            raise UsageError(f"{path}: is a folder without exported frames")
    with open_regular_file(file) as opened:
        head = opened.read(64)
        opened.seek(0)
        recognised = [
            each for each in ALL_FORMATS.values() if re.match(each.signature, head, re.DOTALL)
        ]
        if not recognised:
            known = ", ".join(suffix.lstrip(".") for suffix in ALL_FORMATS)
            raise UsageError(f"{path}: has none of the formats that Initscope exports ({known})")
        try:
            texts = recognised[0].texts(opened)
        except (ValueError, EOFError, av.FFmpegError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UsageError(f"{path}: is damaged: {reason[:1].lower()}{reason[1:]}") from None
    for text in texts:
        if _EXPERIMENT.search(text):
            return text
    raise UsageError(f"{path}: contains no experiment; Initscope did not export it")
