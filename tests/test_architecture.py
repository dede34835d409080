"""The rules of the architecture, read from the imports: main → gui.app → … → engine."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Set
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from gui.stage.catalogue import PANELS

ROOT = Path(__file__).parents[1]
MOST_LINES = 400
"""Of a file."""
MOST_LINES_OF_A_FUNCTION = 60
MOST_FILES_AT_THE_TOP = 6
"""Of `engine` and of `gui`, besides `__init__.py`."""
CODE_FOLDERS = {"engine", "gui", "tests"}
FOLDERS = CODE_FOLDERS | {"assets", ".ci"}
THREAD_NAMES = {"QThread", "QThreadPool", "QRunnable", "QtConcurrent"}
THREAD_MODULES = {"threading", "_thread", "concurrent.futures"}


@cache
def source_files() -> dict[str, Path]:
    """Every source file by the dotted name of its module; `gui/__init__.py` is `gui`."""
    files = [ROOT / "main.py", *(ROOT / "engine").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
        for file in files
        if file.exists()
    }


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(source_files()[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that `module` imports anywhere in its text, by their absolute names."""
    return frozenset(_imports(module))


def _imports(module: str) -> Iterator[str]:
    is_package = source_files()[module].name == "__init__.py"
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                parents = module.split(".")
                stored = parents[: len(parents) - node.level + is_package]
                source = ".".join([*stored, *filter(None, [source])])
            for alias in node.names:
                full = f"{source}.{alias.name}"
                is_module = full in source_files() or full in THREAD_MODULES
                yield full if is_module else source


def is_within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def within(*packages: str) -> list[str]:
    """Return the modules of packages, each of which must exist."""
    for package in packages:
        assert any(is_within(module, package) for module in source_files()), f"no {package}"
    return [module for module in source_files() if is_within(module, *packages)]


def arrows(sources: list[str], *targets: str, allowed: Set[str] = frozenset()) -> list[str]:
    """Return the imports from `sources` into `targets` as texts, except a module's of itself."""
    within(*(target for target in targets if target.split(".")[0] in ("engine", "gui", "main")))
    return [
        f"{source} -> {target}"
        for source in sources
        for target in sorted(imports(source))
        if is_within(target, *targets) and target not in allowed and target != source
    ]


def test_the_reader_of_imports_sees_the_program() -> None:
    assert "difflib" in imports("engine.errors")


def test_engine_imports_no_qt_and_no_gui() -> None:
    assert not arrows(within("engine"), "PySide6", "shiboken6", "pyqtgraph", "gui", "main")


def test_importing_the_engine_loads_no_qt_and_no_gui() -> None:
    program = (
        "import importlib, sys\n"
        f"for module in {within('engine')}: importlib.import_module(module)\n"
        "print(*sorted({'PySide6', 'shiboken6', 'pyqtgraph', 'gui'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_only_the_window_command_imports_the_app_and_nothing_imports_main() -> None:
    gui = [module for module in within("gui") if module != "gui.cli.window"]
    assert not arrows(gui, "gui.app")
    assert not arrows(within("gui"), "main")


def test_player_trainer_and_styles_know_no_picture() -> None:
    lower = within("gui.playback.player", "gui.background", "gui.style", "gui.process")
    assert not arrows(lower, "gui.stage", "gui.panels", "gui.export", "gui.main_window")


def test_panels_know_neither_one_another_nor_what_shows_them() -> None:
    panels = {panel.__module__ for panel in PANELS.values()}
    assert not arrows(within("gui.panels"), *panels)
    above = ("playback", "stage", "background.trainer", "export", "editing", "document", "controls")
    assert not arrows(within("gui.panels"), *(f"gui.{name}" for name in above))


def test_packages_import_their_own_modules_only() -> None:
    packages = [name for name, file in source_files().items() if file.name == "__init__.py"]
    others = {
        package: {target for target in imports(package) if not is_within(target, package)}
        for package in packages
    }
    assert not {package: targets for package, targets in others.items() if targets}


def test_module_imports_are_acyclic() -> None:
    graph = {
        source: {target for target in imports(source) if target in source_files()} - {source}
        for source in source_files()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def folder(module: str) -> str:
    is_package = source_files()[module].name == "__init__.py"
    return module if is_package else module.rpartition(".")[0]


def test_folder_imports_are_acyclic() -> None:
    graph: dict[str, set[str]] = {}
    for source in source_files():
        targets = {folder(target) for target in imports(source) if target in source_files()}
        graph.setdefault(folder(source), set()).update(targets - {folder(source)})
    TopologicalSorter(graph).prepare()


def test_few_files_are_at_the_top_of_a_package() -> None:
    for package in ("engine", "gui"):
        files = {file.name for file in (ROOT / package).glob("*.py")} - {"__init__.py"}
        assert len(files) <= MOST_FILES_AT_THE_TOP, sorted(files)


def test_every_folder_says_what_it_contains() -> None:
    for package in ("engine", "gui"):
        for file in (ROOT / package).rglob("*.py"):
            assert ast.get_docstring(ast.parse((file.parent / "__init__.py").read_text())), file


def test_imported_packages_are_declared_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    lines = [line for group in groups for line in group]
    declared = {line.split("==")[0].lower().replace("_", "-") for line in lines}
    distributions = packages_distributions()
    used = {target.split(".")[0] for source in source_files() for target in imports(source)}
    missing = {
        name
        for name in used - set(sys.stdlib_module_names) - {"engine", "gui", "main"}
        if not declared & {d.lower().replace("_", "-") for d in distributions.get(name, [])}
    }
    assert not missing


def test_threads_are_started_in_the_background_only() -> None:
    for module in within("gui"):
        if is_within(module, "gui.background"):
            continue
        assert not imports(module) & THREAD_MODULES, module
        assert not names(module) & THREAD_NAMES, module


def test_gui_neither_processes_events_nor_asks_for_the_sender() -> None:
    for module in within("gui"):
        assert not names(module) & {"processEvents", "sender"}, module


def test_painting_items_are_guarded() -> None:
    """An exception in `paint` may bring the process down; see gui/panels/base/item.py."""
    for module in set(within("gui")) - {"gui.panels.base.item"}:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ClassDef):
                methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
                bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
                is_item = any(re.fullmatch("QGraphics.*Item", base) for base in bases)
                assert not (is_item and "paint" in methods), f"{module}: {node.name} is no Item"


def test_signals_carry_concrete_types() -> None:
    for module in within("gui"):
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Signal", "Slot"):
                types = {ast.unparse(argument) for argument in node.args}
                assert "object" not in types, f"{module}: line {node.lineno}"


def names(module: str) -> set[str]:
    """Every attribute and every imported name that the text of `module` uses."""
    nodes = list(ast.walk(tree(module)))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.name for node in nodes if isinstance(node, ast.alias)}


def test_code_lives_in_three_folders() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: cannot tell the project's folders from others")
    paths = [Path(line) for line in listed.stdout.splitlines()]
    assert {path.parts[0] for path in paths if len(path.parts) > 1} <= FOLDERS
    code = {path.parts[0] for path in paths if path.suffix == ".py"}
    assert code <= CODE_FOLDERS | {"main.py"}


def test_no_file_is_too_long_to_read_in_one_sitting() -> None:
    files = [*source_files().values(), *(ROOT / "tests").rglob("*.py")]
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in files
    }
    assert not {name: length for name, length in lengths.items() if length > MOST_LINES}


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in source_files()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    longest = {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FUNCTION}
    assert not longest
