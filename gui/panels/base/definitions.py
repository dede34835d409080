"""Definitions of the terms of a text, for tool tips."""

from textwrap import wrap

from engine.glossary import term, terms_in

WIDTH = 76
"""The number of characters in a line of a tool tip."""
MOST_TERMS = 3


def definition(name: str) -> str:
    """Return the definition of a term, with its formula, in lines."""
    found = term(name)
    lines = wrap(f"{found.name}: {found.text}", WIDTH)
    return "\n".join([*lines, found.formula] if found.formula else lines)


def with_definitions(text: str, about: str) -> str:
    """Return a text followed by the definitions of the first terms in `about`."""
    definitions = [definition(each.name) for each in terms_in(about)[:MOST_TERMS]]
    return "\n\n".join(filter(None, [text, *definitions]))
