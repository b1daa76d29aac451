"""Somebody with a mandate in the cell tells of a concern."""

from __future__ import annotations

from dataclasses import dataclass

from services.case.age import check_birth, decide_minor
from services.case.circle import reporter_entry, seat_entry
from services.case.errors import MunicipalityNotInCell
from services.case.events import signal_received
from services.case.model import Part, Signal, SignalContent, SignalIdentity, SignalState
from services.case.person import PersonConcerned
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.vault import AssociatedData

READ_PARTS = (Part.FRAME, Part.IDENTITY, Part.CONTENT)


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


async def enter_signal(work: Work, command: EnterSignal) -> Receipt:
    """Receive a signal; its circle is the reporter and the coordinator's seat."""
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
    # The rows of identity and content are refused by the database until their reader is in the circle.
    work.session.add_all(
        [signal, reporter_entry(work, signal, READ_PARTS), seat_entry(work, signal, "coordinator", READ_PARTS)]
    )
    await work.session.flush()
    work.session.add_all(await sealed_texts(work, signal, command))
    work.publish(signal_received(signal))
    return Receipt(signal.signal_id, signal.state, signal.version)


async def sealed_texts(work: Work, signal: Signal, command: EnterSignal) -> list[SignalIdentity | SignalContent]:
    """The rows that say something about a person, sealed with the signal's own key."""

    async def seal(text: str, table: str, column: str) -> bytes:
        return await work.seal(text, AssociatedData(signal.signal_id, table, column, signal.signal_id))

    return [
        SignalIdentity(
            tenant_id=work.cell_id,
            signal_id=signal.signal_id,
            person=await seal(command.person.to_json(), "signal_identity", "person"),
        ),
        SignalContent(
            tenant_id=work.cell_id,
            signal_id=signal.signal_id,
            observed=await seal(command.observed, "signal_content", "observed"),
            tried=await seal(command.tried, "signal_content", "tried"),
            reason=await seal(command.reason, "signal_content", "reason"),
        ),
    ]
