"""The isolation matrix, from the OpenAPI document and the gRPC descriptors: a door without a row fails.

Each row first shows that the rightful caller succeeds with this very request. Then the same request without a token,
from another cell, for a cell that does not exist, after the end of the mandate, and by everyone the row names.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import httpx
import pytest

from deploy.local.caller import Caller
from deploy.local.platform import Platform
from deploy.local.towns import HOST
from services.kit.principal import PLATFORM
from tests.e2e.bodies import day
from tests.security.invited import new_list
from tests.security.providers import enabled_provider
from tests.security.rows import ROWS, Ask, Row
from tests.security.sign_ins import NOTED
from tests.security.straight import METHODS, Straight, rpc_of, straight_at
from tests.security.world import World, matrix_world

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "api" / "openapi.json").read_text())
OTHER_DOORS = {
    "AppointHost", "EndSignIn", "GetFactKeys", "GetMandates", "GetRevocations", "JudgeSignIn", "ListMunicipalities",
    "NoteSignIn", "SortSeats",
}  # fmt: skip
"""Asked by services and by the host's command line, not at the API; each has a test of its own below."""
ANSWERED = {
    400: grpc.StatusCode.INVALID_ARGUMENT, 403: grpc.StatusCode.PERMISSION_DENIED, 404: grpc.StatusCode.NOT_FOUND,
}  # fmt: skip
COMMON = ("no_token", "other_cell", "ended")


@dataclass(frozen=True, slots=True)
class Door:
    """A method and path of the API."""

    method: str
    path: str


def doors() -> dict[str, Door]:
    return {
        operation["operationId"]: Door(method.upper(), path.removeprefix("/api/v1"))
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    }


DOORS = doors()


@pytest.fixture(scope="module")
async def world(platform: Platform) -> AsyncIterator[World]:
    """The cell of three towns."""
    async with matrix_world(platform) as world:
        yield world


@pytest.fixture(scope="module")
async def straight(platform: Platform) -> AsyncIterator[Straight]:
    """The services, past the portal."""
    async with straight_at(platform) as straight:
        yield straight


def test_every_door_has_a_row() -> None:
    assert set(DOORS) == set(ROWS)
    assert {rpc_of(verb).name for verb in DOORS} | OTHER_DOORS == set(METHODS)


async def send(caller: Caller | None, world: World, verb: str, ask: Ask, cell: str) -> httpx.Response:
    """The request of a row, by somebody or by nobody."""
    door = DOORS[verb]
    headers = {"Idempotency-Key": str(uuid4())} if door.method == "POST" else {}
    headers |= {"If-Match": ask.etag} if ask.etag else {}
    path = door.path.format(cell=cell, **ask.ids)
    if caller is None:
        return await world.http.request(door.method, path, headers=headers, json=ask.body)
    return await caller.send(door.method, path, headers, json=ask.body)


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize("verb", ROWS)
async def test_rest(verb: str, world: World) -> None:
    row = ROWS[verb]
    ask = await row.make(world)
    cell = ask.cell or world.cell
    rightful = await send(world[row.rightful], world, verb, ask, cell)
    assert rightful.is_success, rightful.text
    for name, expected in row.refused.items():
        refused = await send(world[name], world, verb, ask, cell)
        assert told(refused) == expected, f"{name}: {refused.text}"
    nobody = await send(None, world, verb, ask, cell)
    assert nobody.status_code == 401
    if row.in_cell:
        await cell_is_absent(row, world, verb, ask)


async def cell_is_absent(row: Row, world: World, verb: str, ask: Ask) -> None:
    """Whoever has no mandate in a cell gets the very bytes of a cell that does not exist."""
    unknown = await send(world[row.rightful], world, verb, ask, str(uuid4()))
    assert told(unknown) == (404, "NotFound")
    for name in ("neighbour", "ended"):
        refused = await send(world[name], world, verb, ask, ask.cell or world.cell)
        assert (refused.status_code, refused.content) == (404, unknown.content), name
        assert same_headers(refused, unknown), name


def same_headers(one: httpx.Response, other: httpx.Response) -> bool:
    """All but the trace id, which is random for everybody, and the date."""
    ignored = {"x-trace-id", "date"}
    return {key: value for key, value in one.headers.items() if key not in ignored} == {
        key: value for key, value in other.headers.items() if key not in ignored
    }


@pytest.mark.parametrize("verb", [verb for verb, row in ROWS.items() if (404, "NotFound") in row.refused.values()])
async def test_forbidden_and_absent_are_the_same_bytes(verb: str, world: World) -> None:
    row = ROWS[verb]
    ask = await row.make(world)
    cell = ask.cell or world.cell
    assert (await send(world[row.rightful], world, verb, ask, cell)).is_success
    nowhere = Ask({name: str(uuid4()) for name in ask.ids}, ask.body, ask.etag)
    for name, expected in row.refused.items():
        if expected != (404, "NotFound") or not ask.ids:
            continue
        forbidden = await send(world[name], world, verb, ask, cell)
        absent = await send(world[name], world, verb, nowhere, cell)
        assert (forbidden.status_code, forbidden.content) == (absent.status_code, absent.content), name
        assert same_headers(forbidden, absent), name


@pytest.mark.parametrize("verb", ROWS)
async def test_grpc(verb: str, world: World, straight: Straight) -> None:
    row = ROWS[verb]
    ask = await row.make(world)
    cell = ask.cell or (world.cell if row.in_cell else str(PLATFORM))
    token = await world[row.rightful].token()
    assert await straight(verb, ask, cell, token) == (grpc.StatusCode.OK, "")
    assert await straight(verb, ask, cell, None) == (grpc.StatusCode.UNAUTHENTICATED, "Unauthenticated")
    assert await straight(verb, ask, cell, "not-a-token") == (grpc.StatusCode.UNAUTHENTICATED, "Unauthenticated")
    wrong_peer = await straight(verb, ask, cell, token, certificate="audit")
    assert wrong_peer == (grpc.StatusCode.PERMISSION_DENIED, "PeerRefused")
    for name, (status, _) in row.refused.items():
        expected = ANSWERED[status]
        assert (await straight(verb, ask, cell, await world[name].token()))[0] == expected, name
    if row.in_cell:
        for name in ("neighbour", "ended"):
            refused = await straight(verb, ask, cell, await world[name].token())
            assert refused == (grpc.StatusCode.NOT_FOUND, "CellNotFound"), name


async def test_get_mandates_is_for_services_alone(world: World, straight: Straight) -> None:
    ask = Ask(body={"person_id": world.person_ids["insider"]})
    metadata_cell = world.cell
    names = ("case", "meeting", "cli")
    answers = [await straight("get_mandates", ask, metadata_cell, None, certificate=name) for name in names]
    assert answers[:2] == [(grpc.StatusCode.OK, "")] * 2
    assert answers[2] == (grpc.StatusCode.PERMISSION_DENIED, "PeerRefused")


@pytest.mark.parametrize(
    ("verb", "body", "rightful"),
    [
        ("end_sign_in", {"session_id": "a-session-of-nobody"}, {"portal"}),
        ("note_sign_in", NOTED, {"portal"}),
        ("get_revocations", {"after": 0}, {"case", "meeting", "audit", "portal"}),
    ],
)
async def test_between_services_alone(
    world: World, straight: Straight, verb: str, body: dict[str, Any], rightful: set[str]
) -> None:
    await between_services(world, straight, verb, body, rightful)


async def between_services(world: World, straight: Straight, verb: str, body: Any, rightful: set[str]) -> None:
    host = await world["host"].token()
    for name in ("portal", "case", "meeting", "audit", "cli"):
        answer = await straight(verb, Ask(body=body), str(PLATFORM), host, certificate=name)
        refused = grpc.StatusCode.PERMISSION_DENIED, "PeerRefused"
        assert answer == ((grpc.StatusCode.OK, "") if name in rightful else refused), name


async def test_sign_ins_are_judged_for_the_portal_alone(world: World, straight: Straight) -> None:
    asked = await enabled_provider(world)
    provider = (await world["host"].get(f"/providers/{asked.ids['provider']}")).body
    body = {"alias": provider["alias"], "domain": provider["domains"][0]["domain"]}
    await between_services(world, straight, "judge_sign_in", body, {"portal"})


async def test_list_municipalities_is_for_the_host_alone(world: World, straight: Straight) -> None:
    ask = Ask(body={"region": "brussels"})
    door = partial(straight, "list_municipalities", ask, str(PLATFORM))
    host, person = await world["host"].token(), await world["coordinator"].token()
    assert await door(host, certificate="cli") == (grpc.StatusCode.OK, "")
    assert await door(await world["hilde"].token(), certificate="portal") == (grpc.StatusCode.OK, "")
    assert (await door(person, certificate="cli"))[0] == grpc.StatusCode.NOT_FOUND
    assert (await door(None, certificate="cli"))[0] == grpc.StatusCode.UNAUTHENTICATED
    assert await door(host, certificate="case") == (grpc.StatusCode.PERMISSION_DENIED, "PeerRefused")


@pytest.mark.parametrize("verb", ["appoint_host", "sort_seats"])
async def test_what_is_for_the_hosts_client_alone(world: World, straight: Straight, verb: str) -> None:
    person = {"email": f"new-{world.tag}@host.example", "given_name": "Nieuw", "family_name": "Test"}
    ask = Ask(body=person | {"kbo_number": HOST, "from": day(0), "to": day(300)})
    door = partial(straight, verb, ask if verb == "appoint_host" else await new_list(world), str(PLATFORM))
    host = await world["host"].token()
    assert await door(host, certificate="cli") == (grpc.StatusCode.OK, "")
    for name, refused in (("hilde", grpc.StatusCode.PERMISSION_DENIED), ("coordinator", grpc.StatusCode.NOT_FOUND)):
        assert (await door(await world[name].token(), certificate="cli"))[0] == refused
    assert (await door(None, certificate="cli"))[0] == grpc.StatusCode.UNAUTHENTICATED
    assert await door(host, certificate="portal") == (grpc.StatusCode.PERMISSION_DENIED, "PeerRefused")


@pytest.mark.parametrize(
    "verb",
    ["create_cell", "register_organisation", "list_cells", "add_legal_basis", "end_legal_basis", "list_legal_bases"],
)
async def test_the_hosts_people_act_for_it(world: World, verb: str) -> None:
    answer = await send(world["hilde"], world, verb, await ROWS[verb].make(world), world.cell)
    assert answer.is_success, answer.text


async def test_wrong_part_reads_the_case_without_its_content(world: World) -> None:
    case = world.path(f"cases/{world.ids['case']}")
    shared = await world.assessed(world.ids["case"])
    await world["insider"].post(world.path(f"contributions/{shared.body['id']}/share"), {}, if_match=shared.etag)
    whole = (await world["colleague"].get(case)).body
    part = (await world["identity_only"].get(case)).body
    assert whole["contributions"]
    assert whole["person"]
    assert part["person"] == whole["person"]
    assert not part.get("contributions")
    assert not part.get("criteria")


async def test_lists_hold_only_ones_own(world: World) -> None:
    for door, mine in (("cases", world.ids["case"]), ("signals", world.ids["signal"])):
        ids = {name: await whole_list(world, name, door) for name in ("insider", "outsider")}
        assert mine in ids["insider"]
        assert mine not in ids["outsider"]
    cells = (await world["neighbour"].get("/me")).body["cells"]
    assert [cell["cell_id"] for cell in cells] == [world.ids["neighbour_cell"]]


async def whole_list(world: World, name: str, door: str) -> str:
    """All pages of a list, as somebody gets them."""
    told, cursor = "", ""
    while True:
        page = (await world[name].get(world.path(door), page_size=50, **({"cursor": cursor} if cursor else {}))).body
        told, cursor = told + json.dumps(page[door]), page["next_cursor"]
        if not cursor:
            return told
