"""The tables of a service as its catalogue lists them, and what one actor's statement does to each.

Everything happens in one transaction of the superuser that is rolled back; a probe is a savepoint in a working role.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg

from tests.saml import right

Administrator: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""The database's superuser: what no wall stops."""

WORKING = ("app", "hearing", "erasing")
"""The roles as which handlers work."""
VERBS = ("SELECT", "UPDATE", "DELETE", "INSERT")
SAMPLES = 50
"""How many rows at most are offered for INSERT."""

_CATALOGUE = """
SELECT c.relname AS name, c.relrowsecurity AS walled,
       EXISTS (SELECT 1 FROM pg_policy
         WHERE polrelid = c.oid AND NOT polpermissive AND polcmd IN ('*', 'r')) AS restricted,
       EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid AND NOT polpermissive AND polcmd = '*') AS restricts_all,
       (SELECT jsonb_object_agg(attname, format_type(atttypid, NULL)) FROM pg_attribute
         WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '')::text AS columns,
       ARRAY(SELECT attname::text FROM pg_attribute
         WHERE attrelid = c.oid AND attnum > 0 AND attnotnull AND NOT atthasdef ORDER BY attnum) AS required,
       ARRAY(SELECT verb FROM unnest($2::text[]) AS verb WHERE CASE verb WHEN 'DELETE'
         THEN has_table_privilege($1, c.oid, verb) ELSE has_any_column_privilege($1, c.oid, verb) END) AS granted,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
         AND has_column_privilege($1, c.oid, attnum, 'UPDATE')) AS changeable,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
         AND has_column_privilege($1, c.oid, attnum, 'INSERT')) AS addable
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""

# In this order a column is chosen to change: numbers and moments break no check of their table.
CONSTANTS = {
    "bigint": "0", "integer": "0", "timestamp with time zone": "now()", "bytea": "''", "text": "'x'",
    "uuid": "gen_random_uuid()", "smallint": "0", "boolean": "false", "text[]": "'{}'", "date": "current_date",
    "jsonb": "'[]'", "uuid[]": "'{}'",
}  # fmt: skip
INVENTED: Mapping[str, dict[str, Any]] = {
    "finding": {"kind": "hole"}, "outbox": {"stream": "event"}, "revoked": {"kind": "session", "refuses_all": True},
    "rules": {"kind": "internal_rules", "state": "PROPOSED", "format": "text"}, "rules_part": {"place": 1, "parts": 1},
    "check_answer": {"answer": "no_objection"}, "signal_entry": {"kind": "addition"},
    "provider": {"state": "DISABLED", "kind": "oidc"},
    "provider_domain": {"proof": "host_word"}, "theft": {"person_id": UUID(int=1)},
    "provider_metadata": {"certificates": list(right("invented").certificates)},
}  # fmt: skip
"""Values of columns with a check, for rows that no play brings about."""
OF_A_PERSON = frozenset({"draft", "preference", "person_profile", "sign_in"})
"""What people keep for themselves in the tenant of the platform: no mandate and no circle gives a right to it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns and their types, whether it is walled, and what each working role may do with it."""

    name: str
    walled: bool
    restricted: bool
    restricts_all: bool
    columns: Mapping[str, str]
    required: Sequence[str]
    granted: Mapping[str, Sequence[str]]
    changeable: Mapping[str, Sequence[str]]
    addable: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Actor:
    """What a transaction is told: cell, actor, moment."""

    cell: UUID
    person: UUID
    now: datetime
    marks: str = ""
    """Those of the questions the actor asked: made with the cell's key, so nobody else names them."""


async def tables_of(administrator: Administrator, service: str) -> list[Table]:
    """All tables there are in a service's database, whatever the service says of them."""
    by_role = {role: await administrator.fetch(_CATALOGUE, f"{service}_{role}", list(VERBS)) for role in WORKING}
    types = "SELECT key, value FROM jsonb_each_text($1::jsonb)"
    tables = []
    for number, row in enumerate(by_role["app"]):
        rights = {
            name: {role: rows[number][name] for role, rows in by_role.items()}
            for name in ("granted", "changeable", "addable")
        }
        columns = dict(await administrator.fetch(types, row["columns"]))
        tables.append(Table(**(dict(row) | rights | {"columns": columns})))
    return tables


@asynccontextmanager
async def rolled_back(administrator: Administrator) -> AsyncIterator[None]:
    """A transaction, or a savepoint in one, that leaves nothing; all of it sees one state of the running database."""
    isolation = None if administrator.is_in_transaction() else "repeatable_read"
    transaction = administrator.transaction(isolation=isolation)
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def become(administrator: Administrator, role: str, actor: Actor) -> None:
    """From here to the savepoint's end: the role, and what its transaction is told."""
    await administrator.execute(f"SET LOCAL ROLE {role}")
    await administrator.execute(
        "SELECT set_config('rondetafel.tenant', $1, true), set_config('rondetafel.actor', $2, true),"
        " set_config('rondetafel.now', $3, true), set_config('rondetafel.marks', $4, true)",
        str(actor.cell), str(actor.person), actor.now.isoformat(), actor.marks,
    )  # fmt: skip


async def add(administrator: Administrator, table: str, *rows: Mapping[str, Any]) -> None:
    """Put rows in as they are."""
    for row in rows:
        names = ", ".join(row)
        values = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await administrator.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", *row.values())


async def fill(administrator: Administrator, tables: Sequence[Table], cell: UUID, person: UUID) -> list[str]:
    """A row in each table that has none, of the cell where tables have cells, of the person where they are a person's.

    Gives the names of those tables.
    """
    empty = []
    for table in tables:
        own = f"WHERE tenant_id = '{cell}'" if table.walled else ""
        if not await administrator.fetchval(f"SELECT EXISTS (SELECT 1 FROM {table.name} {own})"):
            empty.append(table)
    values: dict[str, Any] = {
        "bigint": 1, "integer": 1, "smallint": 1, "timestamp with time zone": datetime.now(UTC), "bytea": b"x",
        "text": "x", "boolean": False, "text[]": [], "date": date(2026, 11, 24), "jsonb": "[]",
        "uuid[]": [],
    }  # fmt: skip
    has_mandates = any(table.name == "mandate" for table in tables)
    town = "SELECT nis_codes[1] FROM mandate WHERE tenant_id = $1 ORDER BY mandate_id LIMIT 1"
    for table in empty:
        row = {name: uuid4() if (kind := table.columns[name]) == "uuid" else values[kind] for name in table.required}
        row |= dict(INVENTED.get(table.name, {})) | ({"tenant_id": cell} if table.walled else {})
        row |= {"person_id": person} if table.name in OF_A_PERSON else {}
        if has_mandates and "nis_code" in row:
            row["nis_code"] = await administrator.fetchval(town, cell)
        await add(administrator, table.name, row)
    return [table.name for table in empty]


async def ctids(administrator: Administrator, table: str, cell: UUID, which: str = "true") -> set[str]:
    """The versions of the rows of a cell."""
    rows = await administrator.fetch(f"SELECT ctid::text FROM {table} WHERE tenant_id = $1 AND {which}", cell)
    return {row[0] for row in rows}


async def reach(
    administrator: Administrator, role: str, actor: Actor, table: Table, verb: str, cell: UUID, which: str = "true"
) -> int:
    """How many rows of `cell` the actor's statement reads, changes, takes away or adds; 0 when it is refused.

    `which` narrows what is counted of those changed or taken away.
    """
    try:
        async with rolled_back(administrator):
            if verb == "INSERT":
                return await _added(administrator, role, actor, table, cell)
            if verb == "SELECT":
                await become(administrator, role, actor)
                count = f"SELECT count(*) FROM {table.name} WHERE tenant_id = $1"
                return int(await administrator.fetchval(count, cell))
            before = await ctids(administrator, table.name, cell, which)
            await become(administrator, role, actor)
            await administrator.execute(_unconditional(table, verb, role.rpartition("_")[2]))
            await administrator.execute("RESET ROLE")
            return len(before - await ctids(administrator, table.name, cell))
    except asyncpg.InsufficientPrivilegeError:
        return 0


def _unconditional(table: Table, verb: str, role: str) -> str:
    """A statement that reads no column: then only the policies of that very verb hold it back."""
    if verb == "DELETE":
        return f"DELETE FROM {table.name}"
    names = table.changeable[role] or list(table.columns)
    kinds = list(CONSTANTS)
    name = min(names, key=lambda name: kinds.index(table.columns[name]))
    return f"UPDATE {table.name} SET {name} = {CONSTANTS[table.columns[name]]}"


async def _added(administrator: Administrator, role: str, actor: Actor, table: Table, cell: UUID) -> int:
    """How many of the cell's rows the walls would let in once more. Walls are asked before keys and checks."""
    rows = await administrator.fetch(
        f"SELECT to_jsonb(t)::text FROM {table.name} AS t WHERE tenant_id = $1 LIMIT {SAMPLES}", cell
    )
    # Of what is added in part, the rest is not the role's to say.
    addable = table.addable[role.rpartition("_")[2]]
    names = ", ".join([name for name in table.columns if name in addable] or table.columns)
    insert = (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table.name}, $1::jsonb)"
    )
    admitted = 0
    await become(administrator, role, actor)
    for row in rows:
        try:
            async with rolled_back(administrator):
                await administrator.execute(insert, row[0])
                admitted += 1
        except asyncpg.InsufficientPrivilegeError:
            continue
        except asyncpg.IntegrityConstraintViolationError:
            admitted += 1
    return admitted
