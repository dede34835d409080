"""The editor of an initialization scheme, created from the fields that the scheme declares."""

from typing import final

import msgspec
from msgspec.inspect import StructType, UnionType
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.editing.paths import Path
from engine.nn import SCHEMES, Initializer
from gui.controls.fields import ChoiceField, Field, number_or_json, type_info
from gui.widgets.builders import column, configured, dispose_widget

LAST = ("bias", "seed")
"""The fields that many schemes share; they come last."""


@final
class SchemeEditor(QWidget):
    """A choice of schemes, the formula of the chosen one, and a field for each of its parameters.

    A parameter that is itself a scheme gets a nested editor.

    Parameters
    ----------
    path : tuple
        The path of the scheme in the experiment.
    label : str
        The label of the choice.

    Signals
    -------
    edited(Field)
        As `Field.edited`; the value of the choice is the name of a scheme.
    """

    edited = Signal(Field)

    def __init__(self, path: Path, label: str) -> None:
        super().__init__()
        self._path = path
        self._kind: type[Initializer] | None = None
        self._parts: dict[str, Field | SchemeEditor] = {}
        self.choice = ChoiceField(path, label, {name: name for name in SCHEMES})
        self.choice.edited.connect(self.edited)
        self._formula = configured(
            QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText), role="formula"
        )
        self._layout = column(self.choice, self._formula, parent=self, spacing=6)

    @property
    def fields(self) -> list[Field]:
        """Every field, including those of nested editors."""
        result: list[Field] = [self.choice]
        for part in self._parts.values():
            result += part.fields if isinstance(part, SchemeEditor) else [part]
        return result

    def show_scheme(self, scheme: Initializer, seeded: bool = True) -> None:
        """Show a scheme; its seed only if `seeded` and if it draws random numbers."""
        self.choice.show_value(scheme.scheme)
        if type(scheme) is not self._kind:
            self._show_kind(type(scheme))
        for name, part in self._parts.items():
            value = getattr(scheme, name)
            if isinstance(part, SchemeEditor):
                part.show_scheme(value, seeded=False)
            else:
                part.show_value(value)
            if name == "seed":
                part.setVisible(seeded and scheme.draws)

    def _show_kind(self, kind: type[Initializer]) -> None:
        self._kind = kind
        about = (kind.__doc__ or "").strip()
        source = f"\n\nSource: {kind.source}" if kind.source else ""
        self.choice.editor.setToolTip(about + source)
        self._formula.setText(f"{kind.formula}\n{kind.source}" if kind.source else kind.formula)
        self._formula.setToolTip(about + source)
        for part in self._parts.values():
            self._layout.removeWidget(part)
            dispose_widget(part)
        fields = msgspec.structs.fields(kind)
        own = [field for field in fields if field.name not in LAST]
        shared = [field for name in LAST for field in fields if field.name == name]
        self._parts = {field.name: self._make(field) for field in own + shared}
        for part in self._parts.values():
            part.edited.connect(self.edited)
            self._layout.addWidget(part)

    def _make(self, field: msgspec.structs.FieldInfo) -> "Field | SchemeEditor":
        path = (*self._path, field.name)
        info = type_info(field.type)
        if isinstance(info, UnionType) and all(isinstance(t, StructType) for t in info.types):
            return SchemeEditor(path, field.name)
        return number_or_json(path, field.name, field.type, _TIPS.get(field.name, ""))


_TIPS = {
    "seed": "The seed of the random numbers: the same seed gives the same weights",
    "bias": 'One number for every bias, or a scheme: {"scheme": "normal", "scale": 0.1}',
    "W": "W1, W2, …: for each layer a list of rows",
    "b": "b1, b2, …: for each layer a list of numbers",
    "epsilon": "The size of the noise on every weight",
}
