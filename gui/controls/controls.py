"""The controls: a form that shows an experiment and edits every field of it."""

from collections.abc import Callable, Sequence
from typing import final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from engine import UsageError
from engine.editing import runs
from engine.editing.paths import Path, at, edited, recast
from engine.editing.resizing import dropped_text, edit_count, undo_text_with_dropped
from engine.experiment import Experiment
from engine.library.built_ins import titles
from engine.nn import SCHEMES, Explicit, Initializer
from gui.controls.about import AboutText
from gui.controls.data_fields import POINTS, DataFields
from gui.controls.fields import ChoiceField, Field, NumberField, TextField
from gui.controls.network_fields import NetworkFields, with_layers_fitted
from gui.controls.run_card import RunCard
from gui.controls.scene_editor import SceneEditor
from gui.controls.scheme_editor import SchemeEditor
from gui.panels.base.panel import LETTERS
from gui.style.icons import icon
from gui.style.theme import Theme, font
from gui.widgets import (
    WidgetList,
    column,
    configured,
    in_short,
    row,
    widget_of,
)

WIDTH = 304


@final
class Controls(QScrollArea):
    """The form. The only experiment it stores is the one it shows.

    An entry is validated together with the entries refused before, so that changes that are valid
    only together can be entered one after another. A refused entry stays in its field, with the
    reason below it.

    Parameters
    ----------
    theme : Theme
    draw_points : QAction
        The action of the button below the data.
    parent : QWidget, optional

    Signals
    -------
    edited(Experiment, str)
        The edited experiment, and the text of the undo action, such as "Change steps".
    continued(Experiment, str)
        The same, for an edit that continues the last one and is undone with it.
    opened(str)
        The name of the built-in experiment that was chosen.
    chosen(int)
        The number of the run that was chosen.
    error_reported(str)
        A sentence that says which edits were lost.
    term_requested(str)
        The key of a term of the glossary, to which the text about the experiment links.
    """

    edited = Signal(Experiment, str)
    continued = Signal(Experiment, str)
    opened = Signal(str)
    chosen = Signal(int)
    error_reported = Signal(str)
    term_requested = Signal(str)

    def __init__(self, theme: Theme, draw_points: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        configured(
            self,
            objectName="controls_form",
            frameShape=QFrame.Shape.NoFrame,
            widgetResizable=True,
            horizontalScrollBarPolicy=Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
        )
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._experiment = Experiment()  # until the first is shown
        self._refused: dict[Path, Field] = {}
        self._cards = WidgetList(self._make_card, spacing=8)
        self._chosen = 0
        self._names = titles()
        self._make_header()
        self._make_fields(draw_points)
        self._add = configured(QPushButton("Add a run"), objectName="add_run", clicked=self._on_add)
        self._sections = self._make_sections()
        form = column(
            row((_heading("Experiment"), 1), self._about.button),
            self._chooser,
            self._about,
            self._title,
            *self._sections.values(),
            None,
            spacing=7,
            margins=(14, 10, 14, 14),
        )
        self.setWidget(configured(widget_of(form), objectName="controls_inside"))
        self.set_theme(theme)

    def _make_header(self) -> None:
        self._chooser = configured(
            QComboBox(),
            objectName="chooser",
            accessibleName="Experiment",
            toolTip="The built-in experiments",
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon,
            activated=self._on_chosen,
        )
        self._chooser.addItems(list(self._names.values()))
        self._about = configured(AboutText(self._theme), term_requested=self.term_requested)

    def _make_fields(self, draw_points: QAction) -> None:
        self._scene = configured(SceneEditor(), edited=self._on_edited)
        self._title = TextField(("title",), "title")
        self._data = DataFields(draw_points)
        self._network = configured(NetworkFields(self), edited=self._on_edited)
        self._batch_size = NumberField(
            ("training", "batch_size"),
            "batch size",
            "The number of examples in a step; empty: all",
            whole=True,
            least=1,
            blank="all examples",
        )
        self._shuffle = ChoiceField(
            ("training", "shuffle"),
            "order",
            {True: "shuffled in every epoch", False: "as in the data"},
            "The order in which batches take the examples",
        )
        self._shuffle_seed = NumberField(
            ("training", "shuffle_seed"), "shuffle seed", whole=True, least=0
        )
        self._training: list[Field] = [
            NumberField(("training", "learning_rate"), "learning rate", least=0.0),
            NumberField(("training", "steps"), "steps", whole=True, least=0),
            self._batch_size,
            self._shuffle,
            self._shuffle_seed,
        ]
        for field in self._own_fields:
            field.edited.connect(self._on_edited)

    def _make_sections(self) -> dict[str, QWidget]:
        """Return the sections of the form by the part of the experiment that they edit."""
        return {
            "scene": _section("Scene", [self._scene]),
            "data": _section("Data", [*self._data.fields, self._data.button]),
            "network": _section("Network", self._network.widgets),
            "training": _section("Training", self._training),
            "runs": _section("Runs", [widget_of(self._cards.layout), self._add]),
        }

    @property
    def _own_fields(self) -> list[Field]:
        """The fields that are always in the form."""
        return [self._title, *self._data.fields, *self._training]

    @property
    def chosen_run(self) -> int:
        """The number of the chosen run."""
        return self._chosen

    @property
    def fields(self) -> dict[Path, Field]:
        """Every field, by the path of its value in the experiment."""
        fields = [*self._own_fields, *self._network.fields, *self._scene.fields]
        fields += [field for card in self._cards for field in card.fields]
        return {field.path: field for field in fields}

    def show_experiment(
        self, experiment: Experiment, chosen: int = 0, original: Experiment | None = None
    ) -> None:
        """Show an experiment and mark the chosen run; refused entries stay in their fields.

        `original` is the experiment that was opened, if this one was edited since.
        """
        self._experiment = experiment
        for card in self._cards.resize(len(experiment.runs)):
            for field in card.fields:
                self._refused.pop(field.path, None)
        for card in self._cards:
            card.show_run(experiment)
        self._scene.show_scene(experiment.scene, len(experiment.runs))
        self._network.show_experiment(experiment)
        fields = self.fields
        for path, field in fields.items():
            if path[0] not in ("runs", "scene") and len(path) < 3:  # their editors show them
                shown = at(experiment, path)
                field.show_value(experiment.data.set_name if path == ("data", "name") else shown)
        self._refused = {
            path: field for path, field in self._refused.items() if fields.get(path) is field
        }
        self._show_what_applies(experiment)
        self._add.setEnabled(len(experiment.runs) < experiment.most_runs)
        self._mark(chosen)
        listed = list(self._names.values())
        self._about.show_experiment(experiment, original or experiment)
        self._chooser.setPlaceholderText(in_short(experiment.title))
        self._chooser.setCurrentIndex(
            listed.index(experiment.title) if experiment.title in listed else -1
        )

    def commit_entries(self) -> str:
        """Accept or refuse what is being typed; return why it is refused, or an empty text."""
        refused = []
        for path, field in self.fields.items():
            # An entry may replace the fields below it, such as those of a scheme.
            if field.is_pending and self.fields.get(path) is field:
                field.commit()
                refused += [f"{field.label}: {field.error}"] if field.error else []
        return "; ".join(refused)

    def clear_refused(self) -> None:
        """Discard all refused entries."""
        self._discard_refused(())

    def _discard_refused(self, above: Path) -> None:
        """Discard the refused entries whose paths begin with this one."""
        for path in [path for path in self._refused if path[: len(above)] == above]:
            self._refused.pop(path).set_error("")

    @Slot(int)
    def choose(self, run: int) -> None:
        """Choose a run."""
        self._mark(run)
        self.chosen.emit(run)

    def _mark(self, run: int) -> None:
        self._chosen = run
        for number, card in enumerate(self._cards):
            card.set_chosen(number == run and len(self._cards) > 1)

    @Slot()
    def reveal_chosen(self) -> None:
        """Scroll to the card of the chosen run."""
        self.ensureWidgetVisible(self._cards[self._chosen])

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._add.setIcon(icon("add", theme))
        self._about.set_theme(theme)
        for card in self._cards:
            card.set_theme(theme)

    def _show_what_applies(self, experiment: Experiment) -> None:
        scene = experiment.scene
        for name, section in self._sections.items():
            section.setVisible(scene is not None if name == "scene" else experiment.uses(name))
        self._data.show_what_applies(experiment)
        self._batch_size.setVisible(scene is None or scene.trains_in_batches)
        batches = experiment.training.batch_size is not None
        self._shuffle.setVisible(batches)
        self._shuffle_seed.setVisible(batches and experiment.training.shuffle)

    def _make_card(self, run: int) -> RunCard:
        return configured(
            RunCard(run, self._theme),
            edited=self._on_edited,
            chosen=self.choose,
            change_removed=self._on_change_removed,
            reseeded=self._on_reseeded,
            removed=self._on_removed,
        )

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self.opened.emit(list(self._names)[index])

    @Slot(Field)
    def _on_edited(self, field: Field) -> None:
        # Refused parameters of a scheme mean nothing to another scheme.
        before = {
            path: each
            for path, each in self._refused.items()
            if path[: len(field.path)] != field.path
        }
        try:
            new = self._entered(before | {field.path: field})
            self.clear_refused()
        except UsageError:
            # It may be valid alone where it is not together with entries refused before.
            try:
                new = self._entered({field.path: field})
                self._refused = before
            except UsageError as error:
                self._refused = before | {field.path: field}
                field.set_error(str(error))
                return
        field.set_error("")
        if new == self._experiment:
            self.show_experiment(new, self._chosen)
        else:
            lost = edit_count(self._experiment) - edit_count(new)
            undo_text = undo_text_with_dropped(_undo_text(field), lost)
            (self.continued if field.continues else self.edited).emit(new, undo_text)
            if lost:
                self.error_reported.emit(dropped_text(lost))

    def _entered(self, fields: dict[Path, Field]) -> Experiment:
        """Return the experiment with the entries of some fields; raise `UsageError`."""
        values = {path: self._value(field) for path, field in fields.items()}
        if ("data", "name") in values:
            values[("data", "points")] = None
            if values[("data", "name")] == POINTS:  # chosen again without a change
                del values[("data", "name")], values[("data", "points")]
        if ("example",) not in values:  # with fewer examples, the last one
            of_data = {path[1:]: value for path, value in values.items() if path[0] == "data"}
            last = edited(self._experiment.data, of_data).count - 1
            values[("example",)] = min(self._experiment.example, last)
        return edited(self._experiment, with_layers_fitted(self._experiment, values))

    def _value(self, field: Field) -> object:
        value = field.value()
        if isinstance(field.parent(), SchemeEditor) and field.path[-1] in ("init", "base"):
            return self._scheme(str(value), field.path)
        return value

    def _scheme(self, name: str, path: Path) -> Initializer:
        """Return the named scheme, with the parameters it shares with the present one."""
        old = at(self._experiment, path)
        assert isinstance(old, Initializer)
        if SCHEMES[name] is Explicit and type(old) is not Explicit:
            return runs.as_explicit(self._experiment, old)
        new = recast(old, SCHEMES[name])
        assert isinstance(new, Initializer)
        return new

    def _edit(self, make: Callable[[Experiment], Experiment], undo_text: str) -> None:
        """Emit an edit that is made after what is being typed."""
        self.commit_entries()
        self.edited.emit(make(self._experiment), undo_text)

    @Slot()
    def _on_add(self) -> None:
        self._edit(runs.with_run_added, "Add a run")

    @Slot(int)
    def _on_reseeded(self, run: int) -> None:
        undo_text = f"New seed for run {LETTERS[run]}"
        self._edit(lambda experiment: runs.with_new_seeds(experiment, [run]), undo_text)

    @Slot(int)
    def _on_removed(self, run: int) -> None:
        def without_run(experiment: Experiment) -> Experiment:
            for later in range(run, len(experiment.runs)):  # their cards show other runs now
                self._discard_refused(("runs", later))
            return runs.without_run(experiment, run)

        scene, letter = self._experiment.scene, LETTERS[run]
        self._edit(without_run, f"Remove run {letter}")
        if scene is not None and self._experiment.scene is None:
            self.error_reported.emit(
                f"the scene was about run {letter}, so it is removed with it; undo restores both"
            )

    @Slot(int, int)
    def _on_change_removed(self, run: int, number: int) -> None:
        def without_change(experiment: Experiment) -> Experiment:
            self._discard_refused(("runs", run, "changes"))
            return runs.without_change(experiment, run, number)

        step = self._experiment.runs[run].changes[number].step
        undo_text = f"Remove the change of run {LETTERS[run]} at frame {step:,}"
        self._edit(without_change, undo_text)


def _heading(text: str) -> QLabel:
    return configured(QLabel(text), font=font(13, bold=True))


def _section(title: str, parts: Sequence[QWidget]) -> QWidget:
    """Return parts of the form below a heading, shown and hidden together."""
    return widget_of(column(_heading(title), *parts, spacing=7, margins=(0, 6, 0, 0)))


def _undo_text(field: Field) -> str:
    where = f" of run {LETTERS[int(field.path[1])]}" if field.path[0] == "runs" else ""
    return f"Change {field.label}{where}"
