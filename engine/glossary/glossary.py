"""Looks terms up in texts, and returns the glossary as HTML."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from engine.glossary.terms import GLOSSARY, Term


def term(name: str) -> Term:
    """Return a term by its name; raise `KeyError` for an unknown one."""
    return _by_name()[name]


def terms_in(text: str) -> list[Term]:
    """Return the terms that a text on screen contains, in the order of the glossary.

    >>> [each.name for each in terms_in("Gap, logarithmic")]
    ['gap', 'logarithmic']
    """
    label = text.strip()
    return [each for each in GLOSSARY if label in each.labels or _pattern(each).search(text)]


def glossary_html(shown: Iterable[Term] = ()) -> str:
    """Return all terms as the HTML of a definition list, with their keys as anchors.

    Parameters
    ----------
    shown : iterable of Term
        Terms to list first, under a heading of their own.
    """
    first = list(shown)
    rest = sorted((each for each in GLOSSARY if each not in first), key=_alphabetical)
    if not first:
        return _list(rest)
    return f"<h3>On the stage now</h3>{_list(first)}<h3>All other terms</h3>{_list(rest)}"


def _list(terms: Sequence[Term]) -> str:
    return f"<dl>{''.join(map(_entry, terms))}</dl>"


def _entry(each: Term) -> str:
    formula = f"<br><i>{escape(each.formula)}</i>" if each.formula else ""
    name = f'<a name="{each.key}"><b>{escape(each.name)}</b></a>'
    return f"<dt>{name}</dt><dd>{escape(each.text)}{formula}</dd>"


def _alphabetical(each: Term) -> str:
    return each.name.lstrip("‖%0123456789 ").casefold()


@cache
def _by_name() -> dict[str, Term]:
    return {each.name: each for each in GLOSSARY}


@cache
def _pattern(each: Term) -> re.Pattern[str]:
    """Return what finds a term in a text, as whole words."""
    # A name of one letter is a word of its own only as a label.
    words = [word for word in (each.name, *each.words) if len(word) > 1 or word in "ηβε"]
    options = "|".join(
        f"(?i:{re.escape(word)})" if word == word.lower() else re.escape(word) for word in words
    )
    return re.compile(rf"(?<!\w)(?:{options})(?!\w)" if options else r"(?!)")
