"""The own handlers of directory, case and meeting, run as at a moment of the past: a month of history needs them.

Nothing goes round the executor: policy, walls, keys, audit records and events are those of every act. Only its clock
is set, and the relays of the running services publish what it leaves in the outbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import asyncpg

from deploy.local.platform import Platform
from deploy.local.postgres import database_name
from services.case.policy import POLICY as CASE_POLICY
from services.kit.asking import Answerers
from services.kit.clock import utc_now
from services.kit.database import Database
from services.kit.execute import Executor, HandlerOf
from services.kit.outbox import HighWaterMark
from services.kit.policy import Policy
from services.kit.principal import Principal, PrincipalKind
from services.kit.vault import Vault
from services.meeting.policy import POLICY as MEETING_POLICY
from services.partner_directory.policy import POLICY as DIRECTORY_POLICY

Command = TypeVar("Command")
Result = TypeVar("Result")

POLICIES: Mapping[str, Policy] = {
    "partner_directory": DIRECTORY_POLICY,
    "case": CASE_POLICY,
    "meeting": MEETING_POLICY,
}
SECOND_FACTOR = 2
HEARD_WITHIN_SECONDS = 60.0
PAUSE_SECONDS = 0.05

_MANDATES = "SELECT mandate_id, fact_version FROM mandate WHERE tenant_id = $1 ORDER BY mandate_id"
_CIRCLE = "SELECT entry_id FROM circle_entry WHERE object_id = $1 ORDER BY entry_id"
# One service's own rows and what another was told of them: news is under way as long as they differ. Who waits for one
# of a case waits from the top: what the case hears first changes what it tells then.
TOLD_OF_CELL: tuple[Mapping[str, str], ...] = (
    {"partner_directory": _MANDATES, "case": _MANDATES},
    {"partner_directory": _MANDATES, "meeting": _MANDATES},
)
TOLD_OF_CASE: tuple[Mapping[str, str], ...] = (
    {
        "meeting": "SELECT session_id FROM agenda_case WHERE case_id = $1 ORDER BY session_id",
        "case": "SELECT session_id FROM planned_case WHERE case_id = $1 ORDER BY session_id",
    },
    {
        "meeting": "SELECT decision_id FROM decision WHERE case_id = $1 ORDER BY decided_at DESC LIMIT 1",
        "case": "SELECT decision_id FROM case_frame WHERE case_id = $1 AND decision_id IS NOT NULL",
    },
    {
        "case": "SELECT state FROM case_frame WHERE case_id = $1",
        "meeting": "SELECT state FROM known_case WHERE case_id = $1",
    },
    {"case": _CIRCLE, "meeting": _CIRCLE},
)


class Past:
    """Lets people act at a moment of the past, and waits for what the services have to tell each other."""

    def __init__(
        self, databases: Mapping[str, Database], vaults: Mapping[str, Vault],
        administrator: Mapping[str, asyncpg.Connection[asyncpg.Record]],
    ) -> None:  # fmt: skip
        self._now = utc_now()
        self._administrator = administrator
        self._executors = {
            name: Executor(
                service=name, database=databases[name], vault=vaults[name], policy=policy, clock=lambda: self._now,
                fresh=_heard_before, wake=_found_by_the_relay,
            )
            for name, policy in POLICIES.items()
        }  # fmt: skip

    async def act(
        self, service: str, person_id: UUID, cell_id: UUID, at: datetime, handler: HandlerOf[Command, Result],
        command: Command, *, key: str | None = None, answerers: Callable[[Executor], Answerers] | None = None,
    ) -> Result:  # fmt: skip
        """What one person did then; `answerers` say what the handler asks from outside.

        Raises the handler's own errors; `mandates_are_heard` must have been waited for.
        """
        self._now = at
        principal = Principal(PrincipalKind.PERSON, person_id, cell_id, acr=SECOND_FACTOR)
        executor = self._executors[service]
        executor.answerers = answerers(executor) if answerers else {}
        return await executor.run(principal, handler, command, idempotency_key=key)

    async def mandates_are_heard(self, cell_id: UUID) -> None:
        """Returns when both services know who holds which mandate in the cell. Raises TimeoutError."""
        await self._same(TOLD_OF_CELL, cell_id)

    async def news_is_heard(self, case_id: UUID) -> None:
        """Returns when both services know the same of a case. Raises TimeoutError."""
        await self._same(TOLD_OF_CASE, case_id)

    async def _same(self, told: tuple[Mapping[str, str], ...], about: UUID) -> None:
        """Frames only: ids, states and versions, looked at by the database's administrator and so in nobody's log."""
        try:
            async with asyncio.timeout(HEARD_WITHIN_SECONDS):
                for queries in told:
                    await self._agree(queries, about)
        except TimeoutError:
            raise TimeoutError("the services have not told each other within a minute") from None

    async def _agree(self, queries: Mapping[str, str], about: UUID) -> None:
        while True:
            found = [await self._administrator[name].fetch(query, about) for name, query in queries.items()]
            if len({tuple(map(tuple, rows)) for rows in found}) == 1:
                return
            await asyncio.sleep(PAUSE_SECONDS)


@asynccontextmanager
async def past(platform: Platform) -> AsyncIterator[Past]:
    """The past of a running platform, with its connections open."""
    async with AsyncExitStack() as stack:
        databases = {}
        vaults = {}
        administrator = {}
        for name in POLICIES:
            databases[name] = Database(platform.postgres.working_urls(name), size=1)
            stack.push_async_callback(databases[name].close)
            vaults[name] = Vault.from_file(platform.instance.secrets.root_key(name))
            stack.push_async_callback(vaults[name].wipe)
        for name in POLICIES:
            administrator[name] = await platform.postgres.connect(database_name(name))
            stack.push_async_callback(administrator[name].close)
        yield Past(databases, vaults, administrator)


async def _heard_before(principal: Principal) -> None:
    """Whoever lets people act here waited for their mandates first; none changes meanwhile."""


def _found_by_the_relay(height: HighWaterMark | None) -> None:
    """The services' own relays look into the outbox twice a second."""
