"""One expression in the notation of each library that a run can be copied to."""

import re
from dataclasses import dataclass, fields
from typing import final


@final
@dataclass(frozen=True)
class Code:
    """An expression with placeholders such as {z}; empty where a library cannot express it.

    Attributes
    ----------
    numpy, torch, jax : str
        Python, with these libraries imported as `np`, `torch`, and `jax` and `jnp`.
    latex : str
    definitions : str
        Python source of the functions that the NumPy expression calls.
    """

    numpy: str = ""
    torch: str = ""
    jax: str = ""
    latex: str = ""
    definitions: str = ""

    def with_argument(self, name: str, argument: "Code") -> "Code":
        """Return this code with the placeholder {name} replaced, in parentheses where needed.

        >>> Code(numpy="-{z} * f({z})").with_argument("z", Code(numpy="2.0 * {z}")).numpy
        '-(2.0 * {z}) * f(2.0 * {z})'
        """
        place = re.escape(f"{{{name}}}")

        def replaced(text: str, value: str) -> str:
            return re.sub(rf"\({place}\)|{place}", lambda _: f"({value})", text)

        return Code(
            **{
                each.name: replaced(getattr(self, each.name), getattr(argument, each.name))
                for each in fields(self)
            }
        )
