"""Between messages and what the handlers take and give; used by rpc alone."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.case.contributions import ContributionView
from services.case.criterion import Criterion
from services.case.errors import TooManyCriteria
from services.case.frame import Frame
from services.case.model import CIRCLE_END, CRITERIA, EVIDENCE_KINDS
from services.case.person import PersonConcerned
from services.case.queries.list_waiting import Waiting
from services.case.queries.read_case import ActionView, CaseView, CircleView
from services.case.queries.read_signal import SignalFrame, SignalView
from services.kit.clock import last_day_of, local_date
from services.kit.fields import FieldMissing, parse_code, parse_day, parse_optional_day, parse_text, to_timestamp

ARGUMENT = 4_000
MAX_CRITERIA = 20


def person_of(message: pb.PersonConcerned) -> PersonConcerned:
    """The person concerned, checked."""
    return PersonConcerned(
        given_name=parse_text(message.given_name, "person.given_name", longest=200),
        family_name=parse_text(message.family_name, "person.family_name", longest=200),
        birth_date=parse_optional_day(message.birth_date, "person.birth_date"),
        address=parse_text(message.address, "person.address", longest=500, required=False),
    )


def criteria_of(messages: list[pb.Criterion]) -> tuple[Criterion, ...]:
    """At least one criterion, each complete (invariant 2)."""
    if not messages:
        raise FieldMissing(field="criteria", expected="at least one criterion")
    if len(messages) > MAX_CRITERIA:
        raise TooManyCriteria(field="criteria", expected=f"at most {MAX_CRITERIA}")
    return tuple(criterion_of(one, f"criteria[{number}]") for number, one in enumerate(messages))


def criterion_of(message: pb.Criterion, field: str) -> Criterion:
    """One criterion, checked; `field` is its path."""
    return Criterion(
        code=parse_code(message.code, f"{field}.code", CRITERIA),
        evidence_kind=parse_code(message.evidence_kind, f"{field}.evidence_kind", EVIDENCE_KINDS),
        evidence_date=parse_day(message.evidence_date, f"{field}.evidence_date"),
        argument=parse_text(message.argument, f"{field}.argument", longest=ARGUMENT),
    )


def person_message(person: PersonConcerned | None) -> pb.PersonConcerned | None:
    """The person concerned on the wire; None stays unset."""
    if person is None:
        return None
    return pb.PersonConcerned(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=day_message(person.birth_date),
        address=person.address,
    )


def day_message(day: date | None) -> str:
    """An ISO date; empty for None."""
    return day.isoformat() if day else ""


def signal_message(frame: SignalFrame, view: SignalView | None = None) -> pb.Signal:
    """A signal on the wire, without texts and person in a list."""
    return pb.Signal(
        signal_id=str(frame.signal_id),
        state=frame.state,
        nis_code=frame.nis_code,
        urgent=frame.urgent,
        minor=frame.minor,
        received_at=to_timestamp(frame.received_at),
        reporter_id=str(frame.reporter_id),
        person=person_message(view.person) if view else None,
        observed=(view and view.observed) or "",
        tried=(view and view.tried) or "",
        reason=(view and view.reason) or "",
        language=frame.language,
        case_id=str(frame.case_id or ""),
        version=frame.version,
        may=view.may if view else (),
        open=frame.open,
        way=frame.way,
    )


def frame_message(frame: Frame) -> pb.Frame:
    """The frame of a case on the wire."""
    return pb.Frame(
        case_id=str(frame.case_id),
        code=frame.code,
        nis_code=frame.nis_code,
        state=frame.state,
        minor=frame.minor,
        phenomenon=frame.phenomenon,
        proposed_at=to_timestamp(frame.proposed_at),
        listed_at=to_timestamp(frame.listed_at),
        review_on=day_message(frame.review_on),
        version=frame.version,
        stage=frame.stage,
        to_plan=frame.to_plan,
    )


def case_message(view: CaseView) -> pb.Case:
    """A case on the wire."""
    return pb.Case(
        frame=frame_message(view.frame),
        parts=view.parts,
        person=person_message(view.person),
        criteria=[criterion_message(one) for one in view.criteria],
        best_interest=view.best_interest or "",
        list_reasons=view.list_reasons or "",
        circle=[circle_message(one) for one in view.circle],
        contributions=[contribution_message(one) for one in view.contributions],
        actions=[action_message(one) for one in view.actions],
        case_lead_id=str(view.case_lead_id or ""),
        declined=view.declined,
        may=view.may,
        asks=view.asks,
        review=view.review,
        way=view.way,
        way_now=view.way_now,
        police=view.police,
    )


def criterion_message(criterion: Criterion) -> pb.Criterion:
    """A criterion on the wire."""
    return pb.Criterion(
        code=criterion.code,
        evidence_kind=criterion.evidence_kind,
        evidence_date=day_message(criterion.evidence_date),
        argument=criterion.argument,
    )


def circle_message(view: CircleView) -> pb.CircleEntry:
    """A circle entry on the wire: days in Brussels, the last one included (invariant 25), empty when there is none."""
    last_day = None if view.ends_at >= CIRCLE_END else last_day_of(view.ends_at)
    period = {"from": day_message(local_date(view.starts_at)), "to": day_message(last_day)}
    return pb.CircleEntry(
        person_id=str(view.person_id or ""),
        seat=view.seat or "",
        parts=view.parts,
        life_domains=view.life_domains,
        why=view.why or "",
        invited_by=str(view.invited_by or ""),
        **period,
    )


def contribution_message(view: ContributionView) -> pb.Contribution:
    """A contribution on the wire."""
    weighed = asdict(view.assessment) if view.assessment else {}
    return pb.Contribution(
        contribution_id=str(view.contribution_id),
        author_id=str(view.author_id),
        organisation_id=str(view.organisation_id),
        state=view.state,
        life_domain=view.life_domain,
        text=view.text,
        language=view.language,
        police_origin=view.police_origin,
        legal_basis=view.legal_basis or "",
        written_at=to_timestamp(view.written_at),
        shared_at=to_timestamp(view.shared_at),
        read_by=[str(one) for one in view.read_by],
        version=view.version,
        may=view.may,
        stage=view.stage,
        obstacle=view.obstacle,
        **weighed,
    )


def action_message(view: ActionView) -> pb.Action:
    """An action on the wire."""
    return pb.Action(
        action_id=str(view.action_id),
        life_domain=view.life_domain,
        owner_id=str(view.owner_id),
        due_on=day_message(view.due_on),
        state=view.state,
        open=view.open,
    )


def waiting_message(one: Waiting) -> pb.Waiting:
    """One thing that waits, on the wire."""
    return pb.Waiting(
        kind=one.kind,
        case_id=str(one.case_id or ""),
        case_code=one.case_code,
        signal_id=str(one.signal_id or ""),
        contribution_id=str(one.contribution_id or ""),
        nis_code=one.nis_code,
        minor=one.minor,
        urgent=one.urgent,
        since=to_timestamp(one.since),
        session_at=to_timestamp(one.session_at),
        due_on=day_message(one.due_on),
        life_domain=one.life_domain,
    )
