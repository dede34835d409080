"""The editor of the parameters of a study, created from the fields that its spec declares."""

from typing import final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.experiment import SceneSpec
from gui.controls.fields import ChoiceField, Field, number_or_json
from gui.panels.base.panel import LETTERS
from gui.widgets import WidgetList, configured


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
        self._parts = WidgetList(self._make_part, spacing=7)
        self.setLayout(self._parts.layout)

    @property
    def fields(self) -> list[Field]:
        """Every field."""
        return list(self._parts)

    def show_scene(self, scene: SceneSpec | None, runs: int) -> None:
        """Show the parameters of a scene with this number of runs; nothing for a training."""
        kind = None if scene is None else type(scene)
        if (kind, runs) != self._made_for:
            self._made_for = kind, runs
            self._parts.resize(0)
            self._parts.resize(0 if kind is None else len(kind.__struct_fields__))
        for part in self._parts:
            part.show_value(getattr(scene, str(part.path[-1])))

    def _make_part(self, number: int) -> Field:
        kind, runs = self._made_for
        assert kind is not None
        field = msgspec.structs.fields(kind)[number]
        return configured(_field(kind, field, runs), edited=self.edited)


def _field(kind: type[SceneSpec], field: msgspec.structs.FieldInfo, runs: int) -> Field:
    path, label = ("scene", field.name), field.name.replace("_", " ")
    tip = kind.about.get(field.name, "")
    if field.name in kind.run_references:  # runs are chosen by their letters
        return ChoiceField(path, label, dict(enumerate(LETTERS[:runs])), tip)
    if field.name in kind.choices:
        return ChoiceField(path, label, {name: name for name in kind.choices[field.name]}, tip)
    return number_or_json(path, label, field.type, tip)
