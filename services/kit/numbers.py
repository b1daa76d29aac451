"""Numbers that come as text; apart from kit.fields, because the gate reads some and knows no messages."""

MOST_DIGITS = 18
"""So many fit into a bigint. Python itself raises ValueError for thousands of them, and reads digits of any script."""


def parse_number(value: str) -> int | None:
    """A whole number of 1 to 18 digits 0 to 9, None for anything else."""
    return int(value) if len(value) <= MOST_DIGITS and value.isascii() and value.isdigit() else None
