"""The glossary: a definition of every term on screen, for tool tips, help, lessons and pages."""

from engine.glossary.glossary import glossary_html, term, terms_in
from engine.glossary.terms import GLOSSARY, Term

__all__ = ["GLOSSARY", "Term", "glossary_html", "term", "terms_in"]
