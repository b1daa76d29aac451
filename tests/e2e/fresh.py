"""A cell of the test's own, with people of its own, made through the front door."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from deploy.local.caller import Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import registering, seeder
from deploy.local.people import DEMO_PEOPLE, People, Person
from deploy.local.platform import Platform
from deploy.local.progress import Progress
from deploy.local.towns import DIJKGEM, ORGANISATIONS, VAARTBEKE, Seat, Town
from services.partner_directory.data import municipality_rows
from tests.e2e.table import NAMES, Table
from tests.instances import is_ours

SEATED = (*NAMES, "greet")
NAMED = "Vlaams-Brabant"
"""The province of the towns that the demo and tests call by name."""


def _free() -> Iterator[str]:
    """The other Flemish municipalities of today; each cell of a test takes the next one."""
    for town in municipality_rows():
        if town["region"] == "flanders" and town["valid_to"] is None and town["province"] != NAMED:
            yield str(town["nis_code"])


_FREE_NIS_CODES = _free()


def next_nis_code() -> str:
    """A municipality that has no cell yet, not of another process either."""
    return next(code for code in _FREE_NIS_CODES if is_ours(code))


@asynccontextmanager
async def fresh_table(platform: Platform, tag: str = "") -> AsyncIterator[Table]:
    """Everybody of the story under new names, in a new cell with a new neighbour; undertakings accepted.

    `tag` are people who sat at such a table before, and are signed in.
    """
    instance, place = platform.instance, secrets.token_hex(4)
    if not tag:
        tag = place
        async with platform.keycloak.admin() as admin:
            await People(instance).add(admin, invented(tag, SEATED))
    towns = (fresh_town(VAARTBEKE, tag, SEATED), fresh_town(DIJKGEM, tag, ("wim",)))
    progress = Progress(instance.root / f"demo-{place}.json")
    for step, found in _REGISTERED.get(instance.root, {}).items():
        progress.note(step, found)
    async with seeder(platform, progress) as town_hall:
        cells = [await town_hall.furnish(replace(town, name=f"{town.name} {place}")) for town in towns]
    _REGISTERED[instance.root] = {registering(number): "existed" for number, *_ in ORGANISATIONS}
    flow = CodeFlow(instance)
    async with api_client(instance.portal_url) as http:
        people = {name: Caller(http, lambda name=name: flow.token(f"{name}-{tag}")) for name in NAMES}  # type: ignore[misc]
        yield Table(cells[0], cells[1], towns[0].nis_code, people, tag)


_REGISTERED: dict[Path, dict[str, str]] = {}
"""Steps of a table that are done for all tables of a platform, by its root."""
_SIGNED_IN: dict[Path, list[str]] = {}
"""Who sat at a table of a platform, by its root, and is free."""


@asynccontextmanager
async def table_of_the_pool(platform: Platform) -> AsyncIterator[Table]:
    """A fresh table for people who may have sat at one before: they signed in once, and keep their older mandates.

    A test that looks at all somebody's cells, or changes a person, takes `fresh_table`. Who sat at a table that broke
    is not asked again.
    """
    free = _SIGNED_IN.setdefault(platform.instance.root, [])
    async with fresh_table(platform, free.pop() if free else "") as table:
        yield table
    free.append(table.tag)


def invented(tag: str, names: Iterable[str]) -> Iterator[Person]:
    """Namesakes of demo people, who sign in under names with the tag."""
    for name in names:
        yield Person.invent(f"{name}-{tag}", DEMO_PEOPLE[name][0], f"{tag}.example")


def fresh_town(town: Town, tag: str, names: Collection[str]) -> Town:
    """The like of a town, in a municipality that has no cell, with the namesakes of these people at its table."""

    def renamed(seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
        return tuple(replace(seat, person=f"{seat.person}-{tag}") for seat in seats if seat.person in names)

    return Town(next_nis_code(), f"{town.name} {tag}", renamed(town.seats), renamed(town.partners))
