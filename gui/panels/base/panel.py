"""The base class of panels, cards on the stage that show a view state."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar, final, get_args

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem

from engine.editing.parameters import Parameter
from engine.experiment import TRAINING, Experiment
from engine.studies.base.study import STUDIES
from engine.training import Comparison, Frame, Scene
from gui.panels.base.backdrop import Card
from gui.panels.base.colours import ColourScale
from gui.panels.base.interactions import Interaction
from gui.panels.base.item import Item
from gui.panels.base.label import Label
from gui.panels.base.legend import Entry, Legend
from gui.style.theme import Theme, font

LETTERS = "ABCDEF"
"""The letters that identify runs."""
LINE_STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)
"""The line style of each run, wherever runs share a plot."""
LINE_WIDTHS = (7.0, 4.6, 2.6, 1.4)
"""The widths of lines that may coincide, in the order of drawing: all of them can be seen."""

TITLE_HEIGHT = 30.0
MARGIN = 12.0
TEXT = 13.0
"""The size of ordinary text on the stage."""


class WhatIf(NamedTuple):
    """A frame as it would be with one parameter set by hand, before anything is trained."""

    parameter: Parameter
    value: float
    frame: Frame


@final
@dataclass(frozen=True)
class ViewState:
    """All that a panel may show: one index of a scene, and how it is coloured.

    Attributes
    ----------
    scene : Scene
    index : int
        The frame shown; a run that ended earlier shows its last one.
    frames : tuple of Frame
        Of a comparison, one for each run; that of `what_if` in place of the recorded one.
    weights, gradients : ColourScale
        How weights, and entries of dW, are coloured.
    example : int
        The example whose numbers the network shows, counted from 0.
    drawn_class : int, optional
        The class that the left button of the mouse draws, while points are drawn with it.
    selected : Parameter, optional
        What the keyboard changes.
    what_if : WhatIf, optional
        What is shown though no recording holds it.
    """

    scene: Scene
    index: int
    frames: tuple[Frame, ...]
    weights: ColourScale
    gradients: ColourScale
    example: int = 0
    drawn_class: int | None = None
    selected: Parameter | None = None
    what_if: WhatIf | None = None

    @property
    def comparison(self) -> Comparison:
        """The scene, where it is a training."""
        assert isinstance(self.scene, Comparison)
        return self.scene


class FootLine(Protocol):
    """A line below a plot or a table."""

    def arrange_at_foot(self, area: QRectF, height: float) -> None: ...


S = TypeVar("S", bound=Scene)
"""The kind of scene that a panel shows."""
PANELS: dict[str, type["Panel[Any]"]] = {}
"""Every panel by its name, sorted by position; `gui.stage.catalogue` imports them all."""


class Panel(Item, Generic[S]):
    """A card with a title. It makes its items once, and remembers nothing of what it shows.

    Panels differ in their class attributes and in what they override: `make_items`,
    `arrange_items`, `draw`, and how they answer the pointer.

    Parameters
    ----------
    subject : Scene
        Whose layers, data and runs the panel is made for.
    run : int
        The run it shows; of no meaning for a panel across runs.
    theme : Theme
    """

    kind: ClassVar[str] = TRAINING
    """The kind of scene that it shows: the first of its type parameter, unless it says another."""
    name: ClassVar[str]
    """The name in experiment files, given to `register_panel` as are position and title."""
    position: ClassVar[int]
    """The sort key among the panels of its kind, from left to right."""
    title: ClassVar[str]
    note: ClassVar[str] = ""
    """What its axes or lines mean, in a few words."""
    short_note: ClassVar[str] = ""
    """What is left of the note where there is no room for it."""
    by_default: ClassVar[bool] = True
    """Whether its kind of scene shows it where the experiment names no panels."""
    per_run: ClassVar[bool] = True
    breadth: ClassVar[float] = 1.0
    """Its share of the width of its row, beside the others'."""
    proportion: ClassVar[float] = 1.3
    """Its width beside its height, as it would like to be where one run has the stage alone."""
    row: ClassVar[int] = 0
    """Its row in the layout of a study; in a training, each run has a row."""
    row_each: ClassVar[bool] = False
    """Whether the panel of each run has its own row, from `row` on."""
    tall: ClassVar[float] = 1.0
    """The share of its row in the height, beside the others'."""

    foot: ClassVar[float] = 0.0
    """The height of the room for legends and words below a plot or a table."""

    prepares: ClassVar[bool] = False
    """Whether `prepare` is overridden."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        scenes = [scene for base in vars(cls).get("__orig_bases__", ()) for scene in get_args(base)]
        kinds = [kind for kind, study in STUDIES.items() if study.study in scenes]
        if kinds and "kind" not in vars(cls):
            cls.kind = kinds[0]
        if "prepare" in vars(cls):
            cls.prepares = True

    @classmethod
    def nothing_to_show(cls, experiment: Experiment) -> str:
        """Return why there is nothing to show of an experiment; empty where there is something.

        Such a panel is left out where others are shown.
        """
        return ""

    def __init__(self, subject: S, run: int, theme: Theme) -> None:
        super().__init__()
        self.setFlag(Item.GraphicsItemFlag.ItemHasNoContents)
        self.card = Card(theme)
        self.subject = subject
        self.run = run
        self.theme = theme
        self.rect = QRectF()
        self.compact = False
        self._titled = True
        left = Qt.AlignmentFlag.AlignLeft
        self._title = Label(self.card, theme.muted, font(TEXT + 1), left, text=self.title)
        self._note = self._make_note(self.card)
        self._said = self.note
        self._foot_lines: list[tuple[FootLine, float]] = []
        self.make_base()
        self.make_items()

    def make_base(self) -> None:
        """Make what all panels of a kind of plot have, before `make_items`."""

    def make_items(self) -> None:
        """Make the items that `draw` shows the view state on."""

    def add_legend(self, height: float, entries: Sequence[Entry]) -> None:
        """Show a legend below the plot or the table, with its top `height` above the foot."""
        self._foot_lines.append((Legend(self.card, self.theme, entries), height))

    def add_words(
        self,
        height: float,
        *,
        colour: str | None = None,
        size: float = TEXT,
        bold: bool = False,
    ) -> Label:
        """Return a new line of words that changes with the frame, `height` above the foot."""
        words = Label(
            self, colour or self.theme.text, font(size, bold=bold), Qt.AlignmentFlag.AlignLeft
        )
        self._foot_lines.append((words, height))
        return words

    @property
    def labels(self) -> list[Label]:
        """The labels that are visible, those of the card first."""
        items: list[QGraphicsItem] = [self.card, self]
        for item in items:  # grows by the children
            items += item.childItems()
        return [
            each for each in items if isinstance(each, Label) and each.isVisible() and each.text
        ]

    @classmethod
    def prepare(cls, state: ViewState, run: int) -> None:
        """Compute expensive results that `draw` needs beside the view state, in any thread.

        It is a class method, because panels must not be destroyed outside the GUI thread.
        """

    @abstractmethod
    def draw(self, state: ViewState) -> None:
        """Show a view state on the items made in `__init__`."""

    @abstractmethod
    def arrange_items(self, area: QRectF) -> None:
        """Lay the items out in the area below the title."""

    def arrange_foot(self, area: QRectF) -> None:
        """Lay out the items at the foot of the area."""
        for line, height in self._foot_lines:
            line.arrange_at_foot(area, height)

    def show_scene(self, subject: S) -> None:
        """Show another scene from the next `draw` on, in which only edits by hand are different.

        A panel that caches data of the recordings discards them here.
        """
        self.subject = subject

    def tool_tip(self, point: QPointF, state: ViewState) -> str:
        """Return the text on the item at a point, with all digits; empty for none."""
        return ""

    def frame_at(self, point: QPointF) -> int | None:
        """Return the frame at a point, on a panel that shows many frames."""
        return None

    def interaction_at(self, point: QPointF) -> Interaction | None:
        """Return what a click at a point means; None for nothing."""
        return None

    def point_at(self, point: QPointF | None) -> None:
        """Show what the pointer may do at a point, or nothing more once it is elsewhere."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """The weights and biases that the keyboard can select, in order."""
        return ()

    def position_of(self, parameter: Parameter) -> QPointF | None:
        """Return where one of `parameters` is; None if the panel does not show it."""
        return None

    def grab(self, point: QPointF) -> bool:
        """Return whether there is something at a point that can be dragged; if so, hold it."""
        return False

    def drag(self, point: QPointF) -> Interaction | None:
        """Show the held item at this point.

        Returns an interaction where other parts of the stage have to show it.
        """
        return None

    def drop(self) -> Interaction | None:
        """End dragging; return what it means, or None if it was a click."""
        return None

    def set_title(self, text: str) -> None:
        """Show a title that says more than the panel's own."""
        self._title.set_text(text)
        self.set_note(self._said)

    def _make_note(self, parent: Item) -> Label:
        return Label(parent, self.theme.muted, font(TEXT), Qt.AlignmentFlag.AlignRight)

    def _move_note_off_card(self) -> None:
        """Show the note above the card: one that changes with the frame would repaint it."""
        self._note.hide()
        place = self._note.pos()
        self._note = self._make_note(self)
        self._note.setPos(place)

    def set_note(self, text: str) -> None:
        """Show what the axes or lines mean, at the right of the title where there is room."""
        if text != self._said and self.scene() is not None and self._note.parentItem() is self.card:
            self._move_note_off_card()
        self._said = text
        room = self.rect.width() - 2.0 * MARGIN - self._title.width - 14.0
        for words in (text, self.short_note):
            self._note.set_text(words)
            fits = self._note.width <= room
            if fits:
                break
        self._note.setVisible(self._titled and fits)

    def arrange(self, rect: QRectF, compact: bool = False, titled: bool = True) -> None:
        """Take this place on the stage.

        A `compact` panel, one of many, leaves out what another one says as well; its title is
        left out unless it is `titled`.
        """
        self.prepareGeometryChange()
        self.setPos(rect.topLeft())
        self.card.arrange(rect)
        self.compact = compact
        self._title.setVisible(titled)
        head = TITLE_HEIGHT if titled else MARGIN
        self.rect = QRectF(0.0, 0.0, rect.width(), rect.height())
        inner = rect.width() - 2.0 * MARGIN
        middle = TITLE_HEIGHT / 2.0 + 2.0
        self._title.max_width = inner
        self._title.setPos(MARGIN, middle)
        self._note.setPos(MARGIN + inner, middle + 0.5)
        self._titled = titled
        self.set_note(self._said)
        self.arrange_items(
            QRectF(
                MARGIN,
                head,
                max(1.0, rect.width() - 2.0 * MARGIN),
                max(1.0, rect.height() - head - (MARGIN / 2.0 if compact else MARGIN)),
            )
        )

    def boundingRect(self) -> QRectF:
        return self.rect


PanelClass = TypeVar("PanelClass", bound=type[Panel[Any]])


def register_panel(
    *, name: str, title: str, position: int = 1000
) -> Callable[[PanelClass], PanelClass]:
    """Return a class decorator that enters a panel into `PANELS`."""

    def register(panel: PanelClass) -> PanelClass:
        panel.name = name
        panel.title = title
        panel.position = position
        PANELS[name] = panel
        panels = sorted(PANELS.values(), key=lambda each: (each.position, each.name))
        PANELS.clear()
        PANELS.update((each.name, each) for each in panels)
        return panel

    return register
