"""A cell of three towns with one person of each kind, for the isolation matrix."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from deploy.local.caller import Answer, Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import Seeder, seeder
from deploy.local.invited import code_of
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import (
    CAW,
    CLB,
    DECREE,
    HOST,
    HOUSE_RULES,
    LAW,
    MUNICIPALITY,
    NEIGHBOUR,
    ORGANISATIONS,
    OVERSIGHT,
    POLICE,
)
from services.kit.clock import local_date, utc_now
from tests.e2e.bodies import Pen, day
from tests.e2e.fresh import next_nis_code
from tests.e2e.waiting import post_once_heard, until

ALL_TOWNS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Kind:
    """One person of the matrix: role, organisation, which of the three towns, where from."""

    role: str
    kbo_number: str
    towns: tuple[int, ...] = ALL_TOWNS
    legal_basis: str = LAW
    founds: bool = False


CAST: Mapping[str, Kind] = {
    "coordinator": Kind("coordinator", MUNICIPALITY, founds=True),
    "mayor": Kind("mayor", MUNICIPALITY, (0,), founds=True),
    "other_mayor": Kind("mayor", MUNICIPALITY, (1, 2)),
    "officer": Kind("information_officer", POLICE),
    "prevention": Kind("prevention_officer", MUNICIPALITY),
    "dpo": Kind("dpo", MUNICIPALITY),
    "oversight": Kind("oversight", OVERSIGHT),
    "insider": Kind("participant", CAW, legal_basis=DECREE),
    "colleague": Kind("participant", CLB, legal_basis=DECREE),
    "outsider": Kind("participant", CAW, legal_basis=DECREE),
    "identity_only": Kind("participant", CLB, legal_basis=DECREE),
    "ended": Kind("participant", CAW, legal_basis=DECREE),
}
"""`insider` and `colleague` are in the circle with all parts, `identity_only` with that part, `ended` with all parts
and a mandate that has ended since, `outsider` sits in the cell and not in the circle. Beside them `neighbour` sits in
another cell, `host` is the host's client, and `hilde` and `hugo` act for the host."""


CIRCLE = ("insider", "colleague", "identity_only", "ended")


@dataclass
class World:
    """The cell, its people, and one case that is on the list with its circle."""

    tag: str
    cell: str
    nis_codes: tuple[str, ...]
    people: dict[str, Caller]
    emails: dict[str, str]
    http: httpx.AsyncClient
    pen: Pen = field(default_factory=Pen)
    person_ids: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    platform: Platform | None = None
    later: Iterator[int] = field(default_factory=count)

    def __getitem__(self, name: str) -> Caller:
        return self.people[name]

    def path(self, rest: str) -> str:
        """An address in the cell."""
        return f"/cells/{self.cell}/{rest}"

    def mandate(self, email: str, kind: Kind) -> dict[str, Any]:
        """The body that invites somebody as this kind."""
        body = {
            "email": email,
            "given_name": email.split("@")[0],
            "family_name": "Test",
            "kbo_number": kind.kbo_number,
            "role": kind.role,
            "nis_codes": [self.nis_codes[town] for town in kind.towns],
            "from": day(0),
            "to": day(300),
            "legal_basis": kind.legal_basis,
        }
        return body | ({"clearance_until": day(300)} if kind.role == "information_officer" else {})

    async def invites_later(self, name: str) -> str:
        """Invites somebody of the cast to what they are already, on days of which there is nothing yet; the id."""
        first = 400 + 2 * next(self.later)
        body = self.mandate(self.emails[name], CAST[name]) | {"from": day(first), "to": day(first + 1)}
        made: str = (await self["coordinator"].post(self.path("mandates"), body)).body["id"]
        return made

    async def code_of(self, invitation_id: str) -> str:
        """The code of the newest letter."""
        assert self.platform is not None
        return await code_of(self.platform.instance, invitation_id)

    async def lost(self) -> str:
        """A fresh cell that lost everybody but its oversight and its data protection officer."""
        assert self.platform is not None
        made = await self["host"].post("/cells", {"nis_codes": [next_nis_code()], "name": "Zonder iemand"})
        cell: str = made.body["id"]
        connection = await self.platform.postgres.connect("rondetafel_partner_directory")
        try:
            # As after the last day of its coordinator and its mayor, which no test can wait for.
            for table, which in (("cell_person", ""), ("mandate", " AND role IN ('oversight', 'dpo')")):
                await connection.execute(
                    f"INSERT INTO {table} SELECT"
                    " (jsonb_populate_record(one, jsonb_build_object('tenant_id', $2::uuid))).*"
                    f" FROM {table} AS one WHERE tenant_id = $1 AND person_id = ANY ($3){which}",
                    UUID(self.cell), UUID(cell), [UUID(self.person_ids[name]) for name in ("oversight", "dpo")],
                )  # fmt: skip
        finally:
            await connection.close()
        return cell

    async def ready(self) -> str:
        """A fresh cell of one town with everybody it needs, where everything is said and nobody opened it yet."""
        assert self.platform is not None
        nis_code = next_nis_code()
        made = await self["host"].post("/cells", {"nis_codes": [nis_code], "name": "Klaar", "contact": "a@b.example"})
        cell: str = made.body["id"]
        people = [self.person_ids[name] for name in ("coordinator", "mayor", "officer", "prevention", "dpo")]
        connection = await self.platform.postgres.connect("rondetafel_partner_directory")
        try:
            for table, changed in (("cell_person", {}), ("mandate", {"nis_codes": [nis_code]})):
                await connection.execute(
                    f"INSERT INTO {table} SELECT (jsonb_populate_record(one, $2::jsonb)).*"
                    f" FROM {table} AS one WHERE tenant_id = $1 AND person_id = ANY ($3)",
                    UUID(self.cell), json.dumps(changed | {"tenant_id": cell}), [UUID(person) for person in people],
                )  # fmt: skip
            said = "dpia_reference = 'GEB', danger_contact = 'Wacht'"
            await connection.execute(f"UPDATE cell SET {said} WHERE cell_id = $1", UUID(cell))
        finally:
            await connection.close()
        drafted = await self["coordinator"].post(f"/cells/{cell}/rules", {"kind": "internal_rules"} | HOUSE_RULES)
        path, first_day = f"/cells/{cell}/rules/{drafted.body['id']}/decide", local_date(utc_now()).isoformat()
        await self["mayor"].post(path, {"from": first_day}, if_match=drafted.etag)
        return cell

    def recovery(self, cell: str) -> dict[str, Any]:
        """The body that proposes somebody for a cell that has nobody."""
        person = self.mandate(f"new-{secrets.token_hex(4)}@{self.tag}.example", CAST["mayor"])
        return person | {"cell_id": cell, "nis_codes": []}

    async def signal(self) -> str:
        """A fresh signal of the insider."""
        body = self.pen.signal(self.nis_codes[0])
        made: str = (await self["insider"].post(self.path("signals"), body)).body["id"]
        return made

    async def proposed(self) -> Answer:
        """A fresh case, proposed and not yet listed."""
        proposal = self.pen.proposal(await self.signal())
        return await self["coordinator"].post(self.path("cases"), proposal, if_match='"1"')

    async def listed(self, *invited: str) -> str:
        """A fresh case on the list, with these in its circle."""
        case = await self.proposed()
        case_id: str = case.body["id"]
        path = self.path(f"cases/{case_id}")
        version = (await self["mayor"].post(f"{path}/list", self.pen.listing(), if_match=case.etag)).etag
        for name in invited:
            body = self.pen.invitation(self.person_ids[name], "family")
            if name == "identity_only":
                body["parts"] = ["identity"]
            version = (await self["coordinator"].post(f"{path}/circle", body, if_match=version)).etag
        return case_id

    async def draft(self, case_id: str) -> Answer:
        """A private contribution of the insider."""
        body = self.pen.draft("family", "De oma helpt.")
        return await self["insider"].post(self.path(f"cases/{case_id}/contributions"), body)

    async def assessed(self, case_id: str) -> Answer:
        """The same, weighed."""
        draft = await self.draft(case_id)
        path = self.path(f"contributions/{draft.body['id']}/assess")
        return await self["insider"].post(path, self.pen.assessment(), if_match=draft.etag)

    async def planned(self, case_id: str) -> Answer:
        """A session on that case; the meeting service may hear of the case a moment later."""
        not_yet = frozenset({"CaseNotOnList"})
        return await post_once_heard(
            self["coordinator"], self.path("sessions"), self.pen.plan(case_id), not_yet=not_yet
        )

    def seats(self) -> dict[str, Any]:
        """Who is present when a session opens."""
        present = ("mayor", "officer", "prevention", "coordinator", "insider")
        return {"present_person_ids": [self.person_ids[name] for name in present], "secrecy_declared": True}

    async def opened(self, case_id: str) -> tuple[str, str, str]:
        """An open session: its id, ETag and the item of the case."""
        planned = await self.planned(case_id)
        path = self.path(f"sessions/{planned.body['id']}")
        opened = await self["mayor"].post(f"{path}/open", self.seats(), if_match=planned.etag)

        async def known() -> str | None:
            (item,) = (await self["insider"].get(path)).body["items"]
            return item["agenda_item_id"] if item.get("case_id") else None

        item = await until("the meeting service hears that the insider is in the circle", known)
        return planned.body["id"], opened.etag, item


@asynccontextmanager
async def matrix_world(platform: Platform) -> AsyncIterator[World]:
    """Everybody invited and sworn in, one case listed with its circle, then one mandate ended."""
    tag = secrets.token_hex(4)
    instance = platform.instance
    invented = {name: Person.invent(f"{name}-{tag}", f"{name.title()} Test", f"{tag}.example") for name in CAST}
    for name in ("neighbour", "hilde", "hugo"):
        invented[name] = Person.invent(f"{name}-{tag}", f"{name.title()} Test", f"{tag}.example")
    async with platform.keycloak.admin() as admin:
        await People(instance).add(admin, invented.values())
    flow = CodeFlow(instance)
    progress = Progress(instance.root / f"matrix-{tag}.json")
    async with api_client(instance.portal_url) as http, seeder(platform, progress) as town_hall:
        people = {name: Caller(http, lambda name=name: flow.token(f"{name}-{tag}")) for name in invented}  # type: ignore[misc]
        people["host"] = town_hall.host
        world = await _furnished(town_hall, World(tag, "", (), people, {}, http, platform=platform), invented)
        for name in ("hilde", "hugo"):
            await town_hall.appoint_host(f"{name}-{tag}", HOST)
        yield world


async def _furnished(town_hall: Seeder, world: World, invented: Mapping[str, Person]) -> World:
    for kbo_number, organisation, sort in ORGANISATIONS:
        await town_hall.register({"kbo_number": kbo_number, "name": organisation, "kind": sort})
    world.emails = {name: person.email for name, person in invented.items()}
    neighbour = await _cell(world, (next_nis_code(),))
    world.cell = neighbour
    await _invite(town_hall, world, "neighbour", Kind("coordinator", NEIGHBOUR, (0,), founds=True))
    world.cell = await _cell(world, tuple(next_nis_code() for _ in ALL_TOWNS))
    for name, kind in CAST.items():
        await _invite(town_hall, world, name, kind)
    await town_hall.open_table(world.cell, world["coordinator"], world["mayor"])
    world.ids = {"neighbour_cell": neighbour, "case": await world.listed(*CIRCLE), "signal": await world.signal()}
    mandates = (await world["coordinator"].get(world.path("mandates"), page_size=50)).body["mandates"]
    mine = next(mandate for mandate in mandates if mandate["person_id"] == world.person_ids["ended"])
    path = world.path(f"mandates/{mine['mandate_id']}/end")
    await world["coordinator"].post(path, {"reason": "left"}, if_match=f'"{mine["version"]}"')
    return world


async def _cell(world: World, nis_codes: tuple[str, ...]) -> str:
    world.nis_codes = nis_codes
    name, contact = f"Matrix {nis_codes[0]} {world.tag}", f"safety@{world.tag}.example"
    body = {"nis_codes": list(nis_codes), "name": name, "contact": contact}
    made: str = (await world["host"].post("/cells", body)).body["id"]
    return made


async def _invite(town_hall: Seeder, world: World, name: str, kind: Kind) -> None:
    mandate = world.mandate(world.emails[name], kind)
    if kind.founds:
        await town_hall.found(world.cell, mandate)
    else:
        await town_hall.invite(world.cell, mandate, world["coordinator"])
    cells = (await world[name].get("/me")).body["cells"]
    mine = next(cell for cell in cells if cell["cell_id"] == world.cell)
    body = {"text_version": mine["undertaking_text_version"]}
    await world[name].post(world.path("undertakings"), body)
    seen = (await world["coordinator" if name != "neighbour" else name].get(world.path("mandates"), page_size=50)).body
    known = {mandate["given_name"]: mandate["person_id"] for mandate in seen["mandates"]}
    world.person_ids[name] = known[world.emails[name].split("@")[0]]
