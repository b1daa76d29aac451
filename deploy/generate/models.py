"""services/portal/api/generated/models and codes.py: what the REST API takes and gives, a module per proto package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from deploy.generate.answered import view_field
from deploy.generate.asked import body_field, query_field
from deploy.generate.doors import Door, bodies, view_name, view_of, views
from deploy.generate.examples import example_of
from deploy.generate.protos import Field, Message, Protos
from deploy.generate.writing import docstring, literal, said

OF_SCHEMA = (
    "Body", "Day", "Id", "IdOrEmpty", "Kbo", "Moment", "Name", "Nis", "Page", "PartialDay", "Query", "Text", "View",
    "WholeYears", "example",
)  # fmt: skip
OF_PAGE = frozenset({"page_size", "cursor"})
MADE = "Made by `make proto`"


def literals(protos: Protos) -> str:
    """The lists of codes as types."""
    lines = [f'"""The lists of codes as types. {MADE} from proto/rondetafel/kit/v1/codes.proto."""', ""]
    lines += ["from typing import Literal", ""]
    lines += [f"{name} = Literal[{', '.join(map(repr, values))}]" for name, values in protos.codes.items()]
    return "\n".join(lines) + "\n"


def models(doors: tuple[Door, ...], package: str) -> str:
    """The module of one package."""
    inner, own = bodies(doors), [door for door in doors if door.method.package == package]
    classes = [*_bodies(own, inner), *_queries(own), *_views(own, inner)]
    names = [re.findall(r"class (\w+)", written)[0] for written in classes]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SystemExit(f"{package}: two models would be called {sorted(twice)}; see deploy.generate.doors.KNOWN_AS")
    text = "\n\n\n".join(classes)
    lines = [
        f'"""Bodies, queries and answers of {package}. {MADE} from proto/rondetafel/{package}/v1."""',
        "",
        "from __future__ import annotations",
        "",
        *(["from datetime import datetime"] if "datetime" in text else []),
        *(["from typing import Literal"] if "Literal[" in text else []),
        "",
        "from pydantic import Field",
        "",
        *(["from services.portal.api.generated import codes"] if "codes." in text else []),
        f"from services.portal.api.schema import {', '.join(_used(text))}",
        "",
        "",
    ]
    return "\n".join(lines) + text + "\n"


def query_name(door: Door) -> str | None:
    """The model of what a query asks besides its path; None when there is nothing."""
    more = [field for field in door.sent if field.name not in OF_PAGE]
    if more:
        return f"models.{door.method.name}Page" if door.pages else f"models.{door.method.name}Query"
    return "Page" if door.pages else None


def _used(text: str) -> list[str]:
    return [name for name in OF_SCHEMA if re.search(rf"\b{name}\b", text)]


def _bodies(doors: list[Door], inner: Mapping[str, Message]) -> Iterator[str]:
    own = {name: message for name, message in inner.items() if message.package == doors[0].method.package}
    for message in own.values():
        lines = [_body_field(field, inner) for field in message.fields]
        yield _class(message.name, "Body", message.comment, lines)
    for door in doors:
        if door.posts and door.sent:
            lines = [_body_field(field, inner) for field in door.sent]
            example = example_of(door.protos, door.sent)
            yield _class(door.method.name, "Body", door.asked.comment, lines, example)


def _body_field(field: Field, inner: Mapping[str, Message]) -> str:
    return body_field(field, inner[field.message].name if field.type == "message" else "")


def _queries(doors: list[Door]) -> Iterator[str]:
    for door in doors:
        name = None if door.posts else query_name(door)
        if name and name.startswith("models."):
            lines = [query_field(field) for field in door.sent if field.name not in OF_PAGE]
            comment = door.asked.comment or door.method.comment
            yield _class(name.removeprefix("models."), "Page" if door.pages else "Query", comment, lines)


def _views(doors: list[Door], inner: Mapping[str, Message]) -> Iterator[str]:
    answers = {door.answered.full_name for door in doors}
    for view in views(tuple(doors)):
        protos = doors[0].protos
        lines = [
            view_field(field, view_name(view_of(protos, field), inner) if field.type == "message" else "")
            for field in view.fields
        ]
        example = example_of(protos, view.fields) if view.message.full_name in answers else None
        yield _class(view_name(view, inner), "View", view.message.comment, lines, example)


def _class(name: str, base: str, comment: str, fields: list[str], example: dict[str, object] | None = None) -> str:
    if not comment:
        raise SystemExit(f"{name}: what the API shows needs a comment in its proto file")
    lines = [f"class {name}({base}):", docstring(said(comment), 4), ""]
    if example is not None:
        lines += [f"    model_config = example({literal(example)})", ""]
    return "\n".join([*lines, *(f"    {field}" for field in fields)])
