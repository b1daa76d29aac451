"""What the meeting service tells others. Ids, codes and times; never content (invariant 18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.notices import NOTICE_ASKED, NoticeAsked
from services.kit.outbox import Event
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.meeting.model import Action, Decision, PreparedDecision, Session

SESSION_PLANNED = writer(pb.SessionPlanned, Session, Differences(leave_out=("case_ids",)))
SESSION_OPENED = writer(pb.SessionOpened, Session)
SESSION_CANCELLED = writer(pb.SessionCancelled, Session, Differences(leave_out=("case_ids",)))
OPENING_REVERTED = writer(pb.OpeningReverted, Session)
DECISION_PREPARED = writer(pb.DecisionPrepared, PreparedDecision)
DECISION_RECORDED = writer(
    pb.DecisionRecorded, Decision, Differences(leave_out=("case_lead_id", "review_on", "actions"))
)
DECIDED_ACTION = writer(pb.DecidedAction, Action)


def session_planned(session: Session, case_ids: Iterable[UUID]) -> Event:
    """A session with these cases is planned."""
    message = SESSION_PLANNED(session)
    message.case_ids.extend(map(str, case_ids))
    return Event("session.planned", message)


def notice_asked(asked: NoticeAsked) -> Event:
    """Something of a session waits for people, or no more."""
    return Event("session.notice_asked", NOTICE_ASKED(asked))


def session_opened(session: Session) -> Event:
    """A session is open: its cases may be treated."""
    return Event("session.opened", SESSION_OPENED(session))


def session_cancelled(session: Session, case_ids: Iterable[UUID]) -> Event:
    """A session that was planned for these cases will not be held."""
    message = SESSION_CANCELLED(session)
    message.case_ids.extend(map(str, case_ids))
    return Event("session.cancelled", message)


def opening_reverted(session: Session) -> Event:
    """A session is planned again."""
    return Event("session.opening_reverted", OPENING_REVERTED(session))


def decision_prepared(prepared: PreparedDecision) -> Event:
    """Something is prepared for the chair on a point."""
    return Event("decision.prepared", DECISION_PREPARED(prepared))


def decision_recorded(
    decision: Decision, case_lead_id: UUID | None, review_on: date | None, actions: Iterable[Action]
) -> Event:
    """The chair decided on a case."""
    message = DECISION_RECORDED(decision)
    message.case_lead_id = str(case_lead_id or "")
    message.review_on = review_on.isoformat() if review_on else ""
    message.actions.extend(map(DECIDED_ACTION, actions))
    return Event("decision.recorded", message)
