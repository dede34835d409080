"""The examples of CONTRIBUTING.md fulfil every contract in a copy of the program."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.contracts.contributing import Example, examples, extended_program

PLACES = (
    "engine/nn/initializers.py",
    "engine/nn/activations.py",
    "engine/nn/losses.py",
    "engine/nn/datasets.py",
)
ADDED = [example for example in examples() if example.file in PLACES]
TESTS = (
    "tests/contracts/test_entries.py",
    "tests/engine/nn",
    "tests/gui/controls/test_controls.py",
)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run the contract tests of the added entries in a copy; return their failures by test."""
    copy = extended_program(tmp_path_factory.mktemp("extended") / "program", ADDED)
    report = copy / "report.xml"
    chosen = " or ".join([*(example.entry for example in ADDED), "registries", "rounding"])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-k", chosen, f"--junitxml={report}", *TESTS]
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_ADDOPTS"}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert report.exists(), done.stdout + done.stderr
    return {
        case.get("name", ""): "\n".join(
            str(child.text) for child in case if child.tag in ("failure", "error")
        )
        for case in ElementTree.parse(report).iter("testcase")
    }


def test_every_kind_of_entry_has_an_example() -> None:
    assert {example.file for example in ADDED} == set(PLACES)


@pytest.mark.slow
@pytest.mark.parametrize("example", ADDED, ids=lambda example: str(example.entry))
def test_example_fulfils_every_contract(example: Example, outcomes: dict[str, str]) -> None:
    of_entry = {test: failure for test, failure in outcomes.items() if example.entry in test}
    assert len(of_entry) >= 3
    failures = {test: failure for test, failure in of_entry.items() if failure}
    assert not failures, "\n".join(failures.values())


@pytest.mark.slow
def test_contracts_that_name_no_entry_hold_in_the_copy(outcomes: dict[str, str]) -> None:
    failures = {test: failure for test, failure in outcomes.items() if failure}
    assert not failures, "\n".join(failures.values())
    assert any("JAX" in test for test in outcomes)


def test_examples_are_read_with_their_file_and_name() -> None:
    text = (
        '## Section — `a/b.py`\n\n```python\nclass A(tag="a-b"):\n    x = 1\n```\n'
        "`c/d.py` (or elsewhere):\n```python\ndef f(): ...\n```\n## Other — `folder/`\n"
        '```toml\nx = 1\n```\n```python\nclass Last:\n    name = "last"\n```\n'
    )
    found = [(each.section, each.file, each.defined, each.entry) for each in examples(text)]
    assert found == [
        ("Section", "a/b.py", "A", "a-b"),
        ("Section", "c/d.py", "f", "f"),
        ("Other", "", "Last", "last"),
    ]


def test_extended_program_inserts_an_example_above_the_marker(tmp_path: Path) -> None:
    scheme = next(example for example in ADDED if example.file == PLACES[0])
    text = (extended_program(tmp_path / "copy", [scheme]) / scheme.file).read_text("utf-8")
    assert text.index(scheme.code) < text.index("# New schemes go above this line.")
