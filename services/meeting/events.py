"""What the meeting service tells others. Ids, codes and times; never content (invariant 18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.fields import to_timestamp
from services.kit.outbox import Event
from services.meeting.model import Action, Decision, Session


def session_planned(session: Session, case_ids: Iterable[UUID]) -> Event:
    """A session with these cases is planned."""
    message = pb.SessionPlanned(
        session_id=str(session.session_id),
        case_ids=[str(case_id) for case_id in case_ids],
        starts_at=to_timestamp(session.starts_at),
        version=session.version,
    )
    return Event("session.planned", message)


def session_opened(session: Session) -> Event:
    """A session is open: its cases may be treated."""
    message = pb.SessionOpened(
        session_id=str(session.session_id), opened_at=to_timestamp(session.opened_at), version=session.version
    )
    return Event("session.opened", message)


def decision_recorded(
    decision: Decision, case_lead_id: UUID | None, review_on: date | None, actions: Iterable[Action]
) -> Event:
    """The chair decided on a case."""
    message = pb.DecisionRecorded(
        decision_id=str(decision.decision_id),
        session_id=str(decision.session_id),
        case_id=str(decision.case_id),
        outcome=decision.outcome,
        case_lead_id=str(case_lead_id or ""),
        review_on=review_on.isoformat() if review_on else "",
        actions=[
            pb.DecidedAction(
                action_id=str(action.action_id),
                life_domain=action.life_domain,
                owner_id=str(action.owner_id),
                due_on=action.due_on.isoformat(),
            )
            for action in actions
        ],
        decided_at=to_timestamp(decision.decided_at),
    )
    return Event("decision.recorded", message)
