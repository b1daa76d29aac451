"""What the meeting service hears: mandates, and the frames and circles of cases."""

from __future__ import annotations

from datetime import UTC
from uuid import UUID

from rondetafel.case.v1 import case_pb2
from rondetafel.kit.v1 import kit_pb2
from services.kit.consume import Subscription
from services.kit.mandates import apply_mandates, cell_created, mandate_changed, note_cell
from services.meeting.commands.apply_case import ApplyCase, apply_case
from services.meeting.commands.apply_circle import ApplyCircle, CircleSeat, apply_circle


def case_changed(envelope: kit_pb2.Envelope) -> ApplyCase:
    """Events of a case's frame to their command."""
    fact = case_pb2.CaseChanged.FromString(envelope.payload)
    return ApplyCase(UUID(fact.case_id), fact.code, fact.nis_code, fact.state, fact.minor, fact.version)


def circle_changed(envelope: kit_pb2.Envelope) -> ApplyCircle:
    """Event `circle.changed` to its command."""
    fact = case_pb2.CircleChanged.FromString(envelope.payload)
    return ApplyCircle(UUID(fact.case_id), fact.version, tuple(_seat(one) for one in fact.entries))


def _seat(entry: case_pb2.CircleSeat) -> CircleSeat:
    return CircleSeat(
        entry_id=UUID(entry.entry_id),
        person_id=UUID(entry.person_id) if entry.person_id else None,
        seat=entry.seat or None,
        nis_code=entry.nis_code,
        parts=tuple(entry.parts),
        starts_at=entry.starts_at.ToDatetime(tzinfo=UTC),
        ends_at=entry.ends_at.ToDatetime(tzinfo=UTC),
    )


SUBSCRIPTIONS = {
    "mandate.changed": Subscription(apply_mandates, mandate_changed),
    "cell.created": Subscription(note_cell, cell_created),
    "case.proposed": Subscription(apply_case, case_changed),
    "case.listed": Subscription(apply_case, case_changed),
    "case.state_changed": Subscription(apply_case, case_changed),
    "circle.changed": Subscription(apply_circle, circle_changed),
}
