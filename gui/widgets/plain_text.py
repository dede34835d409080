"""Text that someone else wrote, for the places where Qt would make more of it than text.

A tool tip or a question takes for HTML what looks like it, and HTML may name files to load.
"""

import re
from collections.abc import Iterator

from PySide6.QtGui import (
    Qt,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
)

LONGEST = 80
_MARKDOWN = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_AROUND = re.compile(r".*<body[^>]*>|</body>.*", re.DOTALL)
"""The head, and the body's own font: that of the label is meant."""


def as_it_stands(text: str) -> str:
    """Return text for a tool tip or a question, which then shows it as it is, tags and all."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def window_title(title: str) -> str:
    """Return the title of a window, with the place of Qt's star for what is not saved."""
    return f"{title.replace('[*]', '[*][*]')}[*] — Initscope"


def in_short(text: str) -> str:
    """Return text of one line that is not endless."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def caption(text: str) -> str:
    """Return text for a menu: in short, with & for itself and not for a key."""
    return in_short(text).replace("&", "&&")


def harmless(markdown: str) -> str:
    """Return Markdown as HTML for a label, in which there is nothing to load and to open.

    HTML in it stands there as it was written, a description in place of each picture, and of a
    link its words and its address.
    """
    document = QTextDocument()
    document.setMarkdown(markdown, _MARKDOWN)
    for fragment in reversed(list(_fragments(document))):
        what = fragment.charFormat()
        if what.isImageFormat() or what.isAnchor():
            cursor = QTextCursor(document)
            cursor.setPosition(fragment.position())
            end = fragment.position() + fragment.length()
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(_instead(fragment), QTextCharFormat())
    return _AROUND.sub("", document.toHtml())


def _fragments(document: QTextDocument) -> Iterator[QTextFragment]:
    block = document.begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            yield iterator.fragment()
            iterator += 1
        block = block.next()


def _instead(fragment: QTextFragment) -> str:
    """Return what stands in place of a picture or a link."""
    what = fragment.charFormat()
    if what.isImageFormat():
        return f"[{what.stringProperty(QTextFormat.Property.ImageAltText) or 'picture'}]"
    words, address = fragment.text(), what.anchorHref()
    return words if address.endswith(words) else f"{words} ({address})"
