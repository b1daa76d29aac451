"""The chair decides on one point of the agenda."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.facts import load_mandates_of
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.vault import AssociatedData
from services.meeting.allowed import allow_chair
from services.meeting.decided import place_of_action
from services.meeting.errors import (
    DateNotInFuture,
    DissentOfAbsent,
    DissentTwice,
    FollowUpIncomplete,
    NoActionHasPlan,
    PersonOutsideCircle,
)
from services.meeting.events import decision_recorded
from services.meeting.find import check_undecided, find_treated
from services.meeting.model import (
    Action,
    AgendaCase,
    AgreedAction,
    CircleEntry,
    Decision,
    Dissent,
    Outcome,
    People,
    PreparedDecision,
    StatedDissent,
    in_circle,
    kept_out,
    require_seats,
)
from services.meeting.queries.read_session import find_attendance, find_session


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """What is decided and why; a follow-up comes with its actions, case lead and review date."""

    session_id: UUID
    expected_version: int
    agenda_item_id: UUID
    outcome: Outcome
    reasons: str
    dissents: tuple[StatedDissent, ...] = ()
    actions: tuple[AgreedAction, ...] = ()
    case_lead_id: UUID | None = None
    review_on: date | None = None


async def record_decision(work: Work, command: RecordDecision) -> Receipt:
    """Decide on one case, as chair of its town; the seats of that town are taken still (invariant 3), by people who are
    not kept out of the case (invariant 21).

    The receipt is that of the session, which each decision makes a version newer.
    """
    session = await find_session(work, command.session_id, to_change=True)
    treated = await find_treated(work, command.session_id, command.agenda_item_id)
    allow_chair(work, session, treated.nis_code, command.expected_version)
    session.count_decision()
    await check_undecided(work, treated)
    attendants = {attendance.person_id for attendance in await find_attendance(work, session)}
    people = await load_mandates_of(work.transaction, attendants | persons_of(command))
    circle = await find_circle(work, treated.case_id)
    treating = attendants - kept_out(circle)
    require_seats({person: people[person] for person in treating if person in people}, [treated.nis_code], work.now)
    check_dissents(command.dissents, treating)
    check_plan(work, command, circle, people)
    decision = await add_decision(work, command, treated)
    actions = await add_actions(work, command, decision)
    await forget_prepared(work, treated)
    work.publish(decision_recorded(decision, command.case_lead_id, command.review_on, actions))
    await work.session.flush()
    return Receipt(session.session_id, session.state, session.version)


def persons_of(command: RecordDecision) -> set[UUID]:
    """Those whom the plan gives something to do."""
    lead = {command.case_lead_id} if command.case_lead_id else set()
    return lead | {action.owner_id for action in command.actions}


def check_dissents(dissents: Iterable[StatedDissent], attendants: set[UUID]) -> None:
    """One dissent each, of people present."""
    seen: set[UUID] = set()
    for number, dissent in enumerate(dissents):
        field = f"dissents[{number}].person_id"
        if dissent.person_id not in attendants:
            raise DissentOfAbsent(field=field, expected="a person present in this session")
        if dissent.person_id in seen:
            raise DissentTwice(field=field, expected="each person once")
        seen.add(dissent.person_id)


def check_plan(work: Work, command: RecordDecision, circle: Sequence[CircleEntry], people: People) -> None:
    """A follow-up has actions, lead and review date, all in the circle and to come; no action has none of them."""
    parts = {"actions": command.actions, "case_lead_id": command.case_lead_id, "review_on": command.review_on}
    if command.outcome is Outcome.NO_ACTION:
        for field in (name for name, value in parts.items() if value):
            raise NoActionHasPlan(field=field, expected="nothing for the outcome no_action")
        return
    for field in (name for name, value in parts.items() if not value):
        raise FollowUpIncomplete(field=field, expected="required for the outcome follow_up")
    named = {f"actions[{number}].owner_id": action.owner_id for number, action in enumerate(command.actions)}
    for field, person in (named | {"case_lead_id": command.case_lead_id}).items():
        if person is None or not in_circle(circle, person, people.get(person, ())):
            raise PersonOutsideCircle(field=field, expected="a person in the circle of this case")
    dates = {f"actions[{number}].due_on": action.due_on for number, action in enumerate(command.actions)}
    for field, day in (dates | {"review_on": command.review_on}).items():
        if day is None or day <= local_date(work.now):
            raise DateNotInFuture(field=field, expected="a date after today")


async def find_circle(work: Work, case_id: UUID) -> list[CircleEntry]:
    """The entries of a case's circle that count now."""
    entries = await work.session.scalars(
        select(CircleEntry).where(
            CircleEntry.tenant_id == work.cell_id,
            CircleEntry.object_id == case_id,
            CircleEntry.starts_at <= work.now,
            CircleEntry.ends_at > work.now,
        )
    )
    return list(entries)


async def add_decision(work: Work, command: RecordDecision, treated: AgendaCase) -> Decision:
    """The decision and its dissents, sealed with the key of the case."""
    case_id, decision_id = treated.case_id, new_id()
    decision = Decision(
        tenant_id=work.cell_id,
        decision_id=decision_id,
        session_id=command.session_id,
        agenda_item_id=command.agenda_item_id,
        case_id=case_id,
        outcome=command.outcome,
        reasons=await work.seal(command.reasons, AssociatedData(case_id, "decision", "reasons", decision_id)),
        decided_by=work.actor_id,
        decided_at=work.now,
    )
    work.session.add(decision)
    await work.session.flush()
    for dissent in command.dissents:
        dissent_id = new_id()
        sealed = await work.seal(dissent.text, AssociatedData(case_id, "dissent", "text", dissent_id))
        key = {"tenant_id": work.cell_id, "dissent_id": dissent_id, "decision_id": decision_id, "case_id": case_id}
        work.session.add(Dissent(person_id=dissent.person_id, text=sealed, **key))
    return decision


async def add_actions(work: Work, command: RecordDecision, decision: Decision) -> list[Action]:
    """What was agreed; sealed is what others are not told."""
    actions = []
    for agreed in command.actions:
        action_id = new_id()
        what = await work.seal(agreed.what, place_of_action(decision.case_id, action_id))
        of_decision = {"decision_id": decision.decision_id, "case_id": decision.case_id}
        plan = {"life_domain": agreed.life_domain, "owner_id": agreed.owner_id, "due_on": agreed.due_on}
        actions.append(Action(tenant_id=work.cell_id, action_id=action_id, what=what, **of_decision, **plan))
    work.session.add_all(actions)
    return actions


async def forget_prepared(work: Work, treated: AgendaCase) -> None:
    """What was prepared has served: its text goes, the row stays, for the app takes nothing away."""
    of_item = (PreparedDecision.tenant_id == work.cell_id, PreparedDecision.agenda_item_id == treated.agenda_item_id)
    empty = {"text": b"", "version": PreparedDecision.version + 1}
    await work.session.execute(update(PreparedDecision).where(*of_item).values(empty))
