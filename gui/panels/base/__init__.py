"""The base classes of panels, and the items that panels are made of: what a panel imports."""

from gui.panels.base.axis_ranges import (
    StepsAxis,
    decade_range,
    decade_ticks,
    last_up_to,
    layer_ticks,
    rounded_up,
    whole_step,
)
from gui.panels.base.backdrop import Backdrop
from gui.panels.base.button import Button
from gui.panels.base.colours import ColourLegend, ColourScale
from gui.panels.base.content import no_two_units, not_two_inputs, one_input
from gui.panels.base.definitions import definition, with_definitions
from gui.panels.base.field_image import (
    FieldImage,
    answer_colours,
    paint_image,
    rgb_image,
    share_colours,
)
from gui.panels.base.fillings import Bars, FilledBand
from gui.panels.base.frame_plot import (
    FramePlotPanel,
    GrowingPlotPanel,
    Line,
    StudyCurvesPanel,
    log_sizes,
)
from gui.panels.base.interactions import (
    ActivationMenuRequested,
    ExperimentOpened,
    FrameRequested,
    Interaction,
    NetworkResized,
    ParameterClicked,
    ParameterDragged,
    ParameterDropped,
    QuantityClicked,
    ValueEdited,
)
from gui.panels.base.item import AreaItem, Item, painting_or_failing
from gui.panels.base.label import Label
from gui.panels.base.legend import Entry, Legend
from gui.panels.base.panel import (
    LETTERS,
    LINE_STYLES,
    LINE_WIDTHS,
    TEXT,
    Panel,
    ViewState,
    WhatIf,
    register_panel,
)
from gui.panels.base.plot import (
    Curve,
    FieldItem,
    Markers,
    PlotPanel,
    Range,
    nearest_marks,
    unit_size,
)
from gui.panels.base.table import CENTRE, LEFT, RIGHT, Column, TableCell, TablePanel
from gui.panels.base.text import formula_text, number_text, size_text, subscript
from gui.panels.base.zones import make_field, shaded_zone

__all__ = [
    "CENTRE",
    "LEFT",
    "LETTERS",
    "LINE_STYLES",
    "LINE_WIDTHS",
    "RIGHT",
    "TEXT",
    "ActivationMenuRequested",
    "AreaItem",
    "Backdrop",
    "Bars",
    "Button",
    "ColourLegend",
    "ColourScale",
    "Column",
    "Curve",
    "Entry",
    "ExperimentOpened",
    "FieldImage",
    "FieldItem",
    "FilledBand",
    "FramePlotPanel",
    "FrameRequested",
    "GrowingPlotPanel",
    "Interaction",
    "Item",
    "Label",
    "Legend",
    "Line",
    "Markers",
    "NetworkResized",
    "Panel",
    "ParameterClicked",
    "ParameterDragged",
    "ParameterDropped",
    "PlotPanel",
    "QuantityClicked",
    "Range",
    "StepsAxis",
    "StudyCurvesPanel",
    "TableCell",
    "TablePanel",
    "ValueEdited",
    "ViewState",
    "WhatIf",
    "answer_colours",
    "decade_range",
    "decade_ticks",
    "definition",
    "formula_text",
    "last_up_to",
    "layer_ticks",
    "log_sizes",
    "make_field",
    "nearest_marks",
    "no_two_units",
    "not_two_inputs",
    "number_text",
    "one_input",
    "paint_image",
    "painting_or_failing",
    "register_panel",
    "rgb_image",
    "rounded_up",
    "shaded_zone",
    "share_colours",
    "size_text",
    "subscript",
    "unit_size",
    "whole_step",
    "with_definitions",
]
