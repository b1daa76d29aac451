"""Who tries the walls: a stranger with all a cell can give, one whose mandate ended, one in another's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.kit.policy import EVERYBODY
from tests.security.tables import OF_A_PERSON, VERBS, Actor, Administrator, Table, add, fill, reach, tables_of

PARTS = ["frame", "identity", "proposal", "content"]
SEALED_IN = ("case", "meeting")
OPEN = frozenset({"circle_entry"})
"""Sealed columns and no wall but the cell's: who is in a circle is what the other walls ask."""
OWN = {"contribution": ("UPDATE", "INSERT"), "read_receipt": ("SELECT", "INSERT"), "case_action": ("INSERT",),
       "contribution_declined": ("SELECT", "UPDATE", "INSERT"), "draft": VERBS,
       "preference": ("SELECT", "UPDATE", "INSERT")}  # fmt: skip
"""What nobody does in another's name: write, see who read, say what was decided."""
TOLD: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "case": {"mandate": ("INSERT", "UPDATE"), "planned_case": ("INSERT", "DELETE")},
    "portal": {"mandate": ("INSERT", "UPDATE")},
    "meeting": {
        "mandate": ("INSERT", "UPDATE"), "circle_entry": ("INSERT", "UPDATE", "DELETE"),
        "circle_version": ("INSERT", "UPDATE"), "known_case": ("INSERT", "UPDATE"),
    },
    "audit": {
        "mandate": ("INSERT", "UPDATE"), "log": ("INSERT", "UPDATE"), "entry": ("INSERT",),
        "entry_detail": ("INSERT",), "object_name": ("INSERT", "DELETE"),
        "producer_position": ("INSERT", "UPDATE"), "producer_gap": ("INSERT", "DELETE"),
        "finding": ("INSERT", "UPDATE"),
    },
}  # fmt: skip
"""What a service is told by others: nobody of the cell writes it, whatever mandate they hold."""
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ground:
    """One database, filled, with the people who try its walls."""

    administrator: Administrator
    service: str
    tables: Sequence[Table]
    cell: UUID
    insider: Actor
    stranger: Actor
    member: Actor

    @property
    def walled(self) -> list[Table]:
        """Tables of cells and of persons."""
        return [table for table in self.tables if table.walled]

    @property
    def closed(self) -> list[Table]:
        """Tables behind a second wall, or that ought to be: all that is sealed."""
        spine = {"outbox", "idempotency", "cell_key", "object_key"} | OPEN
        return [
            table
            for table in self.walled
            if (table.restricted and table.name not in OF_A_PERSON)
            or (self.service in SEALED_IN and "bytea" in table.columns.values() and table.name not in spine)
        ]

    async def reach(self, actor: Actor, table: Table, verb: str) -> int:
        """How many rows of the first cell this actor's statement reaches, as the app role."""
        return await reach(self.administrator, f"{self.service}_app", actor, table, verb, self.cell)


async def prepared(
    administrator: Administrator, service: str, cell: UUID, neighbour: UUID, insider: UUID
) -> tuple[Ground, list[str]]:
    """The ground, inside a transaction that is rolled back; and the tables that had no row of the cell.

    The insider and another member have every role in the cell and every part of every case, until an hour from now.
    The insider has all this in the neighbouring cell too, there with a circle on the cases of the first.
    """
    tables = await tables_of(administrator, service)
    # Foreign keys are not what is tried here; they would hide a wall that is open.
    await administrator.execute("SET LOCAL session_replication_role = replica")
    made = await fill(administrator, tables, cell, insider)
    now = datetime.now(UTC)
    process = f"{service}.consumer"
    ground = Ground(
        administrator, service, tables, cell, insider=Actor(cell, insider, now, process),
        stranger=Actor(neighbour, insider, now, process), member=Actor(cell, uuid4(), now),
    )  # fmt: skip
    for actor in (ground.insider, ground.stranger, ground.member):
        await _empower(ground, actor)
    return ground, made


def end_of(actor: Actor) -> datetime:
    """When what `prepared` gave them ends."""
    return actor.now + timedelta(hours=1)


async def _empower(ground: Ground, actor: Actor) -> None:
    administrator, until = ground.administrator, end_of(actor)
    if not any(table.name == "mandate" for table in ground.tables):
        return
    await administrator.execute(
        "UPDATE mandate SET ends_at = least(ends_at, $1) WHERE tenant_id = $2 AND person_id = $3",
        until, actor.cell, actor.person,
    )  # fmt: skip
    pattern = dict(await administrator.fetchrow("SELECT * FROM mandate WHERE tenant_id = $1 LIMIT 1", ground.cell))
    pattern |= {"tenant_id": actor.cell, "person_id": actor.person, "starts_at": actor.now - timedelta(days=2)}
    pattern |= {"ends_at": until, "undertaken_until": FOR_EVER}
    for role in EVERYBODY:
        await add(administrator, "mandate", pattern | {"mandate_id": uuid4(), "role": role.value})
    if any(table.name == "circle_entry" for table in ground.tables):
        objects = "SELECT DISTINCT object_id FROM circle_entry WHERE tenant_id = $1"
        entry = {"tenant_id": actor.cell, "person_id": actor.person, "nis_code": "24001", "parts": PARTS}
        entry |= {"starts_at": actor.now - timedelta(days=2), "ends_at": FOR_EVER}
        for row in await administrator.fetch(objects, ground.cell):
            await add(administrator, "circle_entry", entry | {"entry_id": uuid4(), "object_id": row["object_id"]})


async def unreached(ground: Ground) -> list[str]:
    """What the rightful actor is granted and yet cannot do: then a refusal of others would show nothing."""
    found = []
    for table in ground.walled:
        for verb in table.granted:
            if not await ground.reach(ground.insider, table, verb):
                found.append(f"{verb} {table.name}")
    while_valid = replace(ground.insider, process="", now=end_of(ground.insider) - timedelta(seconds=1))
    for table in ground.closed:
        if not await ground.reach(while_valid, table, "SELECT"):
            found.append(f"SELECT {table.name} with a mandate")
    return found


async def leaks(ground: Ground, *only: str) -> list[str]:
    """Every statement that gets past a wall, in all tables or in these; empty when the walls hold."""
    found = []
    chosen = [table for table in ground.walled if not only or table.name in only]
    for table in chosen:
        tries = [(ground.stranger, verb, "from another cell") for verb in VERBS]
        if table in ground.closed:
            ended = replace(ground.insider, process="", now=end_of(ground.insider))
            # A wall for reading alone leaves adding to the handlers.
            verbs = ("SELECT", "INSERT") if table.restricts_all else ("SELECT",)
            tries += [(ended, verb, "after the mandate's end") for verb in verbs]
        tries += [(ground.member, verb, "in another's name") for verb in OWN.get(table.name, ())]
        told = TOLD.get(ground.service, {}).get(table.name, ())
        tries += [(ground.member, verb, "without being told") for verb in told]
        for actor, verb, how in tries:
            if await ground.reach(actor, table, verb):
                found.append(f"{verb} {table.name} {how}")
    return found
