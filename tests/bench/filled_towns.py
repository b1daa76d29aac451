"""Towns with years of cases, as rows and not by acts, and tables whose statistics are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.case.model import CIRCLE_END
from services.kit.ids import new_id
from tests.bench.fill import ALL_PARTS, SEATS
from tests.case.story import Story
from tests.harness import Person


@dataclass(frozen=True, slots=True)
class Town:
    """A town with so many cases, and a participant who is in the circle of each."""

    story: Story
    participant: Person
    case_id: UUID
    """One with a draft, an action and a contribution of another."""


async def fill_towns(administrator: asyncpg.Connection[asyncpg.Record], parts: Sequence[tuple[int, Town]]) -> None:
    """The other cases, of all towns in turns, as years of work leave them. What is sealed is never opened here."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for number in range(max(cases for cases, _ in parts)):
        for cases, town in parts:
            # A story has four of its own.
            if number < cases - 5:
                _case(rows, town, number)
    for table, records in rows.items():
        await administrator.copy_records_to_table(table, records=records, columns=COLUMNS[table].split())
    await _settle(administrator)


async def _settle(administrator: asyncpg.Connection[asyncpg.Record]) -> None:
    """What is known of the tables is taken of all rows, and stays: no background worker looks again meanwhile."""
    for table in await administrator.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        await administrator.execute(f'ALTER TABLE "{table[0]}" SET (autovacuum_enabled = false)')
    await administrator.execute("SET default_statistics_target = 1000")
    await administrator.execute("VACUUM ANALYZE")


COLUMNS = {
    "signal": "tenant_id signal_id state nis_code urgent minor language reporter_id received_at case_id version",
    "case_frame": "tenant_id case_id signal_id code nis_code state minor phenomenon proposed_at proposed_by listed_at"
    " listed_by decided_at review_on version",
    "case_identity": "tenant_id case_id person",
    "case_proposal": "tenant_id case_id criteria_version criteria",
    "circle_entry": "tenant_id entry_id object_id person_id seat nis_code parts starts_at ends_at life_domains"
    " invited_by why",
    "contribution": "tenant_id contribution_id case_id author_id organisation_id state life_domain language"
    " police_origin text assessment legal_basis written_at shared_at version",
}


def _case(rows: dict[str, list[tuple[Any, ...]]], town: Town, number: int) -> None:
    def add(table: str, *values: Any) -> None:
        rows.setdefault(table, []).append((cell, *values))

    our, me = town.story, town.participant.person_id
    cell, at = our.cell.cell_id, our.now - timedelta(days=30)
    signal_id, case_id, by, sealed = new_id(), new_id(), our.coordinator.person_id, bytes(300)
    add("signal", signal_id, "PROPOSED", our.town, False, True, "nl", me, at, case_id, 2)
    state = "CLOSED" if number % 3 == 0 else "FOLLOW_UP"
    add(
        "case_frame", case_id, signal_id, f"{our.town}-25-{number + 100:04d}", our.town, state, True, "unclear", at, by,
        at, by, at, our.today + timedelta(days=60), 4,
    )  # fmt: skip
    add("case_identity", case_id, sealed)
    add("case_proposal", case_id, "2026-1", sealed)
    for seat in (None, *SEATS):
        person = None if seat else me
        add("circle_entry", new_id(), case_id, person, seat, our.town, ALL_PARTS, at, CIRCLE_END, [], by,
            None if seat else sealed)  # fmt: skip
    for person, seat in ((me, None), (None, "coordinator")):
        add("circle_entry", new_id(), signal_id, person, seat, our.town, ALL_PARTS, at, CIRCLE_END, [], by, None)
    for _ in range(3):
        add("contribution", new_id(), case_id, me, uuid4(), "SHARED", "family", "nl", False, sealed, sealed, "x", at,
            at, 3)  # fmt: skip
