"""The style sheet of the widgets, in the colours of a theme."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.style.icons import FOLDER
from gui.style.theme import Theme, font

FONT_SIZE = 13


def dress_application(theme: Theme) -> None:
    """Give the application, with all its windows, the looks of a theme."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setFont(font(FONT_SIZE))
    application.setPalette(theme.palette())
    application.setStyleSheet(style_sheet(theme))


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of the application for a theme."""
    return _STYLE.format(
        hover=_mixed(theme.text, theme.surface, 0.08),
        pressed=_mixed(theme.text, theme.surface, 0.16),
        chosen=_mixed(theme.accent, theme.background, 0.28),
        wrong=_mixed(theme.alarm, theme.surface, 0.12),
        icons=FOLDER.as_posix(),
        **{name: getattr(theme, name) for name in _COLOURS},
    )


def _mixed(front: str, back: str, share: float) -> str:
    """Return a share of one colour laid over another."""
    top, under = QColor(front), QColor(back)
    mixed = QColor.fromRgbF(
        *(
            getattr(top, channel)() * share + getattr(under, channel)() * (1.0 - share)
            for channel in ("redF", "greenF", "blueF")
        )
    )
    return mixed.name()


_COLOURS = ("background", "surface", "outline", "text", "muted", "accent", "alarm")
_STYLE = """
QToolTip {{ color: {text}; background: {surface}; border: 1px solid {outline}; padding: 4px; }}
QMainWindow, QDialog {{ background: {background}; }}
QMenuBar {{ background: {background}; padding: 2px 6px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 5px; background: transparent; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {surface}; border: 1px solid {outline}; border-radius: 8px; padding: 5px; }}
QMenu::item {{ padding: 5px 26px 5px 24px; border-radius: 5px; }}
QMenu::item:selected {{ background: {chosen}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {outline}; margin: 5px 8px; }}
QMenu::indicator {{ left: 7px; width: 12px; height: 12px; }}

QScrollArea#controls_form, QWidget#controls_inside {{ background: {background}; }}
QScrollArea#controls_form {{ border-left: 1px solid {outline}; }}
QFrame#claims_browser {{ background: {background}; border-right: 1px solid {outline}; }}
QListWidget#claims_list {{
    background: {background}; border: none; border-top: 1px solid {outline}; outline: none;
}}
QListWidget#claims_list::item {{ padding: 5px 8px 5px 6px; color: {text}; }}
QListWidget#claims_list::item:hover {{ background: {hover}; }}
QListWidget#claims_list::item:selected {{ background: {chosen}; color: {text}; }}
QSplitter#claims_parts::handle {{
    background: {surface}; border-top: 1px solid {outline};
}}
QSplitter#claims_parts::handle:hover {{ background: {accent}; }}
QScrollArea#claim_detail {{ border: none; }}
QScrollArea#claim_detail, QWidget#claim_inside {{ background: {surface}; }}
QLabel#claim_hint {{ border: none; border-left: 3px solid {accent}; padding-left: 9px; }}
QWidget#claim_inside QLabel[chosen="true"] {{ background: {chosen}; border-radius: 5px; }}
QFrame#claim_banner {{ background: {surface}; border-bottom: 1px solid {outline}; }}
QPushButton#claim_banner_back {{ border: none; padding: 0 4px; color: {accent}; }}
QPushButton#claim_banner_back:hover {{ text-decoration: underline; }}
QScrollBar:vertical {{ background: transparent; width: 9px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {outline}; border-radius: 2px; min-height: 30px; }}
QScrollBar::handle:vertical:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QScrollArea#explanation_scroll {{ background: {surface}; border: 1px solid {outline}; }}
QTabBar#explain_view::tab {{
    color: {muted}; padding: 6px 16px; border: none; border-bottom: 2px solid transparent;
}}
QTabBar#explain_view::tab:hover {{ color: {text}; }}
QTabBar#explain_view::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}

QLabel[role="caption"] {{ color: {muted}; }}
QLabel[role="formula"] {{ color: {muted}; font-size: 12px; padding-left: 100px; }}
QLabel[role="error"] {{ color: {alarm}; font-size: 12px; padding-left: 100px; }}
QLabel[role="chip"] {{ background: {hover}; border-radius: 6px; }}
QLabel[role="quiet"] {{ color: {muted}; }}
QFrame[role="card"] {{ background: {surface}; border: 1px solid {outline}; border-radius: 9px; }}
QFrame[role="card"][chosen="true"] {{ border: 1px solid {accent}; }}
QFrame#weight_editor {{ background: {surface}; border: 1px solid {muted}; }}
QFrame#weight_editor QLabel[role="error"] {{ padding-left: 0; }}
QLabel[role="title"] {{ font-weight: 600; }}
QFrame#message_bar {{ background: {surface}; border: 1px solid {accent}; border-radius: 9px; }}
QFrame#message_bar[role="wrong"] {{ background: {wrong}; border-color: {alarm}; }}

QLineEdit, QAbstractSpinBox, QComboBox {{
    background: {surface}; border: 1px solid {outline}; border-radius: 6px;
    padding: 3px 7px; min-height: 19px; selection-background-color: {chosen};
    selection-color: {text};
}}
QFrame[role="card"] QLineEdit, QFrame[role="card"] QAbstractSpinBox,
QFrame[role="card"] QComboBox {{ background: {background}; }}
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {{ border-color: {muted}; }}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{ border-color: {accent}; }}
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"] {{
    border-color: {alarm}; background: {wrong};
}}
QAbstractSpinBox {{ padding: 1px 18px 1px 0; }}
QAbstractSpinBox QLineEdit {{
    border: none; padding: 0 0 0 6px; min-height: 0; background: transparent;
}}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: border; width: 18px; border: none; background: transparent;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin-top: 2px; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin-bottom: 2px; }}
QAbstractSpinBox::up-arrow {{ image: url("{icons}/arrow-up.svg"); width: 9px; height: 9px; }}
QAbstractSpinBox::down-arrow {{ image: url("{icons}/arrow-down.svg"); width: 9px; height: 9px; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url("{icons}/arrow-down.svg"); width: 11px; height: 11px; }}
QComboBox QAbstractItemView {{
    background: {surface}; border: 1px solid {outline}; padding: 4px; outline: none;
    selection-background-color: {chosen}; selection-color: {text};
}}
QRadioButton::indicator {{
    width: 12px; height: 12px; border: 1px solid {muted}; border-radius: 7px; background: {surface};
}}
QRadioButton::indicator:checked {{
    border-color: {accent};
    background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
        stop: 0 {accent}, stop: 0.55 {accent}, stop: 0.65 {surface}, stop: 1 {surface});
}}
QRadioButton::indicator:disabled {{ border-color: {outline}; }}
QPushButton {{
    background: {surface}; border: 1px solid {outline}; border-radius: 6px;
    padding: 5px 12px; min-height: 18px;
}}
QPushButton:hover, QPushButton:focus {{ border-color: {accent}; }}
QPushButton:pressed {{ background: {pressed}; }}
QPushButton:disabled {{ color: {muted}; }}
QToolButton {{ border: none; border-radius: 6px; padding: 3px; background: transparent; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:pressed {{ background: {pressed}; }}
QToolButton:checked {{ background: {chosen}; }}
QToolButton:focus {{ border: 1px solid {accent}; padding: 2px; }}
QToolButton#edit_data_button {{
    background: {surface}; border: 1px solid {outline}; padding: 5px 12px; min-height: 18px;
}}
QToolButton#edit_data_button:hover {{ border-color: {accent}; }}
QToolButton#edit_data_button:checked {{ background: {chosen}; border-color: {accent}; }}
QToolButton#edit_data_button:disabled {{ color: {muted}; }}
QAbstractScrollArea QSlider::groove:horizontal, QFrame#weight_editor QSlider::groove:horizontal {{
    height: 4px; border-radius: 2px; background: {outline};
}}
QAbstractScrollArea QSlider::sub-page:horizontal {{ border-radius: 2px; background: {accent}; }}
QAbstractScrollArea QSlider::handle:horizontal, QFrame#weight_editor QSlider::handle:horizontal {{
    width: 14px; margin: -5px 0; border-radius: 7px; background: {accent};
}}
QAbstractScrollArea QSlider::handle:horizontal:focus {{ background: {text}; }}
QToolButton#play_button {{ padding: 6px; border-radius: 17px; background: {hover}; }}
QToolButton#play_button:hover {{ background: {pressed}; }}
"""
