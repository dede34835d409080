"""The glossary: well-formed entries, and their places in texts."""

import re

import pytest

from engine.glossary import GLOSSARY, Term, glossary_html, term, terms_in


@pytest.mark.parametrize("entry", GLOSSARY, ids=lambda entry: entry.key)
def test_an_entry_is_a_sentence_with_a_key_for_addresses(entry: Term) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", entry.key)
    assert re.fullmatch(r"[A-ZŷΣ].*\.", entry.text)
    assert len(entry.text) < 280
    assert term(entry.name) is entry


def test_names_and_words_belong_to_one_term_each() -> None:
    each = [{word.lower() for word in (entry.name, *entry.words)} for entry in GLOSSARY]
    words = [word for of_one in each for word in of_one]
    assert len(words) == len(set(words))
    assert len({entry.key for entry in GLOSSARY}) == len(GLOSSARY)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("saturated: a₁ 3 %, a₂ 5 %", ["saturated"]),
        ("Share saturated, or inactive", ["saturated", "inactive"]),
        ("loss 0.3   ·   100 % right", ["% right", "loss"]),
        ("1 ulp", ["ulp"]),
        ("e-foldings in 100", ["e-folding"]),
        ("plateau: the loss stays near 0.69", ["plateau", "loss"]),
        ("hidden unit 2 of layer 1 active again for some example", ["dead"]),
        ("effective units", ["distinct units"]),
        ("of all", ["median step"]),
        ("3 % of all activations", []),
        ("a", ["a"]),
        ("A zero", []),
        ("gapless", []),
    ],
)
def test_terms_are_found_as_whole_words(text: str, names: list[str]) -> None:
    assert [entry.name for entry in terms_in(text)] == names


def test_html_lists_every_term_once_with_those_shown_first() -> None:
    html = glossary_html([term("ulp"), term("gap")])
    anchors = re.findall(r'name="([^"]+)"', html)
    assert anchors[:2] == ["ulp", "gap"]
    assert sorted(anchors) == sorted(entry.key for entry in GLOSSARY)
    assert "<h3>" not in glossary_html()
