"""Examples of messages, made of those of their fields."""

from __future__ import annotations

import json
from collections.abc import Iterable

from deploy.generate.doors import view_of
from deploy.generate.protos import Field, Protos


def example_of(protos: Protos, fields: Iterable[Field]) -> dict[str, object]:
    """As it goes over the wire; what has no example is left out."""
    values = {field.name: _value(protos, field) for field in fields}
    return {name: value for name, value in values.items() if value is not None}


def _value(protos: Protos, field: Field) -> object:
    if field.type == "message":
        value: object = example_of(protos, view_of(protos, field).fields) or None
    elif not field.rule.example:
        return None
    elif field.type in ("text", "moment"):
        value = field.rule.example
    else:
        value = json.loads(field.rule.example)
    return [value] if field.repeated and value is not None else value
