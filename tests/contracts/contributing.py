"""The Python examples of CONTRIBUTING.md, and a copy of the program that contains them."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARKER = re.compile(r"^# New .* go above this line\.$", re.MULTILINE)
IGNORED = (".git", ".venv", ".*_cache", "fuzzing", "benchmarks")


@dataclass(frozen=True)
class Example:
    """A block of Python, and the file that it belongs to.

    Attributes
    ----------
    section : str
        The heading above it, without the file.
    file : str
        A path in the repository; empty if neither the heading nor the line above names one.
    code : str
    """

    section: str
    file: str
    code: str

    @property
    def defined(self) -> str:
        """The name of the class or function that the block defines first."""
        match = re.search(r"^(?:class|def) (\w+)", self.code, re.MULTILINE)
        assert match is not None
        return match[1]

    @property
    def entry(self) -> str:
        """The name of the entry in experiment files and menus."""
        match = re.search(r'tag="([^"]+)"|^    name = "([^"]+)"', self.code, re.MULTILINE)
        return (match[1] or match[2]) if match else self.defined


def examples(text: str | None = None) -> list[Example]:
    """Return the examples in CONTRIBUTING.md, or in another text, in their order."""
    if text is None:
        text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found, section, file, before = [], "", "", ""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("##"):
            section, _, rest = line.lstrip("# ").partition(" — ")
            file = _path(rest)
        elif line == "```python":
            block = list(iter(lines.__next__, "```"))
            found.append(Example(section, _path(before) or file, "\n".join(block) + "\n"))
        if line.strip():
            before = line
    return found


def python_example(class_name: str) -> str:
    """Return the example that defines a class."""
    (code,) = (each.code for each in examples() if f"class {class_name}(" in each.code)
    return code


def _path(text: str) -> str:
    match = re.match(r"`([\w/]+\.py)`", text)
    return match[1] if match else ""


def extended_program(folder: Path, added: Sequence[Example]) -> Path:
    """Copy the program into a folder, and add each example to its file.

    An example comes above the line "# New … go above this line." if the file has one, and at the
    end otherwise. A file that does not exist is created.
    """
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*IGNORED))
    for example in added:
        file = folder / example.file
        file.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        marker = MARKER.search(text)
        place = marker.start() if marker else len(text)
        parts = text[:place].rstrip("\n"), example.code, text[place:]
        file.write_text("\n\n\n".join(filter(None, parts)), encoding="utf-8")
    return folder
