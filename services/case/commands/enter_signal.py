"""Somebody with a mandate in the cell tells of a concern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.case.age import check_birth, decide_minor
from services.case.errors import MunicipalityNotInCell
from services.case.events import notice_asked, signal_received
from services.case.model import CIRCLE_END, Part, Signal, SignalState
from services.case.name_marks import mark_new_signal
from services.case.person import PersonConcerned
from services.case.question import carry_over
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.outbox import Receipt
from services.kit.statements import Statement
from services.kit.vault import AssociatedData

READ_PARTS = (Part.FRAME, Part.IDENTITY, Part.CONTENT)
_FRAME = (
    "tenant_id", "signal_id", "state", "nis_code", "urgent", "minor", "language", "reporter_id", "received_at",
    "version",
)  # fmt: skip
# The reporter and whoever holds the coordinator's seat read it as long as it lives.
_RECEIVE = Statement(
    text("""
WITH received AS (
    INSERT INTO signal (tenant_id, signal_id, state, nis_code, urgent, minor, language, reporter_id, received_at,
                        version)
    VALUES (:tenant_id, :signal_id, :state, :nis_code, :urgent, :minor, :language, :reporter_id, :received_at,
            :version))
INSERT INTO circle_entry (tenant_id, entry_id, object_id, person_id, seat, nis_code, parts, starts_at, ends_at,
                          invited_by)
VALUES (:tenant_id, :reporter_entry, :signal_id, :reporter_id, NULL, :nis_code, :parts, :starts_at, :ends_at,
        :reporter_id),
       (:tenant_id, :coordinator_entry, :signal_id, NULL, 'coordinator', :nis_code, :parts, :starts_at, :ends_at,
        :reporter_id)""")
)
_TELL = Statement(
    text("""
WITH identity AS (
    INSERT INTO signal_identity (tenant_id, signal_id, person) VALUES (:tenant_id, :signal_id, :person))
INSERT INTO signal_content (tenant_id, signal_id, observed, tried, reason)
VALUES (:tenant_id, :signal_id, :observed, :tried, :reason)""")
)


@dataclass(frozen=True, slots=True)
class EnterSignal:
    """What was observed, what was tried, why the cell."""

    nis_code: str
    person: PersonConcerned
    observed: str
    tried: str
    reason: str
    urgent: bool
    minor: bool | None
    language: str
    question_id: UUID | None = None


async def enter_signal(work: Work, command: EnterSignal) -> Receipt:
    """Receive a signal; its circle is the reporter and the coordinator's seat. Of a question of the caller's own it
    closes that. Raises MunicipalityNotInCell, what a birth can be wrong in, QuestionNotFound, QuestionStateForbids.
    """
    mandate = next((mandate for mandate in work.facts.mandates if command.nis_code in mandate.nis_codes), None)
    if mandate is None:
        raise MunicipalityNotInCell(field="nis_code", expected="a municipality you sit for in this cell")
    work.act_under(mandate)
    today = local_date(work.now)
    check_birth(command.person, today)
    signal = Signal(
        tenant_id=work.cell_id,
        signal_id=new_id(),
        state=SignalState.RECEIVED,
        nis_code=command.nis_code,
        urgent=command.urgent,
        minor=decide_minor(command.person, command.minor, today),
        language=command.language,
        reporter_id=work.actor_id,
        received_at=work.now,
        version=1,
    )
    await work.keyring.make([signal.signal_id])
    await work.execute(_RECEIVE, frame_values(signal, work.now))
    # The rows of identity and content are refused by the database until their reader is in the circle.
    await work.execute(_TELL, await sealed_texts(work, signal, command))
    await mark_new_signal(work, signal.signal_id, command.person)
    if command.question_id:
        await carry_over(work, command.question_id, signal.signal_id)
    work.publish(signal_received(signal))
    if signal.urgent:
        work.publish(notice_asked(told_at_once(signal)))
    return Receipt(signal.signal_id, signal.state, signal.version)


def told_at_once(signal: Signal) -> NoticeAsked:
    """Whoever holds the coordinator's seat for that town is written to, at any hour."""
    return NoticeAsked(
        NoticeKind.URGENT_SIGNAL, signal.signal_id, urgent=True, seats=("coordinator",), nis_codes=(signal.nis_code,),
        by=signal.reporter_id,
    )  # fmt: skip


def frame_values(signal: Signal, now: datetime) -> dict[str, object]:
    """The signal, and the circle it begins with."""
    own = {column: getattr(signal, column) for column in _FRAME}
    begun = {"parts": list(READ_PARTS), "starts_at": now, "ends_at": CIRCLE_END}
    return {**own, **begun, "reporter_entry": new_id(), "coordinator_entry": new_id()}


async def sealed_texts(work: Work, signal: Signal, command: EnterSignal) -> dict[str, object]:
    """What says something about a person, sealed with the signal's own key."""

    async def seal(text: str, table: str, column: str) -> bytes:
        return await work.seal(text, AssociatedData(signal.signal_id, table, column, signal.signal_id))

    return {
        "tenant_id": signal.tenant_id,
        "signal_id": signal.signal_id,
        "person": await seal(command.person.to_json(), "signal_identity", "person"),
        "observed": await seal(command.observed, "signal_content", "observed"),
        "tried": await seal(command.tried, "signal_content", "tried"),
        "reason": await seal(command.reason, "signal_content", "reason"),
    }
