"""The editor of an initialization scheme, created from the fields that the scheme declares."""

from typing import final

import msgspec
from msgspec.inspect import StructType, UnionType
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.editing.paths import Path
from engine.nn import SCHEMES, Initializer
from gui.controls.fields import ChoiceField, Field, number_or_json, type_info
from gui.widgets import WidgetList, column, configured

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
        self.path = path
        self._kind: type[Initializer] | None = None
        self._declared: list[msgspec.structs.FieldInfo] = []
        self._parts = WidgetList(self._make_part, spacing=6)
        self.choice = ChoiceField(path, label, {name: name for name in SCHEMES})
        self.choice.edited.connect(self.edited)
        self._formula = configured(
            QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText), role="formula"
        )
        column(self.choice, self._formula, self._parts.layout, parent=self, spacing=6)

    @property
    def fields(self) -> list[Field]:
        """Every field, including those of nested editors."""
        result: list[Field] = [self.choice]
        for part in self._parts:
            result += part.fields if isinstance(part, SchemeEditor) else [part]
        return result

    def show_scheme(self, scheme: Initializer, seeded: bool = True) -> None:
        """Show a scheme; its seed only if `seeded` and if it draws random numbers."""
        self.choice.show_value(scheme.scheme)
        if type(scheme) is not self._kind:
            self._show_kind(type(scheme))
        for part in self._parts:
            name = str(part.path[-1])
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
        self._declared = sorted(
            msgspec.structs.fields(kind),
            key=lambda field: LAST.index(field.name) if field.name in LAST else -1,
        )
        self._parts.resize(0)
        self._parts.resize(len(self._declared))

    def _make_part(self, number: int) -> "Field | SchemeEditor":
        field = self._declared[number]
        path = (*self.path, field.name)
        info = type_info(field.type)
        if isinstance(info, UnionType) and all(isinstance(t, StructType) for t in info.types):
            return configured(SchemeEditor(path, field.name), edited=self.edited)
        tip = _TIPS.get(field.name, "")
        return configured(number_or_json(path, field.name, field.type, tip), edited=self.edited)


_TIPS = {
    "seed": "The seed of the random numbers: the same seed gives the same weights",
    "bias": 'One number for every bias, or a scheme: {"scheme": "normal", "scale": 0.1}',
    "W": "W1, W2, …: for each layer a list of rows",
    "b": "b1, b2, …: for each layer a list of numbers",
    "epsilon": "The size of the noise on every weight",
}
