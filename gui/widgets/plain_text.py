"""Displays untrusted text where Qt would interpret it as rich text.

Tool tips and message boxes interpret text that looks like HTML, and HTML can load files.
"""

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
MOST_LINES = 300
MOST_CHARACTERS = 20_000
CUT = "… The rest is in the file: copy the experiment as text to read all."
TERM_LINK = "glossary:"
"""The beginning of the address of a link to a term of the glossary, before its key."""
_MARKDOWN = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


def as_it_stands(text: str) -> str:
    """Return text that a tool tip or a message box shows unchanged, including tags."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def window_title(title: str) -> str:
    """Return the title of a window, with Qt's placeholder for unsaved changes."""
    return f"{title.replace('[*]', '[*][*]')}[*] — Initscope"


def in_short(text: str) -> str:
    """Return text as one line of at most `LONGEST` characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def caption(text: str) -> str:
    """Return text for a menu: one line, with & escaped."""
    return in_short(text).replace("&", "&&")


def harmless(markdown: str) -> str:
    """Return Markdown as HTML for a label, without anything to load or to open.

    HTML in it is shown as text. An image is replaced by its description, and a link by its text and
    its address, except links to terms of the glossary. Only the first `MOST_LINES` and
    `MOST_CHARACTERS` are shown, because Qt takes time quadratic in the number of rows to read and
    to lay out a table.
    """
    lines = markdown[:MOST_CHARACTERS].splitlines()[:MOST_LINES]
    if sum(map(len, lines)) + len(lines) < len(markdown):
        lines += ["", f"*{CUT}*"]
    document = QTextDocument()
    document.setMarkdown("\n".join(lines), _MARKDOWN)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()  # each edit alone would lay out its paragraph again
    for fragment in reversed(list(_fragments(document))):
        text_format = fragment.charFormat()
        is_term = text_format.anchorHref().startswith(TERM_LINK)
        if text_format.isImageFormat() or (text_format.isAnchor() and not is_term):
            cursor.setPosition(fragment.position())
            end = fragment.position() + fragment.length()
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(_replacement(fragment), QTextCharFormat())
    cursor.endEditBlock()
    # Without the body tag and its font, in place of which the font of the label is used.
    body = document.toHtml().partition("<body")[2].partition(">")[2]
    return body.rpartition("</body>")[0]


def _fragments(document: QTextDocument) -> Iterator[QTextFragment]:
    block = document.begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            yield iterator.fragment()
            iterator += 1
        block = block.next()


def _replacement(fragment: QTextFragment) -> str:
    text_format = fragment.charFormat()
    if text_format.isImageFormat():
        return f"[{text_format.stringProperty(QTextFormat.Property.ImageAltText) or 'picture'}]"
    words, address = fragment.text(), text_format.anchorHref()
    return words if address.endswith(words) else f"{words} ({address})"
