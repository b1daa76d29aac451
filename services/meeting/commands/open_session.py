"""Chair or coordinator opens a session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.facts import load_mandates_of
from services.kit.outbox import Receipt
from services.kit.policy import TABLE
from services.meeting.allowed import allow_open_session
from services.meeting.errors import PersonWithoutMandate, SecrecyNotDeclared
from services.meeting.events import session_opened
from services.meeting.model import AgendaCase, Attendance, People, Session, require_seats, seats_of
from services.meeting.queries.read_session import find_session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Who is there, and that secrecy was declared."""

    session_id: UUID
    expected_version: int
    present_person_ids: tuple[UUID, ...]
    secrecy_declared: bool


async def open_session(work: Work, command: OpenSession) -> Receipt:
    """Open a session: secrecy declared, mandatory seats taken for each town on the agenda (invariant 3)."""
    session = await find_session(work, command.session_id, to_change=True)
    allow_open_session(work, session, command.expected_version)
    session.open(work.actor_id, work.now)
    if not command.secrecy_declared:
        raise SecrecyNotDeclared(field="secrecy_declared", expected="true")
    present = await find_present(work, command.present_person_ids)
    require_seats(present, session.nis_codes, work.now)
    work.session.add_all(attendance_of(session, present))
    await work.session.flush()
    await concern_cases(work, session)
    work.publish(session_opened(session))
    return Receipt(session.session_id, session.state, session.version)


async def find_present(work: Work, person_ids: Collection[UUID]) -> People:
    """The mandates with which each of these people sits at the table; raises for anyone who has none."""
    found = await load_mandates_of(work.transaction, person_ids)
    present = {person: [mandate for mandate in mandates if mandate.role in TABLE] for person, mandates in found.items()}
    for number, person_id in enumerate(person_ids):
        if not present.get(person_id):
            raise PersonWithoutMandate(
                field=f"present_person_ids[{number}]", expected="a person with a valid mandate and undertaking"
            )
    return present


def attendance_of(session: Session, present: People) -> list[Attendance]:
    """A row for each seat that each person takes."""
    opened = {"tenant_id": session.tenant_id, "session_id": session.session_id, "opening": session.opening}
    return [
        Attendance(**opened, person_id=person_id, seat=seat)
        for person_id, mandates in present.items()
        for seat in seats_of(mandates, session.nis_codes)
    ]


async def concern_cases(work: Work, session: Session) -> None:
    """Name the cases on the agenda that the caller may know of."""
    of_session = (AgendaCase.tenant_id == work.cell_id, AgendaCase.session_id == session.session_id)
    for case_id in await work.session.scalars(select(AgendaCase.case_id).where(*of_session)):
        work.concern(case_id)
