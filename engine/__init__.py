"""The engine: experiments, networks, training, studies and claims, with NumPy and without Qt."""

from engine.errors import (
    InitscopeError,
    UsageError,
    error_prefix,
    one_line,
    require,
    suggestion,
    unknown_name,
)
from engine.generators import Steps, drain
from engine.spec import NotNegative, Positive, Real, Seed, Spec, Steepness, default_of, split_path
from engine.text import (
    code_characters,
    counted,
    finite_or_none,
    parse_number,
    parse_whole,
    plain_text,
    superscript,
    typeset,
    xml_characters,
)
from engine.types import Array
from engine.weak_cache import WeakCache

__all__ = [
    "Array",
    "InitscopeError",
    "NotNegative",
    "Positive",
    "Real",
    "Seed",
    "Spec",
    "Steepness",
    "Steps",
    "UsageError",
    "WeakCache",
    "code_characters",
    "counted",
    "default_of",
    "drain",
    "error_prefix",
    "finite_or_none",
    "one_line",
    "parse_number",
    "parse_whole",
    "plain_text",
    "require",
    "split_path",
    "suggestion",
    "superscript",
    "typeset",
    "unknown_name",
    "xml_characters",
]
