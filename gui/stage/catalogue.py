"""All panels, and those that an experiment shows.

A panel is a subclass of `Panel` with a `name`, in any module of the packages of `gui.panels`. The
modules are imported here by name, wherever the import system finds them: in a folder, in a wheel or
in a zip archive. A tool that freezes the program must include `gui.panels` with all its
modules, because it sees no import statement for them.
"""

import pkgutil
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

import gui.panels
from engine import UsageError, unknown_name
from engine.experiment import Experiment
from gui.panels.base.panel import PANELS, Panel

__all__ = ["PANELS", "check_panels", "import_panels", "in_order", "panels_of", "shown_panels"]


def import_panels() -> None:
    """Import every module of `gui.panels`, which registers its panels."""
    for module in pkgutil.walk_packages(gui.panels.__path__, "gui.panels."):
        import_module(module.name)


import_panels()


def panels_of(kind: str) -> list[type[Panel[Any]]]:
    """Return the panels for a kind of scene."""
    return [panel for panel in PANELS.values() if panel.kind == kind]


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return panel names in the order of the catalogue; raise `UsageError` for an unknown one."""
    names = tuple(names)
    for name in names:
        if name not in PANELS:
            raise unknown_name("panel", name, PANELS)
    return tuple(name for name in PANELS if name in names)


def shown_panels(experiment: Experiment, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of the panels that an experiment shows, in order.

    They are those of `names` that its kind of scene has, or else those of the experiment, or else
    those that its kind of scene shows by default. Panels with nothing to show leave the stage to
    the others.
    """
    kinds = panels_of(experiment.kind)
    for chosen in (names, experiment.panels):
        shown = [panel for panel in kinds if panel.name in chosen]
        if shown:
            break
    else:
        shown = [panel for panel in kinds if panel.by_default]
    useful = [panel for panel in shown if not panel.nothing_to_show(experiment)]
    return tuple(panel.name for panel in useful or shown)


def check_panels(experiment: Experiment) -> None:
    """Raise `UsageError` if the experiment names a panel that its scene does not have."""
    known = [panel.name for panel in panels_of(experiment.kind)]
    for number, name in enumerate(experiment.panels):
        if name not in known:
            raise UsageError(f"panels[{number}]: {unknown_name('panel', name, known)}")
