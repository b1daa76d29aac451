"""The coordinator plans a session with a time window for each case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.meeting.errors import (
    CaseNotOnList,
    CaseTwice,
    SessionInThePast,
    WindowOutsideSession,
    WindowReversed,
    WindowsOverlap,
)
from services.meeting.events import notice_asked, session_planned
from services.meeting.find import who_is_concerned
from services.meeting.model import PLANNABLE, AgendaCase, AgendaItem, KnownCase, Session, SessionState, towns_of


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A case and when it is treated."""

    case_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PlanSession:
    """When, where, and which cases."""

    starts_at: datetime
    ends_at: datetime
    place: str
    items: tuple[PlannedItem, ...]


async def plan_session(work: Work, command: PlanSession) -> Receipt:
    """Plan a session; its agenda follows the time windows. Frame data only."""
    check_windows(command, work.now)
    towns = await towns_of_cases(work, command.items)
    session = Session(
        tenant_id=work.cell_id,
        session_id=new_id(),
        state=SessionState.PLANNED,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        place=command.place,
        nis_codes=sorted(set(towns.values())),
        planned_by=work.actor_id,
        opening=1,
        decisions=0,
        version=1,
    )
    work.session.add(session)
    await work.session.flush()
    await add_agenda(work, session, command.items, towns)
    case_ids = [item.case_id for item in command.items]
    work.publish(session_planned(session, case_ids))
    work.publish(notice_asked(await who_is_concerned(work, session, case_ids, NoticeKind.SESSION_PLANNED)))
    return Receipt(session.session_id, session.state, session.version)


def check_windows(command: PlanSession, now: datetime) -> None:
    """Each window lies inside the session, none overlaps another, and the session is not over."""
    if command.ends_at <= command.starts_at:
        raise WindowReversed(field="ends_at", expected="later than starts_at")
    if command.ends_at <= now:
        raise SessionInThePast(field="ends_at", expected="a moment to come")
    for number, item in enumerate(command.items):
        if item.ends_at <= item.starts_at:
            raise WindowReversed(field=f"items[{number}].ends_at", expected="later than its starts_at")
        if item.starts_at < command.starts_at or item.ends_at > command.ends_at:
            raise WindowOutsideSession(field=f"items[{number}].starts_at", expected="within the session")
    numbered = sorted(enumerate(command.items), key=lambda pair: pair[1].starts_at)
    for (_, earlier), (number, later) in pairwise(numbered):
        if later.starts_at < earlier.ends_at:
            raise WindowsOverlap(field=f"items[{number}].starts_at", expected="after the item before it has ended")


async def towns_of_cases(work: Work, items: tuple[PlannedItem, ...]) -> Mapping[UUID, str]:
    """The town of each case; raises for a case that is not on the caller's list, unknown ones alike."""
    case_ids = {item.case_id for item in items}
    found = await work.session.execute(
        select(KnownCase.case_id, KnownCase.nis_code).where(
            KnownCase.tenant_id == work.cell_id,
            KnownCase.case_id.in_(case_ids),
            KnownCase.state.in_(PLANNABLE),
            KnownCase.nis_code.in_(towns_of(work.facts.mandates, frozenset({Role.COORDINATOR}))),
        )
    )
    towns = {row.case_id: row.nis_code for row in found}
    seen: set[UUID] = set()
    for number, item in enumerate(items):
        if item.case_id not in towns:
            raise CaseNotOnList(field=f"items[{number}].case_id", expected="a listed case of a town you coordinate")
        if item.case_id in seen:
            raise CaseTwice(field=f"items[{number}].case_id", expected="each case once")
        seen.add(item.case_id)
        work.concern(item.case_id)
    return towns


async def add_agenda(work: Work, session: Session, items: tuple[PlannedItem, ...], towns: Mapping[UUID, str]) -> None:
    """One agenda item per case, in the order of time; the case itself stands behind its wall."""
    common = {"tenant_id": work.cell_id, "session_id": session.session_id}
    cases = []
    for position, item in enumerate(sorted(items, key=lambda item: item.starts_at), start=1):
        name = {"agenda_item_id": new_id(), **common}
        window = {"starts_at": item.starts_at, "ends_at": item.ends_at}
        work.session.add(AgendaItem(position=position, **window, **name))
        cases.append(AgendaCase(case_id=item.case_id, nis_code=towns[item.case_id], **name))
    await work.session.flush()
    work.session.add_all(cases)
