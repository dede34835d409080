"""What must be true after every action, and what must be true at rest."""

from engine.editing.paths import Path, at
from engine.errors import UsageError
from engine.experiment.experiment import Experiment
from engine.library.experiment_file import read_experiment
from engine.nn.initializers import Initializer
from gui.widgets.plain_text import window_title
from tests.gui.windows import timeline
from tests.trust.robot.faults import Fault
from tests.trust.robot.session import Session


def check_always(session: Session) -> None:
    """Check what is true even while something is computed."""
    window, document = session.window, session.window.document
    player = window.player
    for each in session.lost_entries():
        raise Fault(*each.split(": ", 1))
    _require(not session.confused, "an edit uses the experiment before", str(session.confused))
    replaced = session.overwritten_files()
    _require(not replaced, "a change by another program is overwritten", str(replaced))
    _require(0 <= player.index <= max(0, player.last_index), "the index does not exist")
    bar = timeline(window)
    _require(bar.value() == min(player.index, bar.maximum()), "the timeline shows another frame")
    title = window_title(document.experiment.title)
    _require(window.windowTitle() == title, "the title is of another experiment")
    _require(window.isWindowModified() == document.is_modified, "the mark of changes is wrong")
    actions = window.actions_by_name
    for name, text in (("undo", document.undo_text), ("redo", document.redo_text)):
        _require(actions[name].isEnabled() == bool(text), f"{name} is wrongly enabled or disabled")
    chosen, runs = window.controls.chosen_run, len(document.experiment.runs)
    _require(chosen == document.state.chosen < runs, "another run is chosen")
    _require(not session.leaked(), "a top-level widget is leaked", str(session.leaked()))


def check_at_rest(session: Session) -> None:
    """Check that everything shows the same experiment, and the same frame of it."""
    window, experiment = session.window, session.window.document.experiment
    assert window.scene is not None
    if session.given_up is None or not experiment.computes_like(session.given_up):
        _require(window.scene.experiment == experiment, "the scene is of another experiment")
        _require(session.drawn == window.player.index, "the stage shows another frame")
    for path, field in window.controls.fields.items():
        if field.error or not field.isVisible():
            continue
        expected = _expected(experiment, path)
        try:
            value = field.value()
        except UsageError:
            value = "an entry without a message"
        name = ".".join(map(str, path[-1:]))
        _require(value == expected, f"the form shows another {name}", f"{value} not {expected}")
    file = window.document.path
    if file is None or window.document.is_modified or not file.exists():
        return
    # Another opening of the file may have saved it; each opening has its own history.
    if file not in session.changed_files and len(session.openings.get(file, ())) < 2:
        _require(read_experiment(file) == experiment, "the file contains another experiment")


def _expected(experiment: Experiment, path: Path) -> object:
    """Return the value that the field of a path shows."""
    if path == ("data", "name"):
        return experiment.data.set_name
    if path[:2] == ("network", "hidden"):  # one activation, or one for each layer
        names = experiment.network.hidden_names
        return names[int(path[2])] if len(path) > 2 else experiment.network.hidden
    value = at(experiment, path)
    return value.scheme if isinstance(value, Initializer) else value


def _require(holds: bool, kind: str, text: str = "") -> None:
    if not holds:
        raise Fault(kind, text)
