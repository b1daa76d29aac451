"""Rotation of keys (decision 34): new root keys, new keys of cells, and what they wrapped, wrapped anew.

Runs under the database role `keys`, which reads no content, as the system principal `<service>.rotation`. Running
processes read both versions meanwhile. Whatever was cut off is taken up by the same command given again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.kit.execute import Work
from services.kit.keys import Key, wrapped_under
from services.kit.policy import DatabaseRole, Handler, Rule, Verb

BATCH = 500
"""Keys wrapped anew in one transaction: what erasing one of them may have to wait for."""
SAME_ROTATION = timedelta(days=1)
"""A key made less than this ago is of the rotation that goes on: given again, the command makes no other."""

NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ReadKeyedCells:
    """All cells this service knows."""


@dataclass(frozen=True, slots=True)
class WrapCellKeys:
    """Wrap this cell's keys under the newest root key."""


@dataclass(frozen=True, slots=True)
class RenewCellKey:
    """Make this cell a new key, unless its newest is of the rotation that goes on; `always` all the same."""

    always: bool = False


@dataclass(frozen=True, slots=True)
class WrapObjectKeys:
    """Wrap the keys of this cell's next objects after `after` under its key of `version`, the newest."""

    version: int
    after: UUID = NO_ID
    limit: int = BATCH


@dataclass(frozen=True, slots=True)
class Batch:
    """How many keys were wrapped anew, and where to go on; None at the end."""

    wrapped: int
    after: UUID | None


_CELLS = "SELECT cell_id FROM known_cell ORDER BY cell_id"
_CELL_KEYS = (
    "SELECT key_version, wrapped, created_at FROM cell_key WHERE tenant_id = $1 ORDER BY key_version FOR UPDATE"
)
_WRAP_CELL_KEY = "UPDATE cell_key SET wrapped = $3 WHERE tenant_id = $1 AND key_version = $2"
_ADD_CELL_KEY = """
INSERT INTO cell_key (tenant_id, key_version, wrapped, created_at)
VALUES ($1, $2, $3, current_setting('rondetafel.now')::timestamptz) ON CONFLICT DO NOTHING"""
_OBJECT_KEYS = """
SELECT object_id, wrapped FROM object_key WHERE tenant_id = $1 AND object_id > $2
ORDER BY object_id LIMIT $3 FOR UPDATE"""
# Only what is still there: a key destroyed meanwhile does not come back.
_WRAP_OBJECT_KEYS = """
UPDATE object_key SET wrapped = one.wrapped FROM unnest($2::uuid[], $3::bytea[]) AS one (object_id, wrapped)
WHERE object_key.tenant_id = $1 AND object_key.object_id = one.object_id"""


async def read_keyed_cells(work: Work, query: ReadKeyedCells) -> tuple[UUID, ...]:
    """The ids of all cells, in their order. Unrecorded: it says nothing of anybody."""
    return tuple(row["cell_id"] for row in await work.transaction.raw.fetch(_CELLS))


async def wrap_cell_keys(work: Work, command: WrapCellKeys) -> int:
    """How many of the cell's keys were wrapped anew. Their bytes stay the same; the old root key opens them no more."""
    vault, raw = work.keyring.vault, work.transaction.raw
    newest, _ = vault.roots.newest
    for row in await raw.fetch(_CELL_KEYS, work.cell_id):
        if wrapped_under(row["wrapped"]) != newest:
            key = vault.unwrap_cell(row["wrapped"], work.cell_id, row["key_version"])
            anew = vault.wrap_cell(key, work.cell_id, row["key_version"])
            key.wipe()
            await raw.execute(_WRAP_CELL_KEY, work.cell_id, row["key_version"], anew)
            work.trail.count += 1
    return work.trail.count


async def renew_cell_key(work: Work, command: RenewCellKey) -> int:
    """The version of the cell's newest key; 0 where it has none yet, for want of anything to seal."""
    raw = work.transaction.raw
    rows = await raw.fetch(_CELL_KEYS, work.cell_id)
    if not rows:
        return 0
    version: int = rows[-1]["key_version"]
    if not command.always and rows[-1]["created_at"] > work.now - SAME_ROTATION:
        return version
    key = Key.new()
    await raw.execute(
        _ADD_CELL_KEY, work.cell_id, version + 1, work.keyring.vault.wrap_cell(key, work.cell_id, version + 1)
    )
    key.wipe()
    work.trail.count = 1
    return version + 1


async def wrap_object_keys(work: Work, command: WrapObjectKeys) -> Batch:
    """One bounded batch; no more than that is locked at once."""
    raw = work.transaction.raw
    rows = await raw.fetch(_OBJECT_KEYS, work.cell_id, command.after, command.limit)
    anew = await work.keyring.wrapped_anew({row["object_id"]: row["wrapped"] for row in rows}, command.version)
    if anew:
        await raw.execute(_WRAP_OBJECT_KEYS, work.cell_id, list(anew), list(anew.values()))
    work.trail.count = len(anew)
    return Batch(len(anew), rows[-1]["object_id"] if len(rows) == command.limit else None)


def rotation_policy(service: str) -> dict[Handler, Rule]:
    """The policy lines of the rotation, for every service."""
    systems, role = frozenset({f"{service}.rotation"}), DatabaseRole.KEYS
    return {
        read_keyed_cells: Rule(Verb.ADMINISTER, systems=systems, fields=(), recorded=False, database_role=role),
        wrap_cell_keys: Rule(Verb.ADMINISTER, systems=systems, fields=("keys",), database_role=role),
        renew_cell_key: Rule(Verb.ADMINISTER, systems=systems, fields=("keys",), database_role=role),
        wrap_object_keys: Rule(Verb.ADMINISTER, systems=systems, fields=("keys",), database_role=role),
    }
