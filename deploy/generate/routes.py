"""services/portal/api/generated/routes: the operations of the REST API, a module per aggregate."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deploy.generate.doors import Door, View, bodies, view_name
from deploy.generate.models import MADE, query_name
from deploy.generate.writing import docstring, said

OF_OPERATIONS = ("IfMatch", "Key", "asking", "change", "creation", "listing", "reading")
OF_SCHEMA = ("Nothing", "Page")


def routers(doors: tuple[Door, ...]) -> str:
    """The list of all routers."""
    names = sorted({door.method.aggregate for door in doors})
    return (
        f'"""The operations, a module per aggregate. {MADE} from proto/."""\n\n'
        f"from services.portal.api.generated.routes import {', '.join(names)}\n\n"
        f"ROUTERS = ({', '.join(f'{name}.router' for name in names)},)\n"
    )


def routes(doors: tuple[Door, ...], aggregate: str) -> str:
    """The module of one aggregate."""
    own = [door for door in doors if door.method.aggregate == aggregate]
    package = own[0].method.package
    text = "\n\n\n".join(_route(door, doors) for door in own if not door.method.verb.by_hand)
    lines = [
        f'"""The operations of {aggregate}. {MADE} from proto/rondetafel/{package}/v1."""',
        "",
        "from __future__ import annotations",
        "",
        *(["from typing import Annotated"] if "Annotated[" in text else []),
        *(["from uuid import UUID"] if "UUID" in text else []),
        "",
        f"from fastapi import {', '.join(['APIRouter', *_used(('Query', 'Request', 'Response'), text)])}",
        "",
        *([f"from rondetafel.{package}.v1 import {package}_pb2 as pb"] if "pb." in text else []),
        *(["from services.kit.principal import PLATFORM"] if "PLATFORM" in text else []),
        "from services.portal.api import answers",
        *([f"from services.portal.api.generated.models import {package} as models"] if "models." in text else []),
        *_import("services.portal.api.operations", OF_OPERATIONS, text),
        *_import("services.portal.api.schema", OF_SCHEMA, text),
        *_import("services.portal.backends.calls", ("SignedIn",), text),
        "",
        f'router = APIRouter(prefix=answers.ROOT, tags=["{package.replace("_", " ")}"])',
        "",
        "",
    ]
    return "\n".join(lines) + text + "\n"


def _used(names: Iterable[str], text: str) -> list[str]:
    return [name for name in names if re.search(rf"\b{name}\b", text)]


def _import(module: str, names: Iterable[str], text: str) -> list[str]:
    used = _used(names, text)
    return [f"from {module} import {', '.join(used)}"] if used else []


def _route(door: Door, doors: tuple[Door, ...]) -> str:
    return _command(door) if door.writes else _query(door, doors)


def _command(door: Door) -> str:
    verb, method = door.method.verb, door.method
    body = f"body: models.{method.name}" if door.sent else ""
    taken = [f"{name}: UUID" for name in door.names] + ([body] if body else []) + ["key: Key"]
    taken += ["if_match: IfMatch"] if door.versioned else []
    taken += ["caller: SignedIn"] + ([] if body else ["body: Nothing | None = None"])
    if verb.location:
        told = f'**creation("{door.name}", "{verb.summary}"' + (", changes=True)" if door.versioned else ")")
        location = verb.location.replace("{id}", "{receipt.id}")
        answer = f'answers.created(receipt, f"{{answers.ROOT}}{location}")'
    else:
        told = f'**change("{door.name}", "{verb.summary}"' + (")" if door.versioned else ", versioned=False)")
        answer = "answers.changed(receipt)"
    call = "body.message" if body else ""
    return "\n".join(
        [
            f'@router.post("{door.path}", {told})',
            f"async def {door.name}({', '.join(taken)}) -> Response:",
            docstring(said(method.comment), 4),
            f"    asked = {_message(door, call)}",
            f"    receipt = await {_ask(door, ', key')}",
            f"    return {answer}",
        ]
    )


def _query(door: Door, doors: tuple[Door, ...]) -> str:
    if door.posts:
        return _posted_query(door, doors)
    verb, query = door.method.verb, query_name(door)
    taken = [f"{name}: UUID" for name in door.names]
    taken += [f"page: Annotated[{query}, Query()]"] if query else []
    taken += ["caller: SignedIn"] + (["request: Request"] if door.pages else [])
    model = f"models.{view_name(View(door.answered), bodies(doors))}"
    kind, more = ("listing", "") if door.pages else ("reading", "" if verb.version else ", etag=False")
    if door.pages:
        answer = f"answers.page({model}.model_validate(found), found.next_cursor, request)"
    else:
        version = f", found.{verb.version}" if verb.version else ""
        answer = f"answers.one({model}.model_validate(found){version})"
    return "\n".join(
        [
            f'@router.get("{door.path}", **{kind}("{door.name}", "{verb.summary}", {model}{more}))',
            f"async def {door.name}({', '.join(taken)}) -> Response:",
            docstring(said(door.method.comment), 4),
            f"    asked = {_message(door, 'page.message' if query else '')}",
            f"    found = await {_ask(door, '')}",
            f"    return {answer}",
        ]
    )


def _posted_query(door: Door, doors: tuple[Door, ...]) -> str:
    """One that asks more than an address holds: never of pages, and of nothing that has a version."""
    model = f"models.{view_name(View(door.answered), bodies(doors))}"
    taken = ", ".join([*(f"{name}: UUID" for name in door.names), f"body: models.{door.method.name}"])
    return "\n".join(
        [
            f'@router.post("{door.path}", **asking("{door.name}", "{door.method.verb.summary}", {model}))',
            f"async def {door.name}({taken}, caller: SignedIn) -> Response:",
            docstring(said(door.method.comment), 4),
            f"    asked = {_message(door, 'body.message')}",
            f"    found = await {_ask(door, '')}",
            f"    return answers.one({model}.model_validate(found))",
        ]
    )


def _message(door: Door, call: str) -> str:
    """The request message: of the body or query, the path and the version."""
    filled = [f"{name}_id=str({name})" for name in door.names if name != "cell"]
    filled += ["expected_version=answers.version_of(if_match)"] if door.versioned else []
    kind = f"pb.{door.asked.name}"
    return f"{call}({', '.join([kind, *filled])})" if call else f"{kind}({', '.join(filled)})"


def _ask(door: Door, key: str) -> str:
    cell = "cell" if "cell" in door.names else "PLATFORM"
    return f"caller.ask(caller.services.{door.method.aggregate}.{door.method.name}, asked, {cell}{key})"
