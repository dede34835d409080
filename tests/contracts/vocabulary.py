"""The words on panels: each is plain English, or a term of the glossary."""

import re
from collections.abc import Iterable

from engine.glossary import GLOSSARY

WORDS = """
    above activations add after against and are axis becomes began best between beyond bit bits
    both breaks broken change changed checked click coin compare constant count counts dashed data
    decide derivation difference different differs direction directions does dot drawn each ends
    epochs ever every exact example fails far final first fit floats for fork formulas forward
    frame framed frames from gain grows growth half has have heads how incoming independent init
    inputs its label labels large last layer layers limit linear lines lowest measured more nan
    network never next none normal not nothing numbers numpy off once only open other outgoing pairs
    parameters part pass paths per predict predicted products random randomness rates ringed run
    same sample samples says scale scales shapes share shown shrinks signs since small start
    starts state stay still strip sums surfaces target that their them they this those ties times
    too toss tosses two unchanged uniform unit unknown value vanishes variances vectors weights
    what where which why width with within without wrong xavier yet zero zeros
"""
PLAIN = frozenset(WORDS.split())
"""The words that need no definition."""
WORD = re.compile(r"[a-z]{3,}")


def undefined_words(texts: Iterable[str]) -> set[str]:
    """Return the words of texts that are neither plain nor part of a term.

    Define them in `engine/glossary/terms.py`, or add them to `PLAIN` if everyone knows them.
    """
    terms = " ".join(part for term in GLOSSARY for part in (term.name, *term.words, *term.labels))
    known = PLAIN | set(WORD.findall(terms.lower()))
    return {word for text in texts for word in WORD.findall(text.lower())} - known
