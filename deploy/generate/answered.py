"""Fields of answers as lines of a model."""

from __future__ import annotations

from deploy.generate.asked import LENGTHS
from deploy.generate.protos import Field
from deploy.generate.writing import model_field, said
from rondetafel.kit.v1.options_pb2 import Kind


def view_field(field: Field, message: str = "") -> str:
    """A field of an answer; `message` is the model it holds. Messages leave out what is empty: it gets its default."""
    comment = said(field.comment)
    if field.repeated:
        return model_field(field.name, f"list[{message or _entry(field)}]", "[]", comment)
    match field.type:
        case "text":
            return _text(field, comment)
        case "map":
            return model_field(field.name, "dict[str, str]", "{}", comment)
        case "flag":
            return model_field(field.name, "bool", "False", comment)
        case "number":
            return model_field(field.name, "int", None if field.rule.required else "0", comment)
        case "moment":
            annotation = "datetime"
        case "message":
            annotation = message
        case _:
            raise SystemExit(f"{field.name}: no form in the API for it")
    if field.rule.required:
        return model_field(field.name, annotation, None, comment)
    return model_field(field.name, f"{annotation} | None", "None", comment)


def _text(field: Field, comment: str) -> str:
    limits = {"max_length": LENGTHS[field.kind][1]} if field.kind == Kind.COLOUR else {}
    if field.rule.required:
        return model_field(field.name, _entry(field), None, comment, limits)
    if field.rule.nullable:
        return model_field(field.name, f"{_entry(field)} | None", "None", comment, limits)
    return model_field(field.name, "str", '""', comment, limits)


def _entry(field: Field) -> str:
    return "Id" if field.kind == Kind.UUID else "str"
