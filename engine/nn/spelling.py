"""The spelling of names in PyTorch, Keras and JAX, and of first weights in NumPy.

Two spellings are the same name if their `folded` texts are equal; an alias with a place such as
{scale} matches any number there.
"""

import re
from functools import cache, lru_cache

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
LONGEST = 200
"""A longer text is no name, and stays as it is."""
_PREFIX = re.compile(r"\b(?:default_rng\([^()]*\)\.)|\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")
_SHAPED = re.compile(r"\b(randn|rand|random|zeros|ones)\(")
_CALL = re.compile(r"(?!sqrt\()([a-z_]\w*)\((.*)\)")
_VALUE = re.compile(rf"(?!size=|shape=|dtype=).*=.*|{NUMBER}|\{{.*")
_FAN_IN = re.compile(r"\b(?:n_in|fan_in|n_prev|n_inputs|\w+\[\w+-1\]|shape\[1\])")
_WHOLE = re.compile(r"(\d)\.0*(?![\de])")


@lru_cache(maxsize=1024)
def compact(text: str) -> str:
    """Return a text in lower case, without white space, modules, and the arrays to be filled.

    The number of inputs is n, standard_normal is randn, and whole numbers have no point.

    >>> compact("nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))")
    'kaiming_uniform_(a=sqrt(5))'
    >>> compact("np.random.randn(n_out, n_in) * np.sqrt(2. / n_in)")
    'randn*sqrt(2/n)'
    """
    if len(text) > LONGEST:
        return text
    text = re.sub(r"\s", "", _PREFIX.sub("", text)).lower().replace("standard_normal", "randn")
    while match := _SHAPED.search(text):
        text = text[: match.end(1)] + text[_closing(text, match.end() - 1) + 1 :]
    text = _WHOLE.sub(r"\1", _FAN_IN.sub("n", text))
    match = _CALL.fullmatch(text)
    if match and _closing(text, match.end(1)) == len(text) - 1:
        values = [part for part in match[2].split(",") if _VALUE.fullmatch(part)]
        text = f"{match[1]}({','.join(values)})" if values else match[1]
    return text


def folded(text: str) -> str:
    """Return a compact text without the marks that separate words: the same for all spellings.

    >>> folded("HeNormal") == folded("he-normal") == folded("jax.nn.initializers.he_normal()")
    True
    """
    return re.sub(r"[-_]", "", compact(text))


def without_arguments(text: str) -> str:
    """Return a compact text without the arguments of its call."""
    match = _CALL.fullmatch(compact(text))
    return match[1] if match else compact(text)


def values_in(text: str, alias: str) -> dict[str, float] | None:
    """Return the numbers at the places of an alias; None if it is not the alias.

    >>> values_in("0.01 * randn", "{scale} * randn"), values_in("randn", "{scale} * randn")
    ({'scale': 0.01}, None)
    """
    if "{" not in alias:
        return {} if compact(alias) == compact(text) else None
    match = _pattern(alias).fullmatch(compact(text).replace("_", ""))
    return match and {name: float(value) for name, value in match.groupdict().items()}


@cache
def _pattern(alias: str) -> re.Pattern[str]:
    pattern = re.escape(compact(alias).replace("_", ""))
    return re.compile(re.sub(r"\\\{(\w+)\\\}", lambda place: f"(?P<{place[1]}>{NUMBER})", pattern))


def _closing(text: str, opening: int) -> int:
    """Return the position of the bracket that closes the one at `opening`, or the last."""
    depth = 0
    for position in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return len(text) - 1
