"""What sentences for the user share."""


def counted(number: int, what: str) -> str:
    """Return a number with the noun it counts.

    >>> print(counted(1, "edit"), counted(1200, "point"), sep=", ")
    1 edit, 1,200 points
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"
