"""Fills an instance with an invented demo: people, organisations, two cells, mandates, undertakings, a month of work.

All through the front door: the host and the people do it at the REST API with tokens of their own; whom the host
appoints, it says at the command line's door. Only what carries dates of the past is not: the founding of the cells
(founding.py) and the month of work (history.py). What is done is noted in demo.json, so a seeding that was cut off goes
on where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from deploy.local.accounts import accounts
from deploy.local.agreeing import accept, agree, posted, rules_of
from deploy.local.caller import Caller, Problem, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.founding import AGO, LongAgo
from deploy.local.history import History, Place, diary
from deploy.local.invited import code_of
from deploy.local.keycloak import client_key_file
from deploy.local.past import HEARD_WITHIN_SECONDS, PAUSE_SECONDS, past
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.postgres import database_name
from deploy.local.process import StartFailed
from deploy.local.progress import Progress
from deploy.local.together import together
from deploy.local.towns import DIJKGEM, HOST, HOST_PERSON, ORGANISATIONS, PROFILES, TOWNS, VAARTBEKE, Seat, Town
from deploy.local.trust import trusted
from deploy.local.under_way import UnderWay
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.cli.directory import Refused, directory
from services.cli.place import Access
from services.cli.settings import Settings
from services.kit.clock import local_date, utc_now
from services.kit.errors import RondetafelError
from services.kit.oidc import OidcClient, load_client_key

MANDATE = timedelta(days=730)
"""So long they last from today."""
FOUNDING, PROPOSED = ("coordinator", "mayor"), ("mayor", "oversight")
"""What the host gives as the first of its kind, and what it proposes to a cell that has a mayor."""
DANGER_CONTACT = "Wachtdienst preventie, 016 00 00 00, dag en nacht"
CUT_OFF = (Problem, Refused, RondetafelError, TimeoutError, httpx.HTTPError)


async def seed(platform: Platform) -> list[str]:
    """Bring the demo into being, or find it there; gives the lines that tell who can sign in. Raises StartFailed."""
    instance = platform.instance
    progress = Progress(instance.root / "demo.json")
    if "complete" not in progress:
        print("Bringing the demo town to life", flush=True)
        async with platform.keycloak.admin() as admin:
            await People(instance).add_demo(admin)
        try:
            async with seeder(platform, progress) as town_hall:
                cells = {town: await town_hall.furnish(town) for town in TOWNS}
                await town_hall.appoint_host(HOST_PERSON, HOST)
                await UnderWay(progress, town_hall.person, cells[VAARTBEKE], cells[DIJKGEM]).begin()
            for town, cell in cells.items():
                await live_through(platform, progress, town, UUID(cell))
        except CUT_OFF as error:
            raise StartFailed(f"The demo town is not complete ({error}): start again to go on.") from error
        progress.note("complete", "yes")
    return accounts(instance)


async def live_through(platform: Platform, progress: Progress, town: Town, cell_id: UUID) -> None:
    """Let the people of a furnished town live through its diary. Raises what their acts raise, and TimeoutError."""
    begun = datetime.fromisoformat(await progress.once("begun", _now))
    place = await place_of(platform, town, cell_id)
    async with past(platform) as then:
        await History(then, place, progress, begun).live(diary(town.diary))


async def place_of(platform: Platform, town: Town, cell_id: UUID) -> Place:
    """Who is who in a furnished town."""
    async with platform.keycloak.admin() as admin:
        ids = await People(platform.instance).ids(admin)
    seats = {seat.person: seat for seat in (*town.seats, *town.partners)}
    legal_bases = {name: seat.legal_basis for name, seat in seats.items()}
    return Place(cell_id, town.nis_code, {name: ids[name] for name in seats}, legal_bases)


class Seeder:
    """Furnishes cells as the host and as the people themselves."""

    def __init__(
        self, platform: Platform, http: httpx.AsyncClient, flow: CodeFlow, host: Caller, progress: Progress,
        access: Access, long_ago: LongAgo,
    ) -> None:  # fmt: skip
        self._platform = platform
        self._long_ago = long_ago
        self._http = http
        self._flow = flow
        self.host = host
        self._access = access
        self._progress = progress
        self._texts: dict[str, str] = {}

    def person(self, name: str) -> Caller:
        """Somebody at the API, with a token of the code flow."""
        return Caller(self._http, lambda: self._flow.token(name))

    async def furnish(self, town: Town) -> str:
        """A cell with everybody in it, undertakings accepted; gives its id."""
        for kbo_number, name, kind in ORGANISATIONS:
            await self.register({"kbo_number": kbo_number, "name": name, "kind": kind})
        wanted = {"nis_codes": [town.nis_code], "name": town.name, "brand_colour": town.brand_colour}
        wanted["contact"] = town.contact
        cell = await self._progress.once(f"{town.name}: cell", lambda: posted(self.host, "/cells", wanted))
        for seat in town.seats:
            if seat.role in FOUNDING:
                await self._found(town, cell, seat)
        await self._undertake(town, cell, town.coordinator)
        for seat in (*town.seats, *town.partners):
            if seat.role not in FOUNDING:
                await self._invite(town, cell, seat)
        await together(*(self._undertake(town, cell, seat.person) for seat in (*town.seats, *town.partners)))
        await together(*(self._tell(seat.person) for seat in (*town.seats, *town.partners) if seat.person in PROFILES))
        if town.complete and town.opened:
            coordinator, mayor = self.person(town.coordinator), self.person(town.mayor)
            await self._progress.once(f"{town.name}: open", lambda: self.open_table(cell, coordinator, mayor))
            asked = {seat.person for seat in (*town.seats, *town.partners) if seat.role != "oversight"}
            rules = await rules_of(cell, coordinator)
            await together(*(self._accept(town, cell, rules, name) for name in sorted(asked)))
        return cell

    async def open_table(self, cell: str, coordinator: Caller, mayor: Caller) -> str:
        """They say and decide what nobody did of this new cell yet, and open it; returns once cases can come.

        Given again, it goes on where it was.
        """
        await agree(cell, coordinator, mayor)
        path, assessed = f"/cells/{cell}", (_today() - AGO).isoformat()
        dpia, danger = {"reference": "GEB LIVC-R", "on": assessed}, {"danger_contact": DANGER_CONTACT}
        await posted(coordinator, f"{path}/dpia", dpia, if_match='"1"')
        await posted(coordinator, f"{path}/danger-contact", danger, if_match='"2"')
        opened = await posted(coordinator, f"{path}/open", {}, existing="CellStateForbids")
        await self._open_is_heard(UUID(cell))
        return opened

    async def _accept(self, town: Town, cell: str, rules: str, name: str) -> None:
        await self._progress.once(f"{town.name}: rules and {name}", lambda: accept(cell, rules, self.person(name)))

    async def _open_is_heard(self, cell: UUID) -> None:
        """The case service heard it; looked up by the database's administrator and so in nobody's log."""
        connection = await self._platform.postgres.connect(database_name("case"))
        try:
            async with asyncio.timeout(HEARD_WITHIN_SECONDS):
                while True:
                    if await connection.fetchval("SELECT true FROM cell_state WHERE cell_id = $1", cell):
                        return
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await connection.close()

    async def register(self, organisation: Mapping[str, str]) -> None:
        """Make an organisation known, unless it is."""
        await self._progress.once(
            registering(organisation["kbo_number"]),
            lambda: posted(self.host, "/organisations", organisation, existing="OrganisationExists"),
        )

    async def appoint_host(self, name: str, kbo_number: str) -> None:
        """Let somebody act for the host, as the command line does: the API has no door for it."""
        person, today = self._flow.people[name], _today()
        days = {"from": today.isoformat(), "to": (today + MANDATE).isoformat()}
        named = {"email": person.email, "given_name": person.first_name, "family_name": person.last_name}
        request = pb.AppointHostRequest(kbo_number=kbo_number, **named, **days)

        async def appoint() -> str:
            async with directory(self._access) as host:
                try:
                    return (await host.act(host.mandate.AppointHost, request)).id
                except Refused as refusal:
                    if refusal.code != "MandateExists":
                        raise
                    return "existed"

        await self._progress.once(f"{name} acts for the host", appoint)

    async def _found(self, town: Town, cell: str, seat: Seat) -> None:
        mandate = _mandate(self._flow.people[seat.person], seat, town, _today())
        await self._progress.once(f"{town.name}: {seat.person} is {seat.role}", lambda: self.found(cell, mandate))

    async def found(self, cell: str, mandate: Mapping[str, Any]) -> str:
        """The host invites the first coordinator or mayor of a cell, who came in the past; the mandate's id."""
        invitation = await posted(self.host, f"/cells/{cell}/mandates", mandate)
        code = await code_of(self._platform.instance, invitation)
        return str(await self._long_ago.come(mandate["email"], UUID(cell), UUID(invitation), code))

    async def _invite(self, town: Town, cell: str, seat: Seat) -> None:
        mandate = _mandate(self._flow.people[seat.person], seat, town, _today())
        await self._progress.once(
            f"{town.name}: {seat.person} is {seat.role}",
            lambda: self.invite(cell, mandate, self.person(town.coordinator)),
        )

    async def invite(self, cell: str, mandate: Mapping[str, Any], coordinator: Caller) -> str:
        """The coordinator invites; whoever watches the cell, or is its mayor, the host proposes to it first.

        The person comes at once; the mandate's id.
        """
        path = f"/cells/{cell}/mandates"
        if mandate["role"] in PROPOSED:
            proposal = await posted(self.host, path, mandate)
            confirming = f"/cells/{cell}/mandate-proposals/{proposal}/confirm"
            invitation = await posted(coordinator, confirming, {}, if_match='"1"')
        else:
            invitation = await posted(coordinator, path, mandate)
        return await self.come(cell, invitation, mandate["email"])

    async def come(self, cell: str, invitation: str, email: str) -> str:
        """Whoever of our people has this address comes with the code of the letter; the mandate's id."""
        (name,) = [person.name for person in self._flow.people if person.email == email]
        code = {"code": await code_of(self._platform.instance, invitation)}
        return await posted(self.person(name), f"/cells/{cell}/invitations/{invitation}/accept", code)

    async def _undertake(self, town: Town, cell: str, name: str) -> None:
        person = self.person(name)

        async def accept() -> str:
            if cell not in self._texts:
                mine = next(mine for mine in (await person.get("/me")).body["cells"] if mine["cell_id"] == cell)
                self._texts[cell] = mine["undertaking_text_version"]
            return await posted(person, f"/cells/{cell}/undertakings", {"text_version": self._texts[cell]})

        await self._progress.once(f"{town.name}: undertaking of {name}", accept)

    async def _tell(self, name: str) -> None:
        """How somebody is reached; of two tables, once."""
        person, path = self.person(name), "/me/profile"
        await self._progress.once(
            f"{name} is reached",
            lambda: posted(person, path, PROFILES[name], existing="VersionChanged", if_match='"1"'),
        )


@asynccontextmanager
async def seeder(platform: Platform, progress: Progress) -> AsyncIterator[Seeder]:
    """A seeder with its connections open."""
    instance = platform.instance
    async with (
        api_client(instance.portal_url) as http,
        httpx.AsyncClient(verify=trusted(), trust_env=False) as keycloak,
    ):
        key = load_client_key(client_key_file(instance.secrets, "host"))
        client = OidcClient(keycloak, instance.issuer, "host", key)

        async def host_token() -> str:
            return (await client.client_credentials()).access_token

        access = Settings(_env_file=instance.root / "cli.env")  # type: ignore[call-arg]
        long_ago = LongAgo(platform)
        try:
            yield Seeder(platform, http, CodeFlow(instance), Caller(http, host_token), progress, access, long_ago)
        finally:
            await long_ago.close()


def registering(kbo_number: str) -> str:
    """The name of the step."""
    return f"organisation {kbo_number}"


async def _now() -> str:
    return utc_now().isoformat()


def _mandate(person: Person, seat: Seat, town: Town, today: date) -> dict[str, Any]:
    until = (today + MANDATE).isoformat()
    mandate = {
        "email": person.email,
        "given_name": person.first_name,
        "family_name": person.last_name,
        "kbo_number": seat.kbo_number,
        "role": seat.role,
        "nis_codes": [town.nis_code],
        "from": (today - AGO).isoformat(),
        "to": until,
        "legal_basis": seat.legal_basis,
    }
    cleared = (today + timedelta(days=seat.cleared_days)).isoformat()
    return mandate | ({"clearance_until": cleared} if seat.role == "information_officer" else {})


def _today() -> date:
    return local_date(utc_now())
