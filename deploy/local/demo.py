"""Fills an instance with an invented demo: people, organisations, two cells, mandates, undertakings.

All through the front door: the host and the people do it at the REST API with tokens of their own. What is done is
noted in demo.json, so a seeding that was cut off goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import httpx

from deploy.local.caller import Caller, Problem, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.instance import Instance
from deploy.local.keycloak import client_key_file
from deploy.local.people import DEMO_PEOPLE, People, Person
from deploy.local.platform import Platform
from deploy.local.ports import Ports
from deploy.local.process import StartFailed
from deploy.local.secret_files import write_private
from services.kit.errors import RondetafelError
from services.kit.oidc import OidcClient, load_client_key

MANDATE = timedelta(days=730)
LAW = "law-2018-07-30"
DECREE = "decree-vl-2021-05-21"


@dataclass(frozen=True, slots=True)
class Seat:
    """What one person is in a cell, and for which organisation (KBO number)."""

    person: str
    role: str
    kbo_number: str
    legal_basis: str = LAW


@dataclass(frozen=True, slots=True)
class Town:
    """A cell to be: the seats are filled by the host, the partners invited by the coordinator."""

    nis_code: str
    name: str
    seats: tuple[Seat, ...]
    partners: tuple[Seat, ...] = ()

    @property
    def coordinator(self) -> str:
        """Who invites the partners."""
        return next(seat.person for seat in self.seats if seat.role == "coordinator")


MUNICIPALITY, POLICE, CAW, CLB, NEIGHBOUR, OVERSIGHT = (
    "0999100196", "0999100295", "0999100394", "0999100493", "0999100592", "0999100691",
)  # fmt: skip
ORGANISATIONS = (
    (MUNICIPALITY, "Gemeente Vaartbeke", "municipality"),
    (POLICE, "Politiezone Vaart", "local_police"),
    (CAW, "CAW Kanaal", "caw"),
    (CLB, "CLB Kanaal", "clb"),
    (NEIGHBOUR, "Gemeente Dijkgem", "municipality"),
    (OVERSIGHT, "Toezichtsorgaan", "other"),
)
# The towns are invented; a cell needs the code of a real one.
VAARTBEKE = Town(
    "23088",
    "Vaartbeke (demo)",
    seats=(
        Seat("an", "coordinator", MUNICIPALITY),
        Seat("lieve", "mayor", MUNICIPALITY),
        Seat("karim", "information_officer", POLICE),
        Seat("joris", "prevention_officer", MUNICIPALITY),
        Seat("tom", "dpo", MUNICIPALITY),
        Seat("greet", "oversight", OVERSIGHT),
    ),
    partners=(Seat("nele", "participant", CAW, DECREE), Seat("sofie", "participant", CLB, DECREE)),
)
DIJKGEM = Town("23047", "Dijkgem (demo)", seats=(Seat("wim", "coordinator", NEIGHBOUR),))
TOWNS = (VAARTBEKE, DIJKGEM)


async def seed(platform: Platform) -> list[str]:
    """Bring the demo into being, or find it there; gives the lines that tell who can sign in. Raises StartFailed."""
    instance = platform.instance
    progress = Progress(instance.root / "demo.json")
    if "complete" not in progress:
        print("Bringing the demo town to life", flush=True)
        async with platform.keycloak.admin() as admin:
            await People(instance).add_demo(admin)
        try:
            async with seeder(instance, progress) as town_hall:
                for town in TOWNS:
                    await town_hall.furnish(town)
        except (Problem, RondetafelError, httpx.HTTPError) as error:
            raise StartFailed(f"The demo town is not complete ({error}): start again to go on.") from error
        progress.note("complete", "yes")
    return accounts(instance)


def accounts(instance: Instance, *, passwords: bool = False) -> list[str]:
    """A line for each demo person, and how they sign in."""
    known = {person.name: person for person in People(instance)}
    lines = [_account(known[name], passwords) for name in DEMO_PEOPLE if name in known]
    if not passwords:
        lines.append("Passwords: .venv/bin/rondetafel demo people; one-time code: .venv/bin/rondetafel demo code NAME")
    return ["Demo people:", *lines]


def running_instance(root: Path) -> Instance:
    """The instance that runs below this directory. Raises StartFailed."""
    try:
        platform = json.loads((root / "platform.json").read_text())
    except FileNotFoundError:
        raise StartFailed("No platform runs here: start it with `make run`.") from None
    portal, keycloak = (urlsplit(platform[name]["url"]).port or 0 for name in ("portal", "keycloak"))
    return Instance(root, replace(Ports.fixed(), portal=portal, keycloak=keycloak))


class Progress:
    """Which steps were done, each with what came of it; survives a seeding that was cut off."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._done: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def __contains__(self, step: str) -> bool:
        return step in self._done

    def note(self, step: str, result: str) -> None:
        """This step is done."""
        self._done[step] = result
        write_private(self._file, json.dumps(self._done, indent=2).encode())

    async def once(self, step: str, do: Callable[[], Awaitable[str]]) -> str:
        """What came of the step, now or the first time."""
        if step not in self:
            self.note(step, await do())
        return self._done[step]


class Seeder:
    """Furnishes cells as the host and as the people themselves."""

    def __init__(self, http: httpx.AsyncClient, flow: CodeFlow, host: Caller, progress: Progress) -> None:
        self._http = http
        self._flow = flow
        self.host = host
        self._progress = progress

    def person(self, name: str) -> Caller:
        """Somebody at the API, with a token of the code flow."""
        return Caller(self._http, lambda: self._flow.token(name))

    async def furnish(self, town: Town) -> str:
        """A cell with everybody in it, undertakings accepted; gives its id."""
        for kbo_number, name, kind in ORGANISATIONS:
            await self.register({"kbo_number": kbo_number, "name": name, "kind": kind})
        wanted = {"nis_codes": [town.nis_code], "name": town.name}
        cell = await self._progress.once(f"{town.name}: cell", lambda: _posted(self.host, "/cells", wanted))
        for seat in town.seats:
            await self._invite(self.host, town, cell, seat)
        await self._undertake(town, cell, town.coordinator)
        for seat in town.partners:
            await self._invite(self.person(town.coordinator), town, cell, seat)
        for seat in (*town.seats, *town.partners):
            await self._undertake(town, cell, seat.person)
        return cell

    async def register(self, organisation: Mapping[str, str]) -> None:
        """Make an organisation known, unless it is."""
        await self._progress.once(
            f"organisation {organisation['kbo_number']}",
            lambda: _posted(self.host, "/organisations", organisation, existing="OrganisationExists"),
        )

    async def _invite(self, inviter: Caller, town: Town, cell: str, seat: Seat) -> None:
        mandate = _mandate(self._flow.people[seat.person], seat, town, _today())
        await self._progress.once(
            f"{town.name}: {seat.person} is {seat.role}",
            lambda: _posted(inviter, f"/cells/{cell}/mandates", mandate, existing="MandateExists"),
        )

    async def _undertake(self, town: Town, cell: str, name: str) -> None:
        person = self.person(name)

        async def accept() -> str:
            mine = next(one for one in (await person.get("/me")).body["cells"] if one["cell_id"] == cell)
            version = {"text_version": mine["undertaking_text_version"]}
            return await _posted(person, f"/cells/{cell}/undertakings", version)

        await self._progress.once(f"{town.name}: undertaking of {name}", accept)


@asynccontextmanager
async def seeder(instance: Instance, progress: Progress) -> AsyncIterator[Seeder]:
    """A seeder with its connections open."""
    async with api_client(instance.portal_url) as http, httpx.AsyncClient(trust_env=False) as keycloak:
        key = load_client_key(client_key_file(instance.secrets, "host"))
        client = OidcClient(keycloak, instance.issuer, "host", key)

        async def host_token() -> str:
            return (await client.client_credentials()).access_token

        yield Seeder(http, CodeFlow(instance), Caller(http, host_token), progress)


async def _posted(caller: Caller, path: str, body: Mapping[str, Any], *, existing: str = "") -> str:
    """The id of what was made, now or by the same request before; "existed" when refused with the code `existing`."""
    key = str(uuid5(NAMESPACE_URL, f"{path} {json.dumps(body, sort_keys=True)}"))
    try:
        made: str = (await caller.post(path, body, key=key)).body["id"]
    except Problem as problem:
        if problem.code != existing:
            raise
        return "existed"
    return made


def _mandate(person: Person, seat: Seat, town: Town, today: date) -> dict[str, Any]:
    until = (today + MANDATE).isoformat()
    mandate = {
        "email": person.email,
        "given_name": person.first_name,
        "family_name": person.last_name,
        "kbo_number": seat.kbo_number,
        "role": seat.role,
        "nis_codes": [town.nis_code],
        "from": today.isoformat(),
        "to": until,
        "legal_basis": seat.legal_basis,
    }
    return mandate | ({"clearance_until": until} if seat.role == "information_officer" else {})


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Brussels")).date()


def _account(person: Person, passwords: bool) -> str:
    everybody = [(seat, town) for town in TOWNS for seat in (*town.seats, *town.partners)]
    role = next(f"{seat.role.replace('_', ' ')}, {town.name}" for seat, town in everybody if seat.person == person.name)
    shown = f"  {person.password}" if passwords else ""
    return f"  {person.name:6} {person.email:36} {role}{shown}"
