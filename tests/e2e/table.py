"""Who plays which part of the story, and in which cell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.accounts import running_instance
from deploy.local.caller import Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.towns import DIJKGEM, VAARTBEKE
from tests.e2e.bodies import Pen

NAMES = ("an", "lieve", "karim", "joris", "nele", "sofie", "tom", "wim")


@dataclass(frozen=True, slots=True)
class Table:
    """The people by the names they have in the story. `cell` and `neighbour` are ids."""

    cell: str
    neighbour: str
    nis_code: str
    people: Mapping[str, Caller]
    tag: str = ""

    def __getitem__(self, name: str) -> Caller:
        return self.people[name]

    def account(self, name: str) -> str:
        """The name this person signs in under: a cell of a test has people of its own."""
        return f"{name}-{self.tag}" if self.tag else name

    def path(self, rest: str) -> str:
        """An address in the cell."""
        return f"/cells/{self.cell}/{rest}"

    async def talk(self, signal: str, pen: Pen) -> None:
        """The coordinator asks about a signal that nobody worked on, and whoever told it answers and adds something."""
        path, nele = self.path(f"signals/{signal}"), self["nele"]
        await self["an"].post(
            f"{path}/ask", pen.said("Sinds wanneer blijft hij weg, en van welke lessen?"), if_match='"1"'
        )
        entry = (await nele.get(path)).body["exchange"][0]["entry_id"]
        await nele.post(f"{path}/add", pen.said("Sinds de herfst, van de sportles.", entry), if_match='"2"')
        await nele.post(f"{path}/add", pen.said("Zijn zus belde: hij komt weer naar de training."), if_match='"3"')

    async def ids(self) -> dict[str, str]:
        """Who is who: given name in lower case to person id, as the coordinator sees the cell."""
        mandates = (await self["an"].get(self.path("mandates"), page_size=50)).body["mandates"]
        return {mandate["given_name"].lower(): mandate["person_id"] for mandate in mandates}


@asynccontextmanager
async def demo_table(root: Path) -> AsyncIterator[Table]:
    """The demo town of the platform that runs below `root`. Raises StartFailed."""
    instance = running_instance(root)
    flow = CodeFlow(instance)
    async with api_client(instance.portal_url) as http:
        people = {name: Caller(http, lambda name=name: flow.token(name)) for name in NAMES}  # type: ignore[misc]
        vaartbeke = await _cell(people["an"], VAARTBEKE.name)
        neighbour = await _cell(people["wim"], DIJKGEM.name)
        yield Table(vaartbeke["cell_id"], neighbour["cell_id"], VAARTBEKE.nis_code, people)


async def _cell(person: Caller, name: str) -> dict[str, Any]:
    cells = (await person.get("/me")).body["cells"]
    found: dict[str, Any] = next(cell for cell in cells if cell["name"] == name)
    return found
