"""The pages that are measured: how often people open each, and which acts an opening leaves in the log."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from deploy.local.platform import Platform
from tests.bench.acts import Tally
from tests.bench.discussed import discussed
from tests.bench.fill import Member
from tests.bench.load import Request, http_request
from tests.bench.visits import sign_in
from tests.e2e.table import Table

TABLE = ("an", "lieve", "karim", "joris", "sofie")
"""Coordinator, mayor, police, prevention and a partner; each sits at one table only."""
DPO = "tom"


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page: its route, how often among a hundred it is opened, what each opening leaves, who opens it."""

    name: str
    route: str
    share: int
    acts: tuple[str, ...]
    readers: tuple[str, ...] = TABLE

    def addresses(self, places: Sequence[Mapping[str, str]]) -> list[str]:
        """Where pages of this kind are."""
        return list(dict.fromkeys(self.route.format_map(place) for place in places))


CELL = "/cells/{cell}"
CASE = f"{CELL}/cases/{{case}}"
SESSION = f"{CELL}/sessions/{{session}}"
HOME = Page("home", "/", 20, ("list_my_cells", "read_table", "list_waiting", "list_sessions"))
PAGES = (
    HOME,
    Page("cell", CELL, 15, ("read_table", "list_cases", "list_sessions")),
    Page("case", CASE, 30, ("read_table", "read_case", "list_case_sessions")),
    Page("circle", f"{CASE}/circle", 2, ("read_table", "read_case")),
    Page("contribution", f"{CASE}/contribution", 8, ("read_table", "read_case")),
    Page("signals", f"{CELL}/signals", 7, ("read_table", "list_signals")),
    Page("new signal", f"{CELL}/signals/new", 3, ("read_table",)),
    Page("session", SESSION, 5, ("read_table", "read_session")),
    Page("item", f"{SESSION}/cases/{{case}}", 5, ("read_table", "read_case", "read_session", "list_case_sessions")),
    Page("log", f"{CELL}/log", 5, ("read_table", "list_cases", "search_audit"), (DPO,)),
    Page("help", "/help", 0, ("list_my_cells", "read_table")),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """All kinds of pages, ready to be asked for by people who are signed in; `places` fill the blanks of routes."""

    places: Sequence[Mapping[str, str]]
    requests: Mapping[Page, Request]

    def mixed(self) -> Request:
        """Each kind as often as people open it."""
        requests, shares, chance = list(self.requests.values()), [page.share for page in PAGES], random.Random(2)
        return lambda: chance.choices(requests, shares)[0]()


async def opened(
    platform: Platform, own: Table, members: Mapping[str, Member], ids: Sequence[UUID], tally: Tally
) -> Opened:
    """Fills what the pages show, and signs in who opens them."""
    places = await discussed(platform, own, members, ids)
    cookies = {name: (await sign_in(platform, own, name)).cookie for name in (*TABLE, DPO)}
    url = platform.instance.portal_url
    return Opened(places, {page: _request(page, url, cookies, places, tally) for page in PAGES})


def _request(
    page: Page, url: str, cookies: Mapping[str, str], places: Sequence[Mapping[str, str]], tally: Tally
) -> Request:
    """This kind of page for somebody somewhere, as a browser asks for it."""
    prepared = [
        http_request("GET", url + address, {"Cookie": cookies[reader], "Accept-Encoding": "gzip"})
        for address in page.addresses(places)
        for reader in page.readers
    ]
    chance = random.Random(1)
    return tally.counted(lambda: chance.choice(prepared), page.acts)
