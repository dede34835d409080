"""Reads the examples of CONTRIBUTING.md, which the contract tests run."""

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def python_example(class_name: str) -> str:
    """Return the Python code block that defines a class."""
    blocks = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    (block,) = (block for block in blocks if f"class {class_name}(" in block)
    return str(block)
