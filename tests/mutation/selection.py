"""A pytest plugin that selects the tests listed in a file and records failures."""

import os
from pathlib import Path
from typing import final

import pytest

CHOSEN = "INITSCOPE_CHOSEN_TESTS"
"""Environment variable: path of a file with one node id per line. If unset, all tests run.

Test files run in the order in which they first appear.
"""
NOTES = "INITSCOPE_TEST_NOTES"
"""Environment variable: path of a file that receives lines `began ID` and `failed ID`."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CHOSEN not in os.environ:
        return
    chosen = Path(os.environ[CHOSEN]).read_text(encoding="utf-8").splitlines()
    ranks: dict[str, int] = {}
    for id in chosen:
        ranks.setdefault(file_of(id), len(ranks))
    wanted = set(chosen)
    left_out = [item for item in items if item.nodeid not in wanted]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item.nodeid in wanted]
    items.sort(key=lambda item: ranks[file_of(item.nodeid)])


def pytest_configure(config: pytest.Config) -> None:
    if NOTES in os.environ and not hasattr(
        config, "workerinput"
    ):  # only the controller of pytest-xdist
        config.pluginmanager.register(_Notes(Path(os.environ[NOTES])))


@final
class _Notes:
    """Records every test that starts, and every test or file that fails."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "setup":
            self._note("began", report.nodeid)
        if report.failed:
            self._note("failed", report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._note("failed", report.nodeid)

    def _note(self, what: str, id: str) -> None:
        with self._path.open("a", encoding="utf-8") as notes:
            notes.write(f"{what} {id}\n")


def file_of(id: str) -> str:
    """Return the file part of a node id."""
    return id.partition("::")[0]
