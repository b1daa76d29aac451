"""Something waits for people at a table, as another service tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.policy import SEATS, Role
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.deputising import in_reserve
from services.partner_directory.model import Mandate
from services.partner_directory.noticing import notice, notice_over

SEATED = {**SEATS, "coordinator": frozenset({Role.COORDINATOR})}


@dataclass(frozen=True, slots=True)
class KeepNotices:
    """The message `kit.v1.NoticeAsked`, whose fields say what they are."""

    kind: NoticeKind
    object_id: UUID
    code: str
    urgent: bool
    over: bool
    until: datetime | None
    person_ids: tuple[UUID, ...]
    seats: tuple[str, ...]
    nis_codes: tuple[str, ...]
    by: UUID | None


async def keep_notices(work: Work, command: KeepNotices) -> None:
    """Keep it for the letters of whoever it is for, or take it out of those that were not sent yet.

    Who holds no valid mandate in this cell is not written to. That a session is cancelled is spared who was not told
    yet that it was planned. How many were concerned is recorded, and nobody's name.
    """
    work.trail.detail["kind"] = command.kind
    if command.over:
        kinds = (command.kind, *({NoticeKind.URGENT_AT_DEPUTY} if command.kind is NoticeKind.URGENT_SIGNAL else ()))
        over = [await notice_over(work, kind, command.object_id, command.person_ids) for kind in kinds]
        work.trail.count = len(set[UUID]().union(*over))
        return
    spared: set[UUID] = set()
    if command.kind is NoticeKind.SESSION_CANCELLED:
        spared = await notice_over(work, NoticeKind.SESSION_PLANNED, command.object_id)
    people = await _who(work, command) - spared
    told = dict.fromkeys(people, command.kind)
    if command.kind is NoticeKind.URGENT_SIGNAL:
        told |= dict.fromkeys(await _deputies(work, command) - people, NoticeKind.URGENT_AT_DEPUTY)
    for person_id in sorted(told):
        await notice(
            work, person_id, told[person_id], command.object_id,
            code=command.code, urgent=command.urgent, until=command.until,
        )  # fmt: skip
    work.trail.count = len(told)


async def _who(work: Work, command: KeepNotices) -> set[UUID]:
    """Those named and those seated who hold a valid mandate, but who did it.

    An urgent matter of a seat that nobody holds goes to whoever stands in for a coordinator there.
    """
    valid = select(Mandate.person_id, Mandate.role, Mandate.nis_codes).where(
        Mandate.tenant_id == work.cell_id, Mandate.counts_from <= work.now, Mandate.counts_until > work.now,
        Mandate.end_reason.is_(None),
    )  # fmt: skip
    mandates = (await work.session.execute(valid)).all()
    towns = set(command.nis_codes)

    def seated(roles: frozenset[Role]) -> set[UUID]:
        return {row.person_id for row in mandates if row.role in roles and towns & set(row.nis_codes)}

    people = {row.person_id for row in mandates} & set(command.person_ids)
    people |= seated(frozenset().union(*(SEATED.get(seat, frozenset()) for seat in command.seats)))
    people.discard(command.by)
    if not people and command.urgent:
        people = seated(frozenset(STAND_INS))
        people.discard(command.by)
    return people


async def _deputies(work: Work, command: KeepNotices) -> set[UUID]:
    """Who stands in for these seats and does not count now: told that somebody has to look, not where."""
    roles = frozenset[Role]().union(*(SEATED.get(seat, frozenset()) for seat in command.seats))
    towns = set(command.nis_codes)
    waiting = [deputy for deputy in await in_reserve(work) if deputy.role in roles and towns & set(deputy.nis_codes)]
    return {deputy.person_id for deputy in waiting} - {command.by}
