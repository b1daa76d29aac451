"""The coordinator invites a person to one case, for some parts, until a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from services.case.allowed import allow_invite_to_circle
from services.case.circle import conflicts_of, entries_of, tell_circle
from services.case.errors import (
    AlreadyInCircle,
    InvitationOutlivesMandate,
    KeptOut,
    PeriodInPast,
    PeriodReversed,
    PersonWithoutMandate,
)
from services.case.events import notice_asked
from services.case.find import find_case
from services.case.model import Case, CircleEntry, Part
from services.kit.clock import day_ends_at, day_starts_at, last_day_of, local_date
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.outbox import Receipt
from services.kit.policy import TABLE
from services.kit.vault import AssociatedData

_MANDATE_ENDS = text(
    "SELECT max(ends_at) FROM mandate WHERE tenant_id = :tenant AND person_id = :person_id AND role = ANY(:roles)"
    " AND :nis_code = ANY(nis_codes) AND starts_at <= :starts_at AND ends_at > :starts_at"
)


@dataclass(frozen=True, slots=True)
class InviteToCircle:
    """Whom, for which parts, from which day to which last day, and why."""

    case_id: UUID
    expected_version: int
    person_id: UUID
    parts: tuple[Part, ...]
    first_day: date
    last_day: date
    why: str
    life_domains: tuple[str, ...]


async def invite_to_circle(work: Work, command: InviteToCircle) -> Receipt:
    """Invite somebody with a mandate at this table (invariant 4); a later invitation may follow on an earlier one."""
    case = await find_case(work, command.case_id)
    work.act_under(allow_invite_to_circle(work, case.stands, command.expected_version))
    starts_at, ends_at = period_of(work, command)
    await check_mandate(work, command, case, starts_at, ends_at)
    await check_free(work, command, starts_at, ends_at)
    entry = await new_entry(work, command, case, starts_at, ends_at)
    work.session.add(entry)
    work.at(ends_at, "invitation", entry.entry_id)
    case.changed()
    await tell_circle(work, case)
    invited = (command.person_id,)
    waits = NoticeAsked(NoticeKind.CIRCLE_INVITATION, case.case_id, case.code, until=ends_at, person_ids=invited)
    work.publish(notice_asked(waits))
    return Receipt(case.case_id, case.state, case.version)


def period_of(work: Work, command: InviteToCircle) -> tuple[datetime, datetime]:
    """From now or the first day to the end of the last day (invariant 25)."""
    if command.first_day < local_date(work.now):
        raise PeriodInPast(field="from", expected="today or later")
    if command.last_day < command.first_day:
        raise PeriodReversed(field="to", expected="the first day or later")
    return max(day_starts_at(command.first_day), work.now), day_ends_at(command.last_day)


async def check_mandate(
    work: Work, command: InviteToCircle, case: Case, starts_at: datetime, ends_at: datetime
) -> None:
    """The person sits at the table of this town all that time; an unknown person looks the same as one who does not."""
    values = {
        "tenant": work.cell_id,
        "person_id": command.person_id,
        "roles": [role.value for role in TABLE],
        "nis_code": case.nis_code,
        "starts_at": starts_at,
    }
    mandate_ends_at = (await work.session.execute(_MANDATE_ENDS, values)).scalar()
    if mandate_ends_at is None:
        raise PersonWithoutMandate(field="person_id", expected="a person with a mandate valid on the first day")
    if ends_at > mandate_ends_at:
        last_day = last_day_of(mandate_ends_at)
        raise InvitationOutlivesMandate(field="to", expected=f"{last_day} or before, the last day of the mandate")


async def check_free(work: Work, command: InviteToCircle, starts_at: datetime, ends_at: datetime) -> None:
    """One invitation at a time, so that its parts and end say all there is; none for who is kept out."""
    if any(conflict.person_id == command.person_id for conflict in await conflicts_of(work, command.case_id)):
        raise KeptOut(field="person_id", expected="somebody without a conflict of interest in this case")
    for entry in await entries_of(work, command.case_id):
        if entry.person_id == command.person_id and entry.starts_at < ends_at and entry.ends_at > starts_at:
            raise AlreadyInCircle(field="from", expected="a day after the earlier invitation has ended")


async def new_entry(
    work: Work, command: InviteToCircle, case: Case, starts_at: datetime, ends_at: datetime
) -> CircleEntry:
    """The entry; why the person is invited says something about the case, so it is sealed."""
    entry_id = new_id()
    return CircleEntry(
        tenant_id=work.cell_id,
        entry_id=entry_id,
        object_id=case.case_id,
        person_id=command.person_id,
        nis_code=case.nis_code,
        parts=[Part.FRAME, *(part for part in command.parts if part is not Part.FRAME)],
        starts_at=starts_at,
        ends_at=ends_at,
        life_domains=list(command.life_domains),
        invited_by=work.actor_id,
        why=await work.seal(command.why, AssociatedData(case.case_id, "circle_entry", "why", entry_id)),
    )
