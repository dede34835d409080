"""Widgets and actions that the whole window shares."""

from gui.widgets.actions import (
    COMMANDS,
    Action,
    ActionButton,
    Needs,
    draw_icons,
    fill_menus,
    key_texts,
    make_actions,
    tool_tip,
)
from gui.widgets.builders import (
    Part,
    column,
    configured,
    dispose_widget,
    forget_style,
    push_button,
    row,
    set_style_property,
    widget_of,
)
from gui.widgets.file_dialog import file_dialog, file_stem, file_to_save, with_suffix
from gui.widgets.message_bar import MessageBar, capitalised
from gui.widgets.number_box import NumberBox, number_text
from gui.widgets.plain_text import (
    TERM_LINK,
    as_it_stands,
    caption,
    harmless,
    in_short,
    window_title,
)
from gui.widgets.widget_list import WidgetList

__all__ = [
    "COMMANDS",
    "TERM_LINK",
    "Action",
    "ActionButton",
    "MessageBar",
    "Needs",
    "NumberBox",
    "Part",
    "WidgetList",
    "as_it_stands",
    "capitalised",
    "caption",
    "column",
    "configured",
    "dispose_widget",
    "draw_icons",
    "file_dialog",
    "file_stem",
    "file_to_save",
    "fill_menus",
    "forget_style",
    "harmless",
    "in_short",
    "key_texts",
    "make_actions",
    "number_text",
    "push_button",
    "row",
    "set_style_property",
    "tool_tip",
    "widget_of",
    "window_title",
    "with_suffix",
]
