"""One written form of a command for its idempotency key: the same for the same request, whatever release reads it.

A field that equals its default is left out, and fields go by name: adding one with a default, or moving one, changes
nothing. Every part says how long it is, so that no two commands share a form.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

FORM = "2"
"""Of the written form; another form gets another number, so that a key of before is not taken for one of now."""


def canonical(command: object) -> str:
    """The written form of a command. Raises TypeError for what is no data, such as a function or a service."""
    return f"{FORM}|{_of(command)}"


def _of(value: object) -> str:
    match value:
        case None:
            return _part("n", "")
        case Enum():
            # By its value: what becomes a list of codes was a text before.
            return _of(value.value)
        case bool():
            return _part("b", str(int(value)))
        case int():
            return _part("i", str(value))
        case str():
            return _part("s", value)
        case UUID():
            return _part("u", value.hex)
        case datetime():
            if value.tzinfo is None:
                raise TypeError("a moment without a zone has no written form")
            return _part("m", value.astimezone(UTC).isoformat())
        case date():
            return _part("d", value.isoformat())
        case tuple() | list():
            return _part("l", "".join(_of(item) for item in value))
        case frozenset() | set():
            return _part("f", "".join(sorted(_of(item) for item in value)))
        case Mapping():
            return _part("a", "".join(sorted(_of(key) + _of(item) for key, item in value.items())))
    if is_dataclass(value) and not isinstance(value, type):
        said = [
            name + _of(getattr(value, field.name))
            for name, field in _named(type(value))
            if not _is_default(value, field)
        ]
        return _part("o", "".join(said))
    raise TypeError(f"{type(value).__name__} has no written form")


@functools.cache
def _named(kind: type) -> tuple[tuple[str, Field[Any]], ...]:
    """The fields of a dataclass in the order of their names, with the written form of these."""
    return tuple((_of(field.name), field) for field in sorted(fields(kind), key=lambda one: one.name))


def _part(kind: str, text: str) -> str:
    return f"{kind}{len(text)}:{text}"


def _is_default(value: object, field: Field[Any]) -> bool:
    present = getattr(value, field.name)
    if field.default is not MISSING:
        return type(present) is type(field.default) and bool(present == field.default)
    return field.default_factory is not MISSING and bool(present == field.default_factory())
