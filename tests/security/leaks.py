"""Who tries the walls: a stranger with all a cell can give, one whose mandate ended, one in another's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.kit.policy import EVERYBODY
from tests.security.tables import OF_A_PERSON, VERBS, WORKING, Actor, Administrator, Table, add, fill, reach, tables_of

PARTS = ["frame", "identity", "proposal", "content"]
SEALED_IN = ("case", "meeting")
OPEN = frozenset({"circle_entry"})
"""Sealed columns and no wall but the cell's: who is in a circle is what the other walls ask."""
OWN = {
    "circle_entry": ("INSERT",), "contribution": ("UPDATE", "INSERT"), "read_receipt": ("SELECT", "INSERT"),
    "case_action": ("INSERT",), "check_answer": ("INSERT",), "preliminary_check": ("INSERT",), "draft": VERBS,
    "question": ("INSERT",), "signal_outcome": ("UPDATE", "INSERT"), "signal_reason": ("UPDATE", "INSERT"),
    "signal_entry": ("INSERT",), "signal_seen": ("SELECT", "UPDATE", "INSERT"),
    "contribution_declined": ("SELECT", "UPDATE", "INSERT"), "conflict_of_interest": ("INSERT",),
    "information": ("INSERT",),
    "preference": ("SELECT", "UPDATE", "INSERT"), "person_profile": ("SELECT", "UPDATE", "INSERT"),
    "sign_in": ("SELECT",), "theft": ("INSERT",),
}  # fmt: skip
"""What nobody does in another's name: write, invite, see who read, say what was decided."""
IN_THE_NAME_OF = {
    "check_answer": "answered_by", "preliminary_check": "started_by", "signal_outcome": "decided_by",
    "signal_reason": "decided_by", "signal_entry": "author_id", "signal_seen": "reader_id", "theft": "person_id",
    "conflict_of_interest": "said_by", "information": "said_by",
}  # fmt: skip
"""Done by others in the play: here it is the insider who did it."""
BY_ROLE = {
    "preliminary_check": ("UPDATE",), "question": ("UPDATE", "INSERT"), "question_text": ("UPDATE",),
    "taught_answer": ("UPDATE", "INSERT"),
}  # fmt: skip
"""What a role alone may do to a row, its reading aside."""
KEPT = {"circle_entry": "seat IS NULL"}
"""Rows of which the rightful actor changes none: an invitation stays as it was made."""
_OPEN_SIGNALS = "signal_id IN (SELECT signal_id FROM signal WHERE ended_at IS NULL)"
STAYS = {
    "signal": "ended_at IS NULL",
    "circle_entry": "object_id NOT IN (SELECT signal_id FROM signal WHERE ended_at IS NOT NULL)",
    **dict.fromkeys(
        (
            "signal_outcome",
            "signal_reason",
            "preliminary_check",
            "check_answer",
            "signal_entry",
            "signal_seen",
            "signal_mark",
        ),
        _OPEN_SIGNALS,
    ),
}
"""Rows of the case service that the role `erasing` does not take away: of a signal that is not over, of a case."""
_TOWNS = "SELECT ARRAY(SELECT DISTINCT unnest(nis_codes) FROM mandate WHERE tenant_id = $1)"
KEPT_OUT_OF = {
    "case": frozenset({
        "signal", "signal_identity", "signal_content", "signal_outcome", "signal_reason", "preliminary_check",
        "signal_entry", "signal_seen", "signal_mark",
        "check_answer", "case_frame", "case_identity", "case_proposal", "case_action", "contribution",
        "contribution_declined", "read_receipt", "planned_case", "kept_decision", "information",
    }),
    "meeting": frozenset({"decision", "dissent", "agreed_action", "prepared_decision"}),
}  # fmt: skip
"""What a conflict of interest keeps from who holds every seat (invariant 21)."""
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
    kept_out: Actor

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

    async def reach(self, actor: Actor, table: Table, verb: str, role: str = "app", which: str = "true") -> int:
        """How many rows of the first cell this actor's statement reaches, in that role."""
        return await reach(self.administrator, f"{self.service}_{role}", actor, table, verb, self.cell, which)


async def prepared(
    administrator: Administrator, service: str, cell: UUID, neighbour: UUID, insider: UUID
) -> tuple[Ground, list[str]]:
    """The ground, inside a transaction that is rolled back; and the tables that had no row of the cell.

    The insider and another member have every role in the cell and every part of every case, until an hour from now; so
    has one who is kept out of each of them.
    The insider has all this in the neighbouring cell too, there with a circle on the cases of the first.
    """
    tables = await tables_of(administrator, service)
    # Foreign keys are not what is tried here; they would hide a wall that is open.
    await administrator.execute("SET LOCAL session_replication_role = replica")
    made = await fill(administrator, tables, cell, insider)
    for table in tables:
        if column := IN_THE_NAME_OF.get(table.name):
            theirs = f"UPDATE {table.name} SET {column} = $1 WHERE tenant_id = $2"
            await administrator.execute(theirs, insider, cell)
    now = datetime.now(UTC)
    marks = await _marks(administrator, cell) if service == "case" else ""
    ground = Ground(
        administrator, service, tables, cell, insider=Actor(cell, insider, now, marks),
        stranger=Actor(neighbour, insider, now, marks), member=Actor(cell, uuid4(), now),
        kept_out=Actor(cell, uuid4(), now),
    )  # fmt: skip
    for actor in (ground.insider, ground.stranger, ground.member, ground.kept_out):
        await _empower(ground, actor)
    if service in KEPT_OUT_OF:
        await _keep_out(ground)
    return ground, made


async def _marks(administrator: Administrator, cell: UUID) -> str:
    rows = await administrator.fetch("SELECT asker FROM question WHERE tenant_id = $1", cell)
    return ",".join(str(row["asker"]) for row in rows)


def end_of(actor: Actor) -> datetime:
    """When what `prepared` gave them ends."""
    return actor.now + timedelta(hours=1)


async def _empower(ground: Ground, actor: Actor) -> None:
    administrator, until = ground.administrator, end_of(actor)
    if not any(table.name == "mandate" for table in ground.tables):
        return
    directory = any("counts_until" in table.columns for table in ground.tables if table.name == "mandate")
    counts = ", counts_until = least(counts_until, $1)" if directory else ""
    await administrator.execute(
        f"UPDATE mandate SET ends_at = least(ends_at, $1){counts} WHERE tenant_id = $2 AND person_id = $3",
        until, actor.cell, actor.person,
    )  # fmt: skip
    any_mandate = "SELECT * FROM mandate WHERE tenant_id = $1 ORDER BY mandate_id LIMIT 1"
    pattern = dict(await administrator.fetchrow(any_mandate, ground.cell))
    if "nis_codes" in pattern:
        # Whoever it was of: not every mandate is for all towns of the cell.
        pattern["nis_codes"] = await administrator.fetchval(_TOWNS, ground.cell)
    pattern |= {"tenant_id": actor.cell, "person_id": actor.person, "starts_at": actor.now - timedelta(days=2)}
    pattern |= {"ends_at": until, "undertaken_until": FOR_EVER}
    if directory:
        pattern |= {"counts_from": pattern["starts_at"], "counts_until": until}
    for role in EVERYBODY:
        await add(administrator, "mandate", pattern | {"mandate_id": uuid4(), "role": role.value})
    if any(table.name == "circle_entry" for table in ground.tables):
        objects = "SELECT DISTINCT object_id FROM circle_entry WHERE tenant_id = $1"
        entry = {"tenant_id": actor.cell, "person_id": actor.person, "nis_code": "24001", "parts": PARTS}
        entry |= {"starts_at": actor.now - timedelta(days=2), "ends_at": FOR_EVER}
        for row in await administrator.fetch(objects, ground.cell):
            await add(administrator, "circle_entry", entry | {"entry_id": uuid4(), "object_id": row["object_id"]})


async def _keep_out(ground: Ground) -> None:
    """As each service keeps it: a row of its own, or an entry of the circle without parts."""
    objects = "SELECT object_id FROM circle_entry WHERE tenant_id = $1"
    if ground.service == "case":
        # Of which no play brings about a row.
        objects += " UNION SELECT case_id FROM kept_decision WHERE tenant_id = $1"
    objects = f"SELECT DISTINCT object_id FROM ({objects}) AS every"
    who = {"tenant_id": ground.cell, "person_id": ground.kept_out.person, "nis_code": "24001"}
    for row in await ground.administrator.fetch(objects, ground.cell):
        of = who | {"object_id": row["object_id"]}
        since = ground.kept_out.now
        if ground.service == "case":
            said = {"conflict_id": uuid4(), "since": since, "said_by": ground.kept_out.person}
            await add(ground.administrator, "conflict_of_interest", of | said)
        else:
            until = {"entry_id": uuid4(), "parts": [], "starts_at": since, "ends_at": FOR_EVER}
            await add(ground.administrator, "circle_entry", of | until)


async def unreached(ground: Ground) -> list[str]:
    """What the rightful actor is granted and yet cannot do: then a refusal of others would show nothing."""
    found = []
    for table in ground.walled:
        for role, verbs in table.granted.items():
            for verb in verbs:
                if not await ground.reach(ground.insider, table, verb, role):
                    found.append(f"{verb} {table.name} as {role}")
    while_valid = replace(ground.insider, now=end_of(ground.insider) - timedelta(seconds=1))
    for table in ground.closed:
        if not await ground.reach(while_valid, table, "SELECT"):
            found.append(f"SELECT {table.name} with a mandate")
    return found


async def leaks(ground: Ground, *only: str) -> list[str]:
    """Every statement that gets past a wall, in all tables or in these; empty when the walls hold."""
    found = []
    chosen = [table for table in ground.walled if not only or table.name in only]
    for table in chosen:
        tries = [(ground.stranger, verb, "app", "from another cell") for verb in VERBS]
        for role in WORKING:
            tries += [(ground.stranger, verb, role, "from another cell") for verb in table.granted[role]]
        if table in ground.closed:
            ended = replace(ground.insider, now=end_of(ground.insider))
            # A wall for reading alone leaves adding to the handlers.
            verbs = ("SELECT", *(("INSERT",) if table.restricts_all else ()), *BY_ROLE.get(table.name, ()))
            tries += [(ended, verb, "app", "after the mandate's end") for verb in verbs]
        tries += [(ground.member, verb, "app", "in another's name") for verb in OWN.get(table.name, ())]
        if table.name in KEPT_OUT_OF.get(ground.service, ()):
            tries.append((ground.kept_out, "SELECT", "app", "despite a conflict of interest"))
        if table.name in OF_A_PERSON:
            tries += [(ground.member, verb, "erasing", "in another's name") for verb in table.granted["erasing"]]
        for actor, verb, role, how in tries:
            if await ground.reach(actor, table, verb, role):
                found.append(f"{verb} {table.name} {how} as {role}")
        stays = STAYS.get(table.name, "") if ground.service == "case" else ""
        if stays and await ground.reach(ground.insider, table, "DELETE", "erasing", which=stays):
            found.append(f"DELETE {table.name} where {stays}")
        own = f"person_id = '{ground.kept_out.person}'"
        if table.name == "conflict_of_interest" and await ground.reach(ground.kept_out, table, "UPDATE", which=own):
            found.append("UPDATE conflict_of_interest of one's own")
        if table.name in KEPT and await ground.reach(ground.insider, table, "UPDATE", which=KEPT[table.name]):
            found.append(f"UPDATE {table.name} where {KEPT[table.name]}")
    return found
