"""Fills cells with cases by COPY, sealed by the product's own vault: what years of work would have left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import asyncpg

from services.case.criterion import Assessment, Criterion, criteria_to_json
from services.case.model import CIRCLE_END
from services.case.person import PersonConcerned
from services.kit.database import Transaction
from services.kit.ids import new_id
from services.kit.partial_dates import PartialDay
from services.kit.vault import AssociatedData, Keyring, Vault

CONTRIBUTIONS = 3
SEATS = ("coordinator", "mayor", "police", "prevention")
ALL_PARTS = ["frame", "identity", "proposal", "content"]
TEXT = "Komt elke woensdag naar het atelier, helpt er mee en blijft na om te praten. " * 4
PERSON = PersonConcerned("Milan", "Voorbeeld", PartialDay(2010, 4, 2), "Kaaistraat 1").to_json()
CRITERIA = criteria_to_json([Criterion("isolation", "observation", date(2026, 10, 2), TEXT)])
ASSESSMENT = Assessment(TEXT, TEXT, TEXT, "informed").to_json()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody at the table, and for which organisation."""

    person_id: UUID
    organisation_id: UUID


def keyring_of(connection: asyncpg.Connection[asyncpg.Record], root_key: Path, cell: UUID) -> Keyring:
    """The keys of a cell as the service of this database holds them; it needs of a transaction only the connection."""
    return Keyring(Vault.from_file(root_key), cast("Transaction", SimpleNamespace(raw=connection)), cell)


class Rows:
    """Rows by table, copied in the order in which their tables came."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, **row: Any) -> None:
        """One row; the columns of a table are the same each time, in the same order."""
        self._rows.setdefault(table, []).append(row)

    async def copy(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        """Into the database, past the walls: the connection is the administrator's."""
        for table, rows in self._rows.items():
            records = [tuple(row.values()) for row in rows]
            await connection.copy_records_to_table(table, records=records, columns=list(rows[0]))


class Filler:
    """Writes rows of the case service as the administrator."""

    def __init__(self, connection: asyncpg.Connection[asyncpg.Record], root_key: Path) -> None:
        self._connection = connection
        self._root_key = root_key

    async def fill(self, cell: UUID, nis_code: str, cases: int, insider: Member) -> list[UUID]:
        """So many cases in follow-up, `insider` in each circle and the author of what is shared; their ids."""
        await self._connection.execute("SELECT set_config('rondetafel.now', now()::text, false)")
        keyring = keyring_of(self._connection, self._root_key, cell)
        ids = [new_id() for _ in range(cases)]
        await keyring.hold(ids, create=True)
        rows = Rows()
        for number, case_id in enumerate(ids):
            await Written(rows, keyring, cell, nis_code, insider, case_id).write(f"{nis_code}-25-{number + 1:04d}")
        await rows.copy(self._connection)
        return ids


class Written:
    """The rows of one case."""

    def __init__(
        self, rows: Rows, keyring: Keyring, cell: UUID, nis_code: str, insider: Member, case_id: UUID
    ) -> None:  # fmt: skip
        self._rows = rows
        self._keyring = keyring
        self._cell = cell
        self._nis_code = nis_code
        self._insider = insider
        self._case_id = case_id
        self._at = datetime.now(UTC) - timedelta(days=30)

    async def write(self, code: str) -> None:
        """All of them, under this code."""
        await self._frame(code)
        for seat in (None, *SEATS):
            await self._sit(seat)
        for _ in range(CONTRIBUTIONS):
            await self._contribute()

    async def _sealed(self, text: str, table: str, column: str, row_id: UUID) -> bytes:
        return await self._keyring.seal(text, AssociatedData(self._case_id, table, column, row_id))

    async def _frame(self, code: str) -> None:
        case_id, me, at, signal_id = self._case_id, self._insider.person_id, self._at, new_id()
        here = {"tenant_id": self._cell, "case_id": case_id}
        self._rows.add(
            "signal", tenant_id=self._cell, signal_id=signal_id, state="PROPOSED", nis_code=self._nis_code,
            urgent=False, minor=True, language="nl", reporter_id=me, received_at=at, case_id=case_id, version=2,
        )  # fmt: skip
        self._rows.add(
            "case_frame", **here, signal_id=signal_id, code=code, nis_code=self._nis_code, state="FOLLOW_UP",
            minor=True, phenomenon="unclear", proposed_at=at, proposed_by=me, listed_at=at, listed_by=me,
            decided_at=at, case_lead_id=me, review_on=(at + timedelta(days=90)).date(), version=4,
        )  # fmt: skip
        person = await self._sealed(PERSON, "case_identity", "person", case_id)
        self._rows.add("case_identity", **here, person=person)
        texts = {"criteria": CRITERIA, "best_interest": CRITERIA, "list_reasons": TEXT}
        sealed = {name: await self._sealed(text, "case_proposal", name, case_id) for name, text in texts.items()}
        self._rows.add("case_proposal", **here, criteria_version="2026-1", **sealed)

    async def _sit(self, seat: str | None) -> None:
        """On a seat; without one it is the insider, who was invited."""
        entry_id, me = new_id(), self._insider.person_id
        self._rows.add(
            "circle_entry", tenant_id=self._cell, entry_id=entry_id, object_id=self._case_id,
            person_id=None if seat else me, seat=seat, nis_code=self._nis_code, parts=ALL_PARTS, starts_at=self._at,
            ends_at=CIRCLE_END, life_domains=["family"], invited_by=me,
            why=None if seat else await self._sealed(TEXT, "circle_entry", "why", entry_id),
        )  # fmt: skip

    async def _contribute(self) -> None:
        one = new_id()
        self._rows.add(
            "contribution", tenant_id=self._cell, contribution_id=one, case_id=self._case_id,
            author_id=self._insider.person_id, organisation_id=self._insider.organisation_id, state="SHARED",
            life_domain="family", language="nl", police_origin=False,
            text=await self._sealed(TEXT, "contribution", "text", one),
            assessment=await self._sealed(ASSESSMENT, "contribution", "assessment", one),
            legal_basis="decree-vl-2021-05-21", written_at=self._at, shared_at=self._at, version=3,
        )  # fmt: skip
