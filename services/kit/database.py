"""The one transaction helper. `services/kit/execute.py` is its only user; a rule test says so."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
from opentelemetry.trace import SpanKind
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection

from services.kit import postgres, telemetry
from services.kit.errors import Unauthenticated, Unavailable
from services.kit.patience import HEALTH_SECONDS, Queries
from services.kit.policy import DatabaseRole
from services.kit.principal import Principal
from services.kit.revoked import REVOKED_STATE

_BEGIN_ACT = "SELECT * FROM begin_act($1, $2, $3, $4, $5, $6, $7)"
_SETTINGS = {
    "jit": "off",
    # What the walls ask is the same for every caller, so a plan made once serves all; planning costs as much as doing.
    "plan_cache_mode": "force_generic_plan",
    # What is asked is in memory. Lists are read along their index, not gathered whole and sorted.
    "random_page_cost": "1.1",
}
FEW = {DatabaseRole.HEARING: 4, DatabaseRole.ERASING: 2, DatabaseRole.CLOCK: 1}
"""Connections at most of the roles beside the app: consumers take one message at a time, the log four cells."""

_OUTAGES = (
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    PoolTimeout,
    OSError,
    TimeoutError,
)


class Transaction:
    """The one transaction of an act, on the driver's own connection (`raw`), to which the frame and hot handlers speak.

    `my_mandates` are the actor's valid mandates in the cell, as the transaction's first statement found them.
    """

    __slots__ = ("_engine", "_pooled", "_session", "my_mandates", "raw")

    def __init__(self, engine: AsyncEngine, pooled: PoolProxiedConnection) -> None:
        self._engine = engine
        self._pooled = pooled
        self._session: AsyncSession | None = None
        self.raw: asyncpg.Connection[asyncpg.Record] = pooled.driver_connection
        self.my_mandates: Sequence[asyncpg.Record] = ()

    @property
    def session(self) -> AsyncSession:
        """SQLAlchemy's session in this transaction, made when somebody first asks for it: most acts need none."""
        if self._session is None:
            connection = Connection(self._engine.sync_engine, self._pooled)
            bind = AsyncConnection(self._engine, connection)
            self._session = AsyncSession(bind, expire_on_commit=False, autoflush=False)
        return self._session

    async def flush(self) -> None:
        """Send what the session still holds back."""
        if self._session is not None:
            await self._session.flush()

    async def close(self) -> None:
        """Let the session go; its objects stay as they are."""
        if self._session is not None:
            await self._session.close()

    async def give_up(self, error: BaseException) -> None:
        """Whatever happened, no open transaction goes back to the pool."""
        clean = False
        try:
            clean = isinstance(error, Exception) and not _is_outage(error) and await _rolled_back(self.raw)
        finally:
            if not clean:
                self.drop()

    def drop(self) -> None:
        """Close the connection: whatever is asked next is asked of a new one."""
        self.raw.terminate()
        if self._pooled.is_valid:
            self._pooled.invalidate()

    def give_back(self) -> None:
        """To the pool, unless it was dropped."""
        if self._pooled.is_valid:
            self._pooled.close()


class Database:
    """The service's own database, through its working roles: `urls` is a password for each.

    A pool per role, of at most `size` connections for the app and `FEW` for the others. Every transaction is
    told cell, actor and moment by its first statement, transaction-local, so nothing can leak to the next user of the
    connection.
    """

    def __init__(
        self, urls: Mapping[DatabaseRole, str], *, size: int = 12, patience: Queries | None = None
    ) -> None:  # fmt: skip
        self._patience = patience or Queries()
        self._engines = {role: _engine(url, role, size, self._patience) for role, url in urls.items()}

    @asynccontextmanager
    async def transaction(
        self, principal: Principal, now: datetime, *, role: DatabaseRole = DatabaseRole.APP,
        about: UUID | None = None, refusal: bool = False,
    ) -> AsyncIterator[Transaction]:  # fmt: skip
        """One transaction for one act, as `role`: commits at the end, rolls back on any error.

        `about` is the one case the act concerns, if it says so: the walls then look at that circle alone.
        `refusal=True` is for the record of a refusal: it falls back to the host's log for a cell nobody knows, and does
        not ask whether the token counts. A connection whose task was cancelled is closed, never reused: asyncpg may
        leave an open transaction on it. Raises Unauthenticated when the token behind the act was revoked, Unavailable
        when the database is away.
        """
        try:
            begun = await self._begin(self._engines[role])
            try:
                with telemetry.span("postgresql transaction", SpanKind.CLIENT):
                    begun.my_mandates = await _tell(begun.raw, principal, now, about, refusal)
                    yield begun
                    await begun.flush()
                    await _commit(begun.raw)
                    await begun.close()
            except BaseException as error:
                await begun.give_up(error)
                raise
            finally:
                begun.give_back()
        except Exception as error:
            if not _is_outage(error):
                raise
            if not isinstance(error, PoolTimeout):
                # Idle connections to a server that went away would each fail once more.
                await self.close()
            raise Unavailable("the database does not answer") from error

    async def _begin(self, engine: AsyncEngine) -> Transaction:
        """Begin a transaction.

        A connection that was idle may lead nowhere without a sign of it. Nothing was done on it yet: another is tried,
        once.
        """
        pooled = await engine.raw_connection()
        try:
            return await self._begun(Transaction(engine, pooled))
        except Exception as error:
            if not _is_outage(error):
                raise
            await self.close()
        return await self._begun(Transaction(engine, await engine.raw_connection()))

    async def _begun(self, new: Transaction) -> Transaction:
        try:
            await new.raw.execute("BEGIN", timeout=self._patience.begin_seconds)
        except BaseException:
            new.drop()
            raise
        return new

    async def answers(self) -> bool:
        """Whether the database answers each role now; for readiness, says nothing to anyone else."""
        for _ in range(2):
            try:
                async with asyncio.timeout(HEALTH_SECONDS):
                    await asyncio.gather(*(_ask(engine) for engine in self._engines.values()))
                return True
            except (DBAPIError, *_OUTAGES):
                # Idle connections to a server that was started again each fail once: the second try is a new one.
                await self.close()
        return False

    async def close(self) -> None:
        """Close all connections that are not at work; new ones are made when they are needed."""
        for engine in self._engines.values():
            await engine.dispose()


def _engine(url: str, role: DatabaseRole, size: int, patience: Queries) -> AsyncEngine:
    answer = patience.statement_seconds if role is DatabaseRole.APP else patience.unattended_seconds
    # AUTOCOMMIT: BEGIN and COMMIT are ours, below; SQLAlchemy shall add none.
    return create_async_engine(
        url, pool_size=min(size, FEW.get(role, size)), max_overflow=0, pool_timeout=patience.free_seconds,
        pool_reset_on_return=None, isolation_level="AUTOCOMMIT",
        connect_args={
            "timeout": patience.connect_seconds, "command_timeout": answer, "connection_class": postgres.Connection,
            "server_settings": _SETTINGS | postgres.settings(patience, answer),
        },
    )  # fmt: skip


async def _ask(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


async def _tell(
    raw: asyncpg.Connection[asyncpg.Record], principal: Principal, now: datetime, about: UUID | None, refusal: bool
) -> Sequence[asyncpg.Record]:
    of_token = ([] if refusal else principal.identities, principal.issued_at)
    try:
        rows: Sequence[asyncpg.Record] = await raw.fetch(
            _BEGIN_ACT, principal.cell_id, principal.actor_id, now, about, refusal, *of_token
        )
    except asyncpg.PostgresError as error:
        if error.sqlstate == REVOKED_STATE:
            raise Unauthenticated("The sign-in was ended.") from None
        raise
    return rows


async def _commit(raw: asyncpg.Connection[asyncpg.Record]) -> None:
    """COMMIT of a transaction that failed before answers ROLLBACK without an error: nothing may leave then."""
    if await raw.execute("COMMIT") != "COMMIT":
        raise RuntimeError("a handler swallowed an error of the database")


async def _rolled_back(raw: asyncpg.Connection[asyncpg.Record]) -> bool:
    with contextlib.suppress(asyncpg.PostgresError, *_OUTAGES):
        await raw.execute("ROLLBACK")
        return True
    return False


def is_wall(error: Exception) -> bool:
    """Whether a row was refused by a wall of the database: to whom it would have been open when the act began."""
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig is not None else error
    return isinstance(cause, asyncpg.InsufficientPrivilegeError) and "row-level security" in str(cause)


def _is_outage(error: Exception) -> bool:
    # What the pool meets while it connects is not wrapped: "the database system is shutting down".
    if isinstance(error, AsyncAdapt_asyncpg_dbapi.Error):
        return isinstance(error.__cause__, _OUTAGES)
    if isinstance(error, DBAPIError):
        cause = error.orig.__cause__ if error.orig is not None else None
        return error.connection_invalidated or isinstance(cause or error.orig, _OUTAGES)
    return isinstance(error, _OUTAGES)
