"""Two processes of one service that share a database and root keys, and the commands that rotate them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from deploy.local.postgres import database_name
from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.database import Database
from services.kit.execute import Executor
from services.kit.freshness import always_fresh
from services.kit.keys import FIRST, Key, RootKeys, wrapped_under
from services.kit.policy import DatabaseRole
from services.kit.principal import system
from services.kit.rotate import Rotation
from services.kit.rotation import rotation_policy
from services.kit.vault import AssociatedData, Vault

SERVICE = "case"


class Killed(Executor):
    """An executor whose process is killed after so many acts."""

    left: int | None = None

    async def run(self, *arguments: Any, **named: Any) -> Any:
        if self.left == 0:
            raise ZeroDivisionError
        self.left = None if self.left is None else self.left - 1
        return await super().run(*arguments, **named)


class Processes:
    """Numbered 0 and 1. Time passes for all of them together."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self._servers = servers
        urls = servers.postgres.working_urls(SERVICE)
        self._database = Database({**urls, DatabaseRole.KEYS: servers.postgres.database_url(SERVICE, "keys")}, size=2)
        self.root_key = folder / "case.root_key"
        self.root_key.write_bytes(os.urandom(32))
        self.cell_id = uuid4()
        self._passed, self._days = timedelta(), timedelta()
        self._vaults = [self._vault(), self._vault()]

    def _vault(self) -> Vault:
        return Vault(RootKeys.from_file(self.root_key), clock=lambda: self._passed.total_seconds())

    def now(self) -> datetime:
        return datetime.now(UTC) + self._days

    def pass_time(self, **span: float) -> None:
        """For what the processes keep in memory."""
        self._passed += timedelta(**span)

    def restart(self, process: int) -> int:
        """What it kept in memory is gone."""
        self._vaults[process] = self._vault()
        return process

    def associated_data(self, object_id: UUID) -> AssociatedData:
        """Somewhere that a case's key, or the cell's own, seals."""
        return AssociatedData(object_id, "contribution", "text", uuid4())

    async def seal(self, process: int, text: str, associated_data: AssociatedData, *, killed: bool = False) -> bytes:
        """In a transaction of its own, that commits unless the process is killed."""
        async with self._transaction() as session:
            keyring = self._vaults[process].keyring(session, self.cell_id)
            sealed = await keyring.seal(text, associated_data)
            if killed:
                raise ZeroDivisionError
        keyring.commit()
        return sealed

    async def open(self, process: int, sealed: bytes, associated_data: AssociatedData) -> str:
        """As any reader does."""
        async with self._transaction() as session:
            keyring = self._vaults[process].keyring(session, self.cell_id)
            text = await keyring.open(sealed, associated_data)
        keyring.commit()
        return text

    async def destroy(self, process: int, object_id: UUID) -> None:
        """Erase a case."""
        async with self._transaction(DatabaseRole.ERASING) as session:
            keyring = self._vaults[process].keyring(session, self.cell_id)
            await keyring.destroy([object_id])
        keyring.commit()

    async def names(self, process: int) -> list[bytes]:
        """A blind index and a pseudonym of the cell."""
        async with self._transaction() as session:
            keyring = self._vaults[process].keyring(session, self.cell_id)
            names = [await keyring.blind("a@example.org", "email"), await keyring.pseudonym("somebody", "actor")]
        keyring.commit()
        return names

    async def rotate_root(self, **how: int) -> int:
        """`rotate-keys root`, in a process of its own; how many keys were wrapped anew."""
        return await self._rotation(**how).root(self.root_key)

    async def rotate_cells(self, *, again: bool = False, **how: int) -> int:
        """`rotate-keys cells`, two days after what was before, or `again` for the same rotation."""
        self._days += timedelta(days=0 if again else 2)
        return await self._rotation(**how).cells()

    def _rotation(self, *, batch: int = 500, killed_after: int | None = None) -> Rotation:
        vault = Vault(RootKeys.from_file(self.root_key))
        executor = Killed(
            service=SERVICE, database=self._database, vault=vault, policy=rotation_policy(SERVICE), clock=self.now,
            fresh=always_fresh, wake=lambda height: None,
        )  # fmt: skip
        executor.left = killed_after
        return Rotation(SERVICE, executor, vault, self.now, lambda line: None, only=[self.cell_id], batch=batch)

    async def versions(self) -> list[int]:
        """Under which version of the cell's key each key is wrapped."""
        rows = await self._asked("SELECT wrapped FROM object_key WHERE tenant_id = $1", self.cell_id)
        return sorted(wrapped_under(row["wrapped"]) or 0 for row in rows)

    async def wrapped(self, object_id: UUID) -> bytes:
        """A wrapped key as it stands in the database."""
        query = "SELECT wrapped FROM object_key WHERE tenant_id = $1 AND object_id = $2"
        return bytes((await self._asked(query, self.cell_id, object_id))[0]["wrapped"])

    async def wrapped_cell(self) -> bytes:
        """The cell's first key as it stands in the database."""
        query = "SELECT wrapped FROM cell_key WHERE tenant_id = $1 AND key_version = 1"
        return bytes((await self._asked(query, self.cell_id))[0]["wrapped"])

    async def stolen_cell_key(self) -> Key:
        """The cell's first key, out of a process's memory."""
        return self._vault().unwrap_cell(await self.wrapped_cell(), self.cell_id, FIRST)

    async def insert_keys(self, cell: bytes, object_id: UUID, wrapped: bytes) -> None:
        """Keys as another version of the program wrote them."""
        await self._asked("INSERT INTO cell_key VALUES ($1, 1, $2, now() - interval '9 days')", self.cell_id, cell)
        await self._asked("INSERT INTO object_key VALUES ($1, $2, $3, now())", self.cell_id, object_id, wrapped)

    async def recorded(self) -> list[str]:
        """What the rotation left for the log, oldest first."""
        query = "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq"
        rows = await self._asked(query, self.cell_id)
        return [audit_pb2.AuditRecord.FromString(row["payload"]).action for row in rows]

    async def close(self) -> None:
        """Close its connections."""
        await self._database.close()

    def _transaction(self, role: DatabaseRole = DatabaseRole.APP) -> Any:
        return self._database.transaction(system(f"{SERVICE}.consumer", self.cell_id), self.now(), role=role)

    async def _asked(self, query: str, *values: Any) -> list[Any]:
        administrator = await self._servers.postgres.connect(database_name(SERVICE))
        try:
            return list(await administrator.fetch(query, *values))
        finally:
            await administrator.close()
