"""The case of a point of the agenda, for what is decided and prepared on it; and whom a session concerns."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import any_, select

from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.policy import SEATS
from services.meeting.allowed import require_content, require_undecided
from services.meeting.model import AgendaCase, CircleEntry, Decision, KnownCase, Session, my_circle


async def find_treated(work: Work, session_id: UUID, agenda_item_id: UUID) -> AgendaCase:
    """The case of this item, for those who have its content; raises AgendaItemNotFound for all others."""
    mine = select(my_circle.c.object_id).where(
        my_circle.c.object_id == AgendaCase.case_id, any_(my_circle.c.parts) == "content"
    )
    treated = await work.session.scalar(
        select(AgendaCase).where(
            AgendaCase.tenant_id == work.cell_id,
            AgendaCase.session_id == session_id,
            AgendaCase.agenda_item_id == agenda_item_id,
            mine.exists(),
        )
    )
    require_content(treated is not None)
    assert treated
    work.concern(treated.case_id)
    return treated


async def check_undecided(work: Work, treated: AgendaCase) -> None:
    """Raises when the item was decided before, here, or its case may not be decided on now."""
    of_item = (Decision.tenant_id == work.cell_id, Decision.agenda_item_id == treated.agenda_item_id)
    decided = await work.session.scalar(select(Decision.decision_id).where(*of_item))
    of_case = (KnownCase.tenant_id == work.cell_id, KnownCase.case_id == treated.case_id)
    require_undecided(decided is not None, await work.session.scalar(select(KnownCase.state).where(*of_case)))


async def who_is_concerned(
    work: Work, session: Session, case_ids: Collection[UUID], kind: NoticeKind
) -> NoticeAsked:  # fmt: skip
    """The seats of its towns, the coordinators, and whoever is invited to one of its cases: all but who acts."""
    invited = await work.session.scalars(
        select(CircleEntry.person_id)
        .where(CircleEntry.tenant_id == work.cell_id, CircleEntry.object_id.in_(case_ids))
        .where(CircleEntry.person_id.is_not(None), CircleEntry.ends_at > session.starts_at)
        .where(CircleEntry.parts != [])
        .distinct()
    )
    return NoticeAsked(
        kind, session.session_id, until=session.ends_at, person_ids=tuple(filter(None, invited)),
        seats=(*SEATS, "coordinator"), nis_codes=tuple(session.nis_codes), by=work.actor_id,
    )  # fmt: skip
