"""The editor of the parameters of a study, created from the fields that its spec declares."""

from typing import final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.experiment import SceneSpec
from gui.controls.fields import ChoiceField, Field, number_or_json
from gui.panels.base.panel import LETTERS
from gui.widgets.builders import column, dispose_widget


@final
class SceneEditor(QWidget):
    """A field for each parameter of a scene.

    Signals
    -------
    edited(Field)
        As `Field.edited`.
    """

    edited = Signal(Field)

    def __init__(self) -> None:
        super().__init__()
        self._made_for: tuple[type[SceneSpec] | None, int] = (None, 0)
        self._parts: dict[str, Field] = {}
        self._layout = column(parent=self, spacing=7)

    @property
    def fields(self) -> list[Field]:
        """Every field."""
        return list(self._parts.values())

    def show_scene(self, scene: SceneSpec | None, runs: int) -> None:
        """Show the parameters of a scene with this number of runs; nothing for a training."""
        kind = None if scene is None else type(scene)
        if (kind, runs) != self._made_for:
            self._make_parts(kind, runs)
        for name, part in self._parts.items():
            part.show_value(getattr(scene, name))

    def _make_parts(self, kind: type[SceneSpec] | None, runs: int) -> None:
        self._made_for = kind, runs
        for part in self._parts.values():
            self._layout.removeWidget(part)
            dispose_widget(part)
        self._parts = {}
        if kind is None:
            return
        for field in msgspec.structs.fields(kind):
            part = self._make_part(kind, field, runs)
            part.edited.connect(self.edited)
            self._parts[field.name] = part
            self._layout.addWidget(part)

    def _make_part(
        self, kind: type[SceneSpec], field: msgspec.structs.FieldInfo, runs: int
    ) -> Field:
        path, label = ("scene", field.name), field.name.replace("_", " ")
        tip = kind.about.get(field.name, "")
        if field.name == "run":  # runs are chosen by their letters
            return ChoiceField(path, label, dict(enumerate(LETTERS[:runs])), tip)
        if field.name in kind.choices:
            return ChoiceField(path, label, {name: name for name in kind.choices[field.name]}, tip)
        return number_or_json(path, label, field.type, tip)
