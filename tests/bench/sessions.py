"""The meeting service's part of the fill: what it is told of cases and circles, and the sessions with their agendas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import asyncpg

from services.kit.ids import new_id
from services.kit.vault import AssociatedData, Keyring
from tests.bench.fill import TEXT, Member, Rows

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

ON_AN_AGENDA = 4
OPEN, PLANNED, HELD = "OPEN", "PLANNED", "CLOSED"
SEATS = {
    "lieve": "mayor", "karim": "police", "joris": "prevention", "an": "coordinator", "nele": "participant",
    "sofie": "participant",
}  # fmt: skip
"""Who is present, on which seat."""

_CASES = "SELECT tenant_id, case_id, code, nis_code, state, minor, version FROM case_frame WHERE tenant_id = $1"
_CIRCLES = """
SELECT tenant_id, entry_id, object_id, person_id, seat, nis_code, parts, starts_at, ends_at FROM circle_entry
 WHERE tenant_id = $1 AND object_id IN (SELECT case_id FROM case_frame WHERE tenant_id = $1)"""


@dataclass(frozen=True, slots=True)
class Session:
    """A session and the cases on its agenda, each with the decision on it."""

    session_id: UUID
    state: str
    starts_at: datetime
    decisions: Mapping[UUID, UUID]


def sessions_of(case_ids: Sequence[UUID]) -> list[Session]:
    """Four cases each: the second four are on the table now, all others were; the first four come back tomorrow."""
    now = datetime.now(UTC)
    fours = [case_ids[at : at + ON_AN_AGENDA] for at in range(0, len(case_ids), ON_AN_AGENDA)]
    held = [_session(HELD, now - timedelta(days=7 + week), cases) for week, cases in enumerate(fours) if week != 1]
    return [
        *held,
        _session(OPEN, now - timedelta(minutes=10), fours[1]),
        _session(PLANNED, now + timedelta(days=1), fours[0]),
    ]


def _session(state: str, starts_at: datetime, cases: Sequence[UUID]) -> Session:
    return Session(new_id(), state, starts_at, {case_id: new_id() for case_id in cases})


async def tell(case: Connection, meeting: Connection, cell: UUID) -> None:
    """All cases and circles of a cell, as the case service tells them."""
    rows = Rows()
    for row in await case.fetch(_CASES, cell):
        rows.add("known_case", **row)
        rows.add("circle_version", tenant_id=cell, case_id=row["case_id"], version=row["version"])
    for row in await case.fetch(_CIRCLES, cell):
        rows.add("circle_entry", **row)
    await rows.copy(meeting)


class Secretary:
    """Writes the rows of sessions."""

    def __init__(self, cell: UUID, nis_code: str, members: Mapping[str, Member], keyring: Keyring) -> None:
        self.rows = Rows()
        self._cell = cell
        self._nis_code = nis_code
        self._members = members
        self._keyring = keyring

    async def write(self, session: Session) -> None:
        """The session, who was present, its agenda, and the decisions of one that was held."""
        begun = session.state != PLANNED
        self.rows.add(
            "session", tenant_id=self._cell, session_id=session.session_id, state=session.state,
            starts_at=session.starts_at, ends_at=session.starts_at + timedelta(hours=3), place="town_hall",
            nis_codes=[self._nis_code], planned_by=self._members["an"].person_id,
            opened_by=self._members["lieve"].person_id if begun else None,
            opened_at=session.starts_at if begun else None,
            decisions=len(session.decisions) if session.state == HELD else 0, version=2 if begun else 1,
        )  # fmt: skip
        for name, seat in SEATS.items() if begun else ():
            person_id = self._members[name].person_id
            self.rows.add(
                "attendance", tenant_id=self._cell, session_id=session.session_id, person_id=person_id, seat=seat
            )
        for position, (case_id, decision_id) in enumerate(session.decisions.items()):
            item_id = self._put_on_agenda(session, position, case_id)
            if session.state == HELD:
                await self._decide(session, item_id, case_id, decision_id)

    def _put_on_agenda(self, session: Session, position: int, case_id: UUID) -> UUID:
        item_id, starts_at = new_id(), session.starts_at + position * timedelta(minutes=40)
        self.rows.add(
            "agenda_item", tenant_id=self._cell, agenda_item_id=item_id, session_id=session.session_id,
            position=position + 1, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=40),
        )  # fmt: skip
        self.rows.add(
            "agenda_case", tenant_id=self._cell, agenda_item_id=item_id, session_id=session.session_id,
            case_id=case_id, nis_code=self._nis_code,
        )  # fmt: skip
        return item_id

    async def _decide(self, session: Session, item_id: UUID, case_id: UUID, decision_id: UUID) -> None:
        dissent_id = new_id()
        reasons = await self._keyring.seal(TEXT, AssociatedData(case_id, "decision", "reasons", decision_id))
        dissent = await self._keyring.seal(TEXT, AssociatedData(case_id, "dissent", "text", dissent_id))
        self.rows.add(
            "decision", tenant_id=self._cell, decision_id=decision_id, session_id=session.session_id,
            agenda_item_id=item_id, case_id=case_id, outcome="follow_up", reasons=reasons,
            decided_by=self._members["lieve"].person_id, decided_at=session.starts_at + timedelta(hours=1),
        )  # fmt: skip
        self.rows.add(
            "dissent", tenant_id=self._cell, dissent_id=dissent_id, decision_id=decision_id, case_id=case_id,
            person_id=self._members["sofie"].person_id, text=dissent,
        )  # fmt: skip
