"""Python as text: literals, fields of models, docstrings. Layout is ruff's."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Mapping, Sequence

WIDTH = 96


def python_name(name: str) -> str:
    """A trailing underscore makes room for Python's own words."""
    return f"{name}_" if keyword.iskeyword(name) else name


def literal(value: object) -> str:
    """A value of JSON; long texts in pieces."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name!r}: {literal(part)}" for name, part in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str) and len(value) > WIDTH:
        pieces = textwrap.wrap(value, WIDTH, drop_whitespace=False, break_long_words=False, break_on_hyphens=False)
        return "(" + " ".join(map(repr, pieces)) + ")" if len(pieces) > 1 else repr(value)
    return repr(value)


def model_field(
    name: str, annotation: str, default: str | None, description: str, limits: Mapping[str, int] | None = None
) -> str:
    """A line of a model: with Field only where there is more to say than a default."""
    said = [] if default is None else [default]
    plain = len(said)
    if python_name(name) != name:
        said.append(f'alias="{name}"')
    said += [f"{limit}={value:_}" for limit, value in (limits or {}).items()]
    if description:
        said.append(f"description={literal(description)}")
    if len(said) > plain:
        return f"{python_name(name)}: {annotation} = Field({', '.join(said)})"
    return f"{python_name(name)}: {annotation}" + ("" if default is None else f" = {default}")


def said(comment: str) -> str:
    """A comment for readers who have the API alone: without the numbers of our invariants, and as a sentence."""
    text = re.sub(r" \(invariants? [\d, ]+\)", "", comment)
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+ ", text) else text


def docstring(text: str, indent: int) -> str:
    """Indented and wrapped."""
    return textwrap.fill(
        f'"""{text}"""', 120, break_long_words=False, break_on_hyphens=False, subsequent_indent=" " * indent,
        initial_indent=" " * indent,
    )  # fmt: skip
