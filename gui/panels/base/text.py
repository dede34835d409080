"""Numbers and formulas as short texts on the stage."""

from engine import typeset

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(number: int) -> str:
    """Write a number below the line."""
    return str(number).translate(SUBSCRIPTS)


def formula_text(formula: str) -> str:
    """Write the fans of an initializer's formula below the line.

    >>> formula_text("N(0, 2/(n_in + n_out))")
    'N(0, 2/(nᵢₙ + nₒᵤₜ))'
    """
    return formula.replace("n_in", "nᵢₙ").replace("n_out", "nₒᵤₜ")


def number_text(value: float, digits: int = 2) -> str:
    """Write a number for a narrow place: signed, short, and never 0 unless it is 0.

    >>> number_text(0.0), number_text(1.1264), number_text(-0.00123), number_text(1e-16)
    ('0', '+1.13', '−0.001', '+1.0·10⁻¹⁶')
    """
    if value == 0.0:
        return "0"
    if value != value:
        return "NaN"
    size = abs(value)
    sign = "−" if value < 0.0 else "+"
    if size == float("inf"):
        return f"{sign}∞"
    if 10.0**-digits <= size < 1000.0:
        return f"{sign}{size:.{digits}f}"
    if 1e-4 <= size < 1.0:
        return f"{sign}{size:.1g}"
    return sign + typeset(f"{size:.1e}")


def size_text(value: float, digits: int) -> str:
    """Write a size for a narrow place, without a sign; exact zero in words.

    >>> size_text(0.0, 3), size_text(1.1264, 3)
    ('exactly 0', '1.126')
    """
    return number_text(value, digits).lstrip("+") if value else "exactly 0"
