"""The data of an installation from before survive migrations: tables shared out between roles, rows without seal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from alembic import command

from deploy.local.postgres import _filled
from deploy.local.servers import Servers
from services.kit.keys import FIRST, Key, RootKeys
from services.kit.migrate import config_of
from services.kit.relay import Relay
from services.kit.seals import OutboxRow, seals_of
from tests.background import running
from tests.kit.test_transport import until
from tests.security.tables import Administrator, add

NAME = "rondetafel_case_of_before"
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
async def before(servers: Servers) -> AsyncIterator[Administrator]:
    """A database of the case service as it was before the roles, with the administrator in it."""
    server = await servers.postgres.connect("postgres")
    await server.execute(f"CREATE DATABASE {NAME} OWNER case_owner")
    connection = await servers.postgres.connect(NAME)
    await connection.execute(_filled("database.sql", service="case", database=NAME))
    await upgraded(servers, "0003")
    yield connection
    await connection.close()
    await server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    await server.close()


async def upgraded(servers: Servers, revision: str) -> None:
    """Bring that database up to a revision, as its migrator."""
    config = config_of("case")
    config.attributes["url"] = url_of(servers, "migrator")
    await asyncio.to_thread(command.upgrade, config, revision)


def url_of(servers: Servers, role: str) -> str:
    """How a role of the case service reaches that database."""
    return servers.postgres.database_url("case", role).replace("rondetafel_case?", f"{NAME}?")


async def entered(connection: Administrator, cell: UUID, reporter: UUID) -> UUID:
    """A signal that became a case, with its circle; what an act left in the outbox."""
    signal, case = uuid4(), uuid4()
    await add(
        connection, "signal",
        {"tenant_id": cell, "signal_id": signal, "state": "PROPOSED", "nis_code": "24001", "urgent": False,
         "minor": False, "language": "nl", "reporter_id": reporter, "received_at": AT, "case_id": case, "version": 2},
    )  # fmt: skip
    await add(
        connection, "case_frame",
        {"tenant_id": cell, "case_id": case, "signal_id": signal, "code": "24001-26-0001", "nis_code": "24001",
         "state": "LISTED", "minor": False, "phenomenon": "unclear", "proposed_at": AT, "proposed_by": reporter,
         "version": 1},
    )  # fmt: skip
    entry = {"tenant_id": cell, "nis_code": "24001", "parts": ["frame"], "starts_at": AT, "ends_at": AT}
    seats = [entry | {"object_id": row, "seat": "coordinator"} for row in (signal, case)]
    people = [
        entry | {"object_id": signal, "person_id": reporter},
        entry | {"object_id": case, "person_id": uuid4(), "why": b"sealed"},
    ]
    for row in (*seats, entry | {"object_id": case, "seat": "mayor"}, *people):
        await add(connection, "circle_entry", row | {"entry_id": uuid4()})
    await add(
        connection, "outbox",
        {"tenant_id": cell, "message_id": uuid4(), "stream": "event", "type": "case.listed", "subject": "s",
         "payload": b"p", "created_at": AT},
    )  # fmt: skip
    return case


async def test_rows_of_before_are_all_there_and_within_the_new_ties(servers: Servers, before: Administrator) -> None:
    cell, reporter = uuid4(), uuid4()
    case = await entered(before, cell, reporter)
    tables = ("signal", "case_frame", "circle_entry", "outbox")
    counts = {name: await before.fetchval(f"SELECT count(*) FROM {name}") for name in tables}
    await upgraded(servers, "head")
    assert {name: await before.fetchval(f"SELECT count(*) FROM {name}") for name in tables} == counts
    tied = await before.fetch("SELECT seat, of_case, of_reporter FROM circle_entry ORDER BY of_case, seat, of_reporter")
    assert [tuple(row) for row in tied] == [
        ("mayor", case, None), (None, case, None), ("coordinator", None, None), ("coordinator", None, None),
        (None, None, reporter),
    ]  # fmt: skip
    invited = await before.fetch("SELECT opened_at FROM circle_entry WHERE why IS NOT NULL")
    assert [row["opened_at"] for row in invited] == [AT], "nobody knows, so it counts as opened"
    # The ties hold for what comes, and every row of before can be touched again.
    await before.execute("UPDATE circle_entry SET parts = parts")
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="circle_entry_reporter"):
        stranger = {"tenant_id": cell, "entry_id": uuid4(), "object_id": case, "person_id": uuid4()}
        more = {"nis_code": "24001", "parts": ["frame"], "starts_at": AT, "ends_at": AT}
        await add(before, "circle_entry", stranger | more)


@dataclass
class Sent:
    """In place of NATS: what a relay hands over."""

    subjects: list[str] = field(default_factory=list)
    connected: bool = True

    @property
    def stream(self) -> Sent:
        return self

    async def publish(self, subject: str, payload: bytes, **how: object) -> None:
        """Note it."""
        self.subjects.append(subject)


async def test_rows_of_before_leave_without_a_seal_and_none_comes_after_them(
    servers: Servers, before: Administrator
) -> None:
    await upgraded(servers, "0006")
    cell = uuid4()

    def written(subject: str) -> OutboxRow:
        return OutboxRow(cell, uuid4(), "event", "case.listed", subject, b"p", "", AT)

    await add(before, "outbox", written("of before")._asdict())
    await upgraded(servers, "head")
    seals = seals_of("case", RootKeys({FIRST: Key(b"k" * 32)}))
    ours = written("ours")
    app = await asyncpg.connect(url_of(servers, "app").replace("+asyncpg", ""))
    await app.execute("SELECT set_config('rondetafel.tenant', $1, false)", str(cell))
    # As a program of before writes rows, that still runs: they are kept, not sent.
    await add(app, "outbox", written("without seal")._asdict())
    await add(app, "outbox", ours._asdict() | {"seal": seals.seal(ours)})
    await app.close()
    sent: Any = Sent()
    relay = Relay(url_of(servers, "relay"), sent, "case", seals)

    async def looked_at() -> bool:
        query = "SELECT count(*) FROM outbox WHERE published_at IS NULL AND refused_at IS NULL"
        return bool(await before.fetchval(query) == 0)

    async with running(relay.run()):
        await until(looked_at)
        assert sorted(sent.subjects) == ["of before", "ours"]
        # What the guide gives the operator for a row that turns out to be rightful.
        await before.execute("UPDATE outbox SET of_before = true, refused_at = NULL WHERE refused_at IS NOT NULL")
        await until(looked_at)
    await relay.close()
    assert sorted(sent.subjects) == ["of before", "ours", "without seal"]
