"""Two cells after a story, and the ways into their databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from deploy.local.platform import Platform
from tests.e2e.bodies import day
from tests.e2e.waiting import post_once_heard, until
from tests.security.consulting import answer_to_check, dismissal, dismissed_signal
from tests.security.leaks import Ground, prepared
from tests.security.questioned import taught_answer
from tests.security.tables import Administrator, rolled_back
from tests.security.world import World


@dataclass(frozen=True, slots=True)
class Scene:
    """Two cells after a story was played in the first."""

    platform: Platform
    world: World

    @asynccontextmanager
    async def ground(self, service: str) -> AsyncIterator[tuple[Ground, list[str]]]:
        """A service's database in a transaction that is rolled back, and the tables the story left empty."""
        async with self._still(service), self.administrator(service) as administrator, rolled_back(administrator):
            cells = UUID(self.world.cell), UUID(self.world.ids["neighbour_cell"])
            yield await prepared(administrator, service, *cells, UUID(self.world.person_ids["insider"]))

    @asynccontextmanager
    async def _still(self, service: str) -> AsyncIterator[None]:
        """The log is written to also when nobody acts (heights, once a minute), and would wait for our locks as we for
        its own: its service stops meanwhile. What happens is sent to it when it is back.
        """
        if service != "audit":
            yield
            return
        await self.platform.stop_server(service)
        try:
            yield
        finally:
            await self.platform.start_server(service)

    @asynccontextmanager
    async def administrator(self, service: str) -> AsyncIterator[Administrator]:
        """The superuser's connection."""
        connection = await self.platform.postgres.connect(f"rondetafel_{service}")
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def signed_in(self, service: str, role: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection of one of a service's roles, with its own password."""
        url = self.platform.postgres.database_url(service, role).replace("+asyncpg", "")
        connection = await asyncpg.connect(url)
        try:
            yield connection
        finally:
            await connection.close()


async def _talked(world: World, path: str, version: int) -> None:
    """The coordinator asks about a signal, whoever told it adds something, and the coordinator reads it."""
    said = {"text": "Sinds de herfst.", "language": "nl"}
    await world["coordinator"].post(f"{path}/ask", said, if_match=f'"{version}"')
    await world["insider"].post(f"{path}/add", said, if_match=f'"{version + 1}"')
    await world["coordinator"].get(path)


async def _ended(world: World) -> None:
    """A signal that the police answered, and that is not retained; one that is open; one of which that is taken
    back. Of the first two something was asked and added.
    """
    asked, ending = await answer_to_check(world), await dismissal(world)
    path = world.path(f"signals/{asked.ids['signal']}")
    await world["officer"].post(f"{path}/check/answer", dict(asked.body or {}), if_match=asked.etag)
    await _talked(world, path, 2)
    await world["coordinator"].post(f"{path}/dismiss", dict(ending.body or {}), if_match='"4"')
    await _talked(world, world.path(f"signals/{await world.signal()}"), 1)
    back = await dismissed_signal(world)
    path = world.path(f"signals/{back.ids['signal']}/reconsider")
    await world["coordinator"].post(path, {}, if_match=back.etag)


async def play(world: World) -> None:
    """Two partners share and read each other's; a session decides what was prepared, with a dissent."""
    case = await world.listed("insider", "colleague")
    for name in ("insider", "colleague"):
        draft = await world[name].post(world.path(f"cases/{case}/contributions"), world.pen.draft("family", "Tekst."))
        path = world.path(f"contributions/{draft.body['id']}")
        assessed = await world[name].post(f"{path}/assess", world.pen.assessment(), if_match=draft.etag)
        await world[name].post(f"{path}/share", {}, if_match=assessed.etag)
    for name in ("colleague", "insider"):
        await world[name].get(world.path(f"cases/{case}"))
    await world["insider"].post(world.path(f"cases/{case}/decline"), {})
    asked = await answer_to_check(world)
    path = world.path(f"signals/{asked.ids['signal']}/check/answer")
    await world["officer"].post(path, dict(asked.body or {}), if_match=asked.etag)
    await taught_answer(world)
    await _ended(world)
    session, etag, item = await world.opened(case)
    lead = world.person_ids["insider"]
    body = world.pen.follow_up(item, lead, lead)
    path, heard = world.path(f"sessions/{session}/prepared"), frozenset({"CaseNotForDecision"})
    await post_once_heard(world["coordinator"], path, body, not_yet=heard, if_match='"0"')
    await world["mayor"].post(world.path(f"sessions/{session}/decisions"), body, if_match=etag)

    async def followed_up() -> bool | None:
        return (await world["insider"].get(world.path(f"cases/{case}"))).body["actions"] != [] or None

    await until("the decision reaches the case", followed_up)

    async def scheduled() -> bool | None:
        cases = (await world["coordinator"].get(world.path("cases"), state="SCHEDULED")).body["cases"]
        return other in {case["case_id"] for case in cases} or None

    other = await world.listed("insider")
    await world.planned(other)
    await until("the session reaches another case", scheduled)
    await world["prevention"].post(world.path(f"cases/{other}/conflict"), {})
    found = await world["coordinator"].get(world.path(f"cases/{other}"))
    path = world.path(f"cases/{other}/information")
    await world["coordinator"].post(path, {"answer": "informed", "day": day(0)}, if_match=found.etag)
