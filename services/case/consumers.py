"""What the case service hears."""

from __future__ import annotations

from datetime import UTC, date
from uuid import UUID

from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2 as meeting_pb
from services.case.commands.apply_decision import ApplyDecision, DecidedAction, Outcome, apply_decision
from services.case.commands.schedule_cases import ScheduleCases, schedule_cases
from services.kit.consume import Subscription
from services.kit.mandates import apply_mandates, cell_created, mandate_changed, note_cell


def session_planned(envelope: kit_pb2.Envelope) -> ScheduleCases:
    """Event `session.planned` to its command."""
    message = meeting_pb.SessionPlanned.FromString(envelope.payload)
    return ScheduleCases(
        session_id=UUID(message.session_id),
        version=message.version,
        starts_at=message.starts_at.ToDatetime(tzinfo=UTC),
        case_ids=tuple(UUID(one) for one in message.case_ids),
    )


def decision_recorded(envelope: kit_pb2.Envelope) -> ApplyDecision:
    """Event `decision.recorded` to its command."""
    message = meeting_pb.DecisionRecorded.FromString(envelope.payload)
    return ApplyDecision(
        decision_id=UUID(message.decision_id),
        case_id=UUID(message.case_id),
        outcome=Outcome(message.outcome),
        decided_at=message.decided_at.ToDatetime(tzinfo=UTC),
        case_lead_id=UUID(message.case_lead_id) if message.case_lead_id else None,
        review_on=date.fromisoformat(message.review_on) if message.review_on else None,
        actions=tuple(
            DecidedAction(UUID(one.action_id), one.life_domain, UUID(one.owner_id), date.fromisoformat(one.due_on))
            for one in message.actions
        ),
    )


SUBSCRIPTIONS = {
    "mandate.changed": Subscription(apply_mandates, mandate_changed),
    "cell.created": Subscription(note_cell, cell_created),
    "session.planned": Subscription(schedule_cases, session_planned),
    "decision.recorded": Subscription(apply_decision, decision_recorded),
}
