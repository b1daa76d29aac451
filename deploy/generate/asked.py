"""Fields of bodies and queries as lines of a model."""

from __future__ import annotations

from deploy.generate.protos import Field
from deploy.generate.writing import model_field, said
from rondetafel.kit.v1.options_pb2 import Kind

FORMS = {
    Kind.UUID: "Id", Kind.DAY: "Day", Kind.PARTIAL_DAY: "PartialDay", Kind.AGE: "WholeYears", Kind.NIS: "Nis",
    Kind.KBO: "Kbo",
}  # fmt: skip
"""Kinds whose form the API checks by a pattern or bounds (services/portal/api/schema.py)."""
LENGTHS = {Kind.EMAIL: (3, 254), Kind.COLOUR: (7, 7)}
"""Of these it checks the size alone."""

WORDS = {Kind.TEXT: "Text", Kind.NAME: "Name", Kind.EMAIL: "Text"}
"""Sizes of these count what is left of a text."""


def body_field(field: Field, message: str = "") -> str:
    """A field of a body; `message` is the model it holds. What is not required may be absent, null or empty."""
    if field.repeated:
        return _list(field, message)
    limits: dict[str, int] = {}
    match field.type:
        case "flag" if field.optional:
            annotation = "bool"
        case "flag":
            return model_field(field.name, "bool", None if field.rule.stated else "False", said(field.comment))
        case "number" if field.kind in FORMS:
            return model_field(field.name, FORMS[field.kind], None, said(field.comment))
        case "message":
            annotation = message
        case "moment":
            annotation = "Moment"
        case "text":
            annotation, limits = _text(field)
        case _:
            raise _formless(field)
    if field.rule.required or field.rule.stated:
        return model_field(field.name, annotation, None, said(field.comment), limits)
    return model_field(field.name, f"{annotation} | None", "None", said(field.comment), limits)


def query_field(field: Field) -> str:
    """A field of a query: absent and empty are the same there. A list is the same name several times."""
    comment, rule = said(field.comment), field.rule
    if rule.required:
        raise _formless(field)
    if field.repeated:
        return _list(field, "")
    match field.type, field.kind:
        case "flag", _:
            return model_field(field.name, "bool", "False", comment)
        case "moment", _:
            return model_field(field.name, "Moment | None", "None", comment)
        case "text", Kind.UUID:
            return model_field(field.name, "IdOrEmpty", '""', comment)
        case "text", Kind.CODE:
            return model_field(field.name, f'Literal[codes.{rule.codes}, ""]', '""', comment)
        case "text", Kind.TEXT if rule.longest:
            return model_field(field.name, "str", '""', comment, {"max_length": rule.longest})
    raise _formless(field)


def _list(field: Field, message: str) -> str:
    entry, inner = (message, {}) if field.type == "message" else _text(field)
    if inner or not field.rule.most:
        raise _formless(field)
    limits = {"min_length": field.rule.least} if field.rule.least else {}
    default = None if field.rule.least else "[]"
    return model_field(
        field.name, f"list[{entry}]", default, said(field.comment), limits | {"max_length": field.rule.most}
    )


def _text(field: Field) -> tuple[str, dict[str, int]]:
    if field.kind in FORMS:
        return FORMS[field.kind], {}
    if field.kind == Kind.CODE:
        return f"codes.{field.rule.codes}", {}
    least, longest = LENGTHS.get(field.kind, (1, field.rule.longest))
    if field.type != "text" or not longest:
        raise _formless(field)
    limits = {"min_length": least, "max_length": longest} if field.rule.required else {"max_length": longest}
    return WORDS.get(field.kind, "str"), limits


def _formless(field: Field) -> SystemExit:
    return SystemExit(f"{field.name}: no form in the API for it; every text has a limit, every list of it a `most`")
