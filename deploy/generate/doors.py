"""The verbs with a door in the REST API, and which messages they ask and answer with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deploy.generate.protos import Field, Message, Method, Protos

VERSION = "expected_version"
"""The field that is the header If-Match here."""
RECEIPT = "rondetafel.kit.v1.Receipt"
KNOWN_AS: Mapping[str, str] = {
    "ListWaitingResponse": "WaitingList",
    "PersonConcerned": "Person",
    "SearchAuditResponse": "Entries",
}
"""Answers that clients know by another name than `view_name` would give."""


@dataclass(frozen=True, slots=True)
class View:
    """An answered message, perhaps without some of its fields."""

    message: Message
    without: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Those that are shown."""
        return tuple(field for field in self.message.fields if field.name not in self.without)


@dataclass(frozen=True, slots=True)
class Door:
    """A verb with its path."""

    protos: Protos
    method: Method

    @property
    def name(self) -> str:
        """Such as enter_signal."""
        return snake(self.method.name)

    @property
    def writes(self) -> bool:
        """Whether it is a command."""
        return self.method.answered == RECEIPT

    @property
    def posts(self) -> bool:
        """Whether it has a body: a command, or a query that asks more than an address holds."""
        return bool(self.method.verb.post)

    @property
    def path(self) -> str:
        """Below /api/v1."""
        return self.method.verb.post or self.method.verb.get

    @property
    def names(self) -> list[str]:
        """What stands in the path, in its order: the cell, and what else it names."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def asked(self) -> Message:
        """The request."""
        return self.protos.messages[self.method.asked]

    @property
    def answered(self) -> Message:
        """The answer."""
        return self.protos.messages[self.method.answered]

    @property
    def sent(self) -> tuple[Field, ...]:
        """What the body or the query says; the rest is in path and headers."""
        elsewhere = {VERSION, *(f"{name}_id" for name in self.names if name != "cell")}
        missing = elsewhere - {VERSION} - {field.name for field in self.asked.fields}
        if missing:
            raise SystemExit(f"{self.method.name}: the path names what the request does not have: {sorted(missing)}")
        return tuple(field for field in self.asked.fields if field.name not in elsewhere)

    @property
    def versioned(self) -> bool:
        """Whether it needs the version that was read."""
        return any(field.name == VERSION for field in self.asked.fields)

    @property
    def pages(self) -> bool:
        """Whether it answers one page of a list."""
        return any(field.name == "cursor" for field in self.asked.fields)


def doors_of(protos: Protos) -> tuple[Door, ...]:
    """All verbs with a path."""
    doors = tuple(Door(protos, method) for method in protos.methods if method.verb.post or method.verb.get)
    for door in doors:
        if not door.method.verb.summary or not door.method.comment:
            raise SystemExit(f"{door.method.name}: a verb of the API has a summary and a comment")
        if door.writes and not door.posts:
            raise SystemExit(f"{door.method.name}: what answers a receipt is a command, and posted")
    return doors


def bodies(doors: tuple[Door, ...]) -> dict[str, Message]:
    """Messages inside the bodies of requests, by full name, inner ones first."""
    found: dict[str, Message] = {}
    for door in doors:
        if door.posts:
            found |= {message.full_name: message for message in _inner(door.protos, door.sent)}
    return found


def views(doors: tuple[Door, ...]) -> list[View]:
    """What queries answer and what is inside, inner ones first."""
    found: dict[tuple[str, tuple[str, ...]], View] = {}
    for door in doors:
        if not door.writes:
            found |= {(view.message.full_name, view.without): view for view in _views(door.protos, View(door.answered))}
    return list(found.values())


def view_of(protos: Protos, field: Field) -> View:
    """What a field of an answer holds."""
    return View(protos.messages[field.message], tuple(field.rule.without))


def view_name(view: View, bodies: Mapping[str, Message]) -> str:
    """How the API calls it: without what only tells messages apart."""
    name = view.message.name
    if name in KNOWN_AS:
        return KNOWN_AS[name]
    if view.without:
        return f"{name}Frame"
    if view.message.full_name in bodies:
        return f"{name}View"
    return re.sub(r"^List(\w+)Response$", r"\1", name).removesuffix("View")


def snake(name: str) -> str:
    """enter_signal for EnterSignal."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _inner(protos: Protos, fields: tuple[Field, ...]) -> Iterator[Message]:
    for field in fields:
        if field.type == "message":
            message = protos.messages[field.message]
            yield from _inner(protos, message.fields)
            yield message


def _views(protos: Protos, view: View) -> Iterator[View]:
    for field in view.fields:
        if field.type == "message":
            yield from _views(protos, view_of(protos, field))
    yield view
