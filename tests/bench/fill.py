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
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    async def fill(self, cell: UUID, nis_code: str, cases: int, insider: Member) -> list[UUID]:
        """So many cases in follow-up, `insider` in each circle and the author of what is shared; their ids."""
        await self._connection.execute("SELECT set_config('rondetafel.now', now()::text, false)")
        keyring = keyring_of(self._connection, self._root_key, cell)
        ids = [new_id() for _ in range(cases)]
        await keyring.hold(ids, create=True)
        self._rows = {}
        for number, case_id in enumerate(ids):
            await self._case(keyring, cell, nis_code, number, case_id, insider)
        for table, rows in self._rows.items():
            await self._connection.copy_records_to_table(table, records=rows)
        return ids

    def _add(self, table: str, *values: Any) -> None:
        self._rows.setdefault(table, []).append(values)

    async def _case(self, keyring: Keyring, cell: UUID, nis: str, number: int, case_id: UUID, insider: Member) -> None:
        at = datetime.now(UTC) - timedelta(days=30)
        signal_id, me = new_id(), insider.person_id
        code = f"{nis}-25-{number + 1:04d}"

        async def sealed(text: str, table: str, column: str, row_id: UUID = case_id) -> bytes:
            return await keyring.seal(text, AssociatedData(case_id, table, column, row_id))

        self._add("signal", cell, signal_id, "PROPOSED", nis, False, True, "nl", me, at, case_id, 2)
        self._add(
            "case_frame", cell, case_id, signal_id, code, nis, "FOLLOW_UP", None, True, "unclear", at, me, at, me,
            None, at, me, (at + timedelta(days=90)).date(), 4,
        )  # fmt: skip
        self._add("case_identity", cell, case_id, await sealed(PERSON, "case_identity", "person"))
        criteria, interest = [await sealed(CRITERIA, "case_proposal", name) for name in ("criteria", "best_interest")]
        reasons = await sealed(TEXT, "case_proposal", "list_reasons")
        self._add("case_proposal", cell, case_id, "2026-1", criteria, interest, reasons)
        for seat in (None, *SEATS):
            entry_id, person = new_id(), me if seat is None else None
            why = await sealed(TEXT, "circle_entry", "why", entry_id) if person else None
            self._add(
                "circle_entry", cell, entry_id, case_id, person, seat, nis, ALL_PARTS, at, CIRCLE_END, ["family"], me,
                why,
            )  # fmt: skip
        for _ in range(CONTRIBUTIONS):
            one = new_id()
            text = await sealed(TEXT, "contribution", "text", one)
            weighed = await sealed(ASSESSMENT, "contribution", "assessment", one)
            self._add(
                "contribution", cell, one, case_id, me, insider.organisation_id, "SHARED", "family", "nl", False,
                text, weighed, "decree-vl-2021-05-21", at, at, 3,
            )  # fmt: skip
