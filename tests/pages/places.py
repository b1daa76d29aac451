"""What there is in the demo town, for the addresses of pages: read, and where it lacks, made over the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.local.caller import Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import seeder
from deploy.local.invited import code_of
from deploy.local.people import DEMO_PEOPLE, People, Person
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import CAW, DECREE, NEIGHBOUR, VAARTBEKE, Seat, Town
from services.kit.clock import local_date, utc_now
from tests.browser import Contexts
from tests.e2e.bodies import Pen, day
from tests.e2e.fresh import next_nis_code
from tests.e2e.partners import a_saml_provider, the_host, the_provider
from tests.e2e.table import Table, demo_table
from tests.pages.routes import PageState
from tests.pages.ruled import rules_of
from tests.pages.scene import AUTHOR, STEPS, answer_until, play_scenes

GUESTS = {"newcomer": "Bo Vandamme", "nobody": "Pol Lambert"}
"""Who the demo has not: one invited who has not accepted the undertaking, one without any mandate."""

UNOPENED, UNUSED = "24062", "24107"
"""The municipalities of a cell that nobody opens, and of one that nobody has."""


@dataclass
class Places:
    """Ids by what they are, such as `cell`, or by the state they are in, such as `proposed` (scene.py).

    `names` are those of the people concerned and of those at the table, which no title and no address may hold.
    """

    found: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def address(self, page: PageState) -> str:
        """Where this page state is. Raises KeyError that names what the demo town lacks."""
        return page.at.format_map(self.found)


async def furnished(platform: Platform, contexts: Contexts) -> Places:
    """Of the demo town, with the scenes played and guests invited."""
    concerned = Pen().signal(VAARTBEKE.nis_code)["person"]
    names = {full_name.partition(" ")[2] for full_name, _ in DEMO_PEOPLE.values()}
    async with demo_table(platform.instance.root) as table:
        found = {"cell": table.cell, "neighbour": table.neighbour, **await play_scenes(table)}
        law = (await table["an"].get("/legal-bases")).body["legal_bases"]
        found["legal_basis"] = next(basis["legal_basis_id"] for basis in law if basis["code"] == DECREE)
        mandates = (await table["an"].get(table.path("mandates"), page_size=50)).body["mandates"]
        of = {mandate["given_name"].lower(): mandate["mandate_id"] for mandate in mandates}
        found |= {"mandate": of["nele"], "police_mandate": of["karim"]}
        found |= await rules_of(table)
        found["until_yesterday"] = until(local_date(utc_now()) - timedelta(days=1))
        await _invite_guests(platform, table)
        found["unopened"], found["unused"] = await _unopened(platform)
        found["stopped"] = await _stopped(platform)
        found["founded"] = await _founded(platform)
        async with the_host(platform) as host:
            found["provider"] = await the_provider(platform, host)
            found["saml_provider"] = await a_saml_provider(host)
    weighed = "/cells/{cell}/cases/{weighing}/contribution/{weighed}".format_map(found)
    await answer_until(contexts, AUTHOR, weighed, STEPS[-1])
    return Places(found, names | {concerned["given_name"], concerned["family_name"]})


def until(last: date) -> str:
    """The query for the log up to this day."""
    return f"to-day={last.day}&to-month={last.month}&to-year={last.year}"


async def _unopened(platform: Platform) -> tuple[str, str]:
    """A cell that is being set up, with its coordinator alone; and one in which nobody was given anything."""
    progress = Progress(platform.instance.root / "unopened.json")
    async with seeder(platform, progress) as town_hall:
        town = Town(UNOPENED, "Nieuwdorp", (Seat("ilse", "coordinator", NEIGHBOUR),))

        async def made() -> str:
            body = {"nis_codes": [UNUSED], "name": "Vergisdorp"}
            return str((await town_hall.host.post("/cells", body)).body["id"])

        return await town_hall.furnish(town), await progress.once("unused", made)


async def _stopped(platform: Platform) -> str:
    """A cell that the host suspended."""
    progress = Progress(platform.instance.root / "stopped.json")
    async with seeder(platform, progress) as town_hall:

        async def made() -> str:
            body = {"nis_codes": [next_nis_code()], "name": "Stilstad"}
            cell = (await town_hall.host.post("/cells", body)).body["id"]
            await town_hall.host.post(f"/host-cells/{cell}/suspend", {"reason": "incident"})
            return str(cell)

        return await progress.once("stopped", made)


async def _founded(platform: Platform) -> str:
    """A cell whose first coordinator is invited and has not come."""
    progress = Progress(platform.instance.root / "founded.json")
    async with seeder(platform, progress) as town_hall:

        async def made() -> str:
            body = {"nis_codes": [next_nis_code()], "name": "Begindorp"}
            cell = (await town_hall.host.post("/cells", body)).body["id"]
            seat = {
                "email": "eerste@begindorp.example", "given_name": "Eva", "family_name": "Eerste", "kbo_number": CAW,
                "role": "coordinator", "nis_codes": [], "from": day(0), "to": day(300), "legal_basis": DECREE,
            }  # fmt: skip
            await town_hall.host.post(f"/host-cells/{cell}/founding", seat)
            return str(cell)

        return await progress.once("founded", made)


async def _invite_guests(platform: Platform, table: Table) -> None:
    people = People(platform.instance)
    if {person.name for person in people} >= set(GUESTS):
        return
    async with platform.keycloak.admin() as admin:
        await people.add(admin, [Person.invent(name, full_name) for name, full_name in GUESTS.items()])
    newcomer = people["newcomer"]
    mandate = {
        "email": newcomer.email,
        "given_name": newcomer.first_name,
        "family_name": newcomer.last_name,
        "kbo_number": CAW,
        "role": "participant",
        "nis_codes": [VAARTBEKE.nis_code],
        "from": day(0),
        "to": day(300),
        "legal_basis": DECREE,
    }
    invitation = (await table["an"].post(table.path("mandates"), mandate)).body["id"]
    code = {"code": await code_of(platform.instance, invitation)}
    flow = CodeFlow(platform.instance)
    async with api_client(platform.instance.portal_url) as http:
        guest = Caller(http, lambda: flow.token(newcomer.name))
        await guest.post(table.path(f"invitations/{invitation}/accept"), code)
