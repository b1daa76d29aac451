"""The coordinator makes a case of a signal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

from services.case.age import may_be_minor
from services.case.check import end_check, standing_of
from services.case.circle import BEFORE_THE_LIST, seat_entry, tell_circle
from services.case.criterion import Criterion, criteria_to_json
from services.case.errors import BestInterestMissing, EvidenceInFuture
from services.case.events import case_proposed, notice_asked
from services.case.exchange import exchange_over
from services.case.find import cell_open, find_signal, require_identity
from services.case.model import (
    CRITERIA_VERSION,
    EVERY_PART,
    Case,
    CaseIdentity,
    CaseProposal,
    CaseState,
    Signal,
)
from services.case.model.standing import require_checked
from services.case.person import PersonConcerned
from services.case.signal_allowed import allow_propose_case
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.outbox import Receipt
from services.kit.town_letters import case_code
from services.kit.vault import AssociatedData

_NEXT_NUMBER = text(
    "INSERT INTO case_counter AS counter (tenant_id, nis_code, year, last) VALUES (:tenant, :nis_code, :year, 1)"
    " ON CONFLICT (tenant_id, nis_code, year) DO UPDATE SET last = counter.last + 1 RETURNING last"
)


@dataclass(frozen=True, slots=True)
class ProposeCase:
    """Which signal, and the argument against the one purpose (invariant 1)."""

    signal_id: UUID
    expected_version: int
    criteria: tuple[Criterion, ...]
    phenomenon: str
    best_interest: str
    unchecked: str = ""


async def propose_case(work: Work, command: ProposeCase) -> Receipt:
    """Propose a case; its circle is the coordinator's seat, and the mayor's without content.

    The reporter keeps the own signal and enters the circle of the case only by invitation.
    """
    signal = await find_signal(work, command.signal_id)
    takes = bool(await work.session.scalar(select(cell_open(work))))
    check = await standing_of(work, signal.signal_id)
    work.act_under(allow_propose_case(work, signal.stands, check, command.expected_version, cell_open=takes))
    unchecked = require_checked(check, command.unchecked)
    case_id = new_id()
    signal.become(case_id)
    person = await read_person(work, signal)
    case = await new_case(work, command, signal, case_id, person)
    case.unchecked = unchecked
    check_argument(work, command, case)
    await end_check(work, signal)
    exchange_over(work, signal.signal_id)
    # The rows of identity and proposal are refused by the database until their reader is in the circle.
    work.session.add_all(
        [
            case,
            seat_entry(work, case, "coordinator", EVERY_PART),
            seat_entry(work, case, "mayor", BEFORE_THE_LIST),
        ]
    )
    work.publish(case_proposed(case))
    waits = NoticeAsked(NoticeKind.CASE_PROPOSED, case_id, case.code, seats=("mayor",), nis_codes=(case.nis_code,))
    work.publish(notice_asked(waits))
    await tell_circle(work, case)
    work.session.add_all(await sealed_parts(work, command, case, person))
    return Receipt(case.case_id, case.state, case.version)


async def read_person(work: Work, signal: Signal) -> PersonConcerned:
    """The person the signal is about. Raises PartMissing for a coordinator who does not hold the seat."""
    associated_data = AssociatedData(signal.signal_id, "signal_identity", "person", signal.signal_id)
    return PersonConcerned.from_json(await work.open(await require_identity(work, signal), associated_data))


async def new_case(work: Work, command: ProposeCase, signal: Signal, case_id: UUID, person: PersonConcerned) -> Case:
    """The frame, with the next code of its town and year, such as AR-26-014."""
    today = local_date(work.now)
    counted = {"tenant": work.cell_id, "nis_code": signal.nis_code, "year": today.year}
    number = (await work.session.execute(_NEXT_NUMBER, counted)).scalar_one()
    return Case(
        tenant_id=work.cell_id,
        case_id=case_id,
        signal_id=signal.signal_id,
        code=case_code(signal.nis_code, today.year, number),
        nis_code=signal.nis_code,
        state=CaseState.PROPOSED,
        minor=signal.minor or may_be_minor(person, today),
        urgent=signal.urgent,
        phenomenon=command.phenomenon,
        unchecked="",
        proposed_at=work.now,
        proposed_by=work.actor_id,
        version=1,
    )


def check_argument(work: Work, command: ProposeCase, case: Case) -> None:
    """Evidence is of today or before; a minor's best interest is stated (invariant 10)."""
    for number, criterion in enumerate(command.criteria):
        if criterion.evidence_date and criterion.evidence_date > local_date(work.now):
            raise EvidenceInFuture(field=f"criteria[{number}].evidence_date", expected="today or before")
    if case.minor and not command.best_interest:
        raise BestInterestMissing(field="best_interest", expected="a statement: the person is treated as a minor")


async def sealed_parts(
    work: Work, command: ProposeCase, case: Case, person: PersonConcerned
) -> list[CaseIdentity | CaseProposal]:
    """Identity and proposal, sealed with the case's own key."""

    async def seal(plain: str, table: str, column: str) -> bytes:
        return await work.seal(plain, AssociatedData(case.case_id, table, column, case.case_id))

    name = {"tenant_id": work.cell_id, "case_id": case.case_id}
    interest = command.best_interest
    return [
        CaseIdentity(person=await seal(person.to_json(), "case_identity", "person"), **name),
        CaseProposal(
            criteria_version=CRITERIA_VERSION,
            criteria=await seal(criteria_to_json(command.criteria), "case_proposal", "criteria"),
            best_interest=await seal(interest, "case_proposal", "best_interest") if interest else None,
            **name,
        ),
    ]
