"""Coordinator or minute taker prepares what the chair may decide on a point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.meeting.allowed import allow_prepare
from services.meeting.events import decision_prepared
from services.meeting.find import check_undecided, find_treated
from services.meeting.model import AgendaCase, AgreedAction, Outcome, PreparedDecision, StatedDissent
from services.meeting.prepared import place_of_prepared, written
from services.meeting.queries.read_session import find_session

PREPARED = "PREPARED"


@dataclass(frozen=True, slots=True)
class PrepareDecision:
    """What may be decided and why. It may lack lead and review date; who decides completes it.

    `expected_version` is that of what was prepared before, 0 when nothing was.
    """

    session_id: UUID
    expected_version: int
    agenda_item_id: UUID
    outcome: Outcome
    reasons: str
    dissents: tuple[StatedDissent, ...] = ()
    actions: tuple[AgreedAction, ...] = ()
    case_lead_id: UUID | None = None
    review_on: date | None = None


async def prepare_decision(work: Work, command: PrepareDecision) -> Receipt:
    """Write it down in place of what was prepared before. Nothing is decided by it, and nobody named is asked for.

    The session is held meanwhile, so that nothing is prepared for what is being decided. The receipt is the item's.
    """
    session = await find_session(work, command.session_id, to_change=True)
    treated = await find_treated(work, command.session_id, command.agenda_item_id)
    prepared = await find_prepared(work, treated)
    allow_prepare(work, session, treated.nis_code, prepared.version if prepared else 0, command.expected_version)
    await check_undecided(work, treated)
    text = written(
        command.outcome, command.reasons, command.dissents, command.actions, command.case_lead_id, command.review_on
    )
    sealed = await work.seal(text, place_of_prepared(treated.case_id, treated.agenda_item_id))
    if prepared is None:
        place = {"session_id": session.session_id, "case_id": treated.case_id, "version": 1}
        prepared = PreparedDecision(tenant_id=work.cell_id, agenda_item_id=treated.agenda_item_id, **place)
        work.session.add(prepared)
    prepared.text, prepared.prepared_by, prepared.prepared_at = sealed, work.actor_id, work.now
    await work.session.flush()
    work.publish(decision_prepared(prepared))
    return Receipt(prepared.agenda_item_id, PREPARED, prepared.version)


async def find_prepared(work: Work, treated: AgendaCase) -> PreparedDecision | None:
    """What was prepared before on this item, if anything."""
    of_item = (PreparedDecision.tenant_id == work.cell_id, PreparedDecision.agenda_item_id == treated.agenda_item_id)
    found: PreparedDecision | None = await work.session.scalar(select(PreparedDecision).where(*of_item))
    return found
