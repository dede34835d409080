"""A plugin of pytest: runs the tests listed in a file, by file in its order, and notes outcomes."""

import os
from pathlib import Path

import pytest

CHOSEN = "INITSCOPE_CHOSEN_TESTS"
"""The variable that names the file with one node id a line; without it, all tests run."""
NOTES = "INITSCOPE_TEST_NOTES"
"""The variable that names the file for a line `began ID` or `failed ID` of each test."""


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
    if NOTES in os.environ and not hasattr(config, "workerinput"):  # workers report to one process
        config.pluginmanager.register(_Notes(Path(os.environ[NOTES])))


class _Notes:
    """Notes every test that begins, and every test or file that fails."""

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
    """Return the file of a node id."""
    return id.partition("::")[0]
