"""What there is in the demo town, for the addresses of pages: read, and where it lacks, made over the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.local.people import DEMO_PEOPLE, People, Person
from deploy.local.platform import Platform
from deploy.local.towns import CAW, DECREE, VAARTBEKE
from services.kit.clock import local_date, utc_now
from tests.browser import Contexts
from tests.e2e.bodies import Pen, day
from tests.e2e.table import Table, demo_table
from tests.pages.routes import PageState
from tests.pages.ruled import rules_of
from tests.pages.scene import AUTHOR, STEPS, answer_until, play_scenes

GUESTS = {"newcomer": "Bo Vandamme", "nobody": "Pol Lambert"}
"""Who the demo has not: one invited who has not accepted the undertaking, one without any mandate."""


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
        found |= await rules_of(table)
        found["until_yesterday"] = until(local_date(utc_now()) - timedelta(days=1))
        await _invite_guests(platform, table)
    weighed = "/cells/{cell}/cases/{weighing}/contribution/{weighed}".format_map(found)
    await answer_until(contexts, AUTHOR, weighed, STEPS[-1])
    return Places(found, names | {concerned["given_name"], concerned["family_name"]})


def until(last: date) -> str:
    """The query for the log up to this day."""
    return f"to-day={last.day}&to-month={last.month}&to-year={last.year}"


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
    await table["an"].post(table.path("mandates"), mandate)
