"""The event catalogue: which types there are, the one service that tells each, who hears it, and which are signed.

Everything else follows from it: subjects, what NATS lets a service publish (deploy/nats/permissions.py), the durable
consumers the operator makes (deploy/nats/consumers.py), what a receiver takes (`check_address`) and docs/events.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from rondetafel.kit.v1 import kit_pb2

API_PREFIX = "rondetafel_api"
"""Under which the accounts of the services see what they may use of JetStream (deploy/nats/permissions.py)."""
SERVICES = ("partner_directory", "case", "meeting", "audit", "portal")
EVENT_PREFIX, AUDIT_PREFIX, BEAT_PREFIX, DEAD_PREFIX = (
    "rondetafel", "rondetafel_audit", "rondetafel_heartbeat", "rondetafel_dead",
)  # fmt: skip


class Misaddressed(Exception):
    """The subject is not that of the envelope's type, producer and tenant: a forged or broken message."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event.

    `hearers` have it in their durable consumer, shared by the processes of a service; every process of a service in
    `live` hears it over core NATS as well, while it is connected. `signed` facts give or take access: their producer
    signs them (services/kit/signatures.py), and nobody acts on one that is not signed, whoever handed it over.
    """

    name: str
    producer: str
    hearers: frozenset[str] = frozenset()
    live: frozenset[str] = frozenset()
    signed: bool = False


ALL = frozenset(SERVICES)
PORTAL = frozenset({"portal"})

EVENT_TYPES: Mapping[str, EventType] = {
    event_type.name: event_type
    for event_type in (
        EventType("cell.created", "partner_directory", frozenset({"case", "meeting", "audit"})),
        EventType("cell.changed", "partner_directory", frozenset({"case"})),
        EventType("mandate.changed", "partner_directory", frozenset({"case", "meeting", "audit"}), PORTAL, signed=True),
        EventType("signal.received", "case", live=PORTAL),
        EventType("signal.erased", "case", frozenset({"audit", "partner_directory"})),
        EventType("case.proposed", "case", frozenset({"meeting"}), PORTAL),
        EventType("case.listed", "case", frozenset({"meeting"}), PORTAL),
        EventType("case.state_changed", "case", frozenset({"meeting"}), PORTAL),
        EventType("circle.changed", "case", frozenset({"meeting"}), PORTAL),
        EventType("invitation.expired", "case", live=PORTAL),
        EventType("contribution.shared", "case", live=PORTAL),
        EventType("session.planned", "meeting", frozenset({"case"}), PORTAL),
        EventType("session.opened", "meeting", live=PORTAL),
        EventType("session.opening_reverted", "meeting", live=PORTAL),
        EventType("session.cancelled", "meeting", frozenset({"case"}), PORTAL),
        EventType("decision.prepared", "meeting", live=PORTAL),
        EventType("decision.recorded", "meeting", frozenset({"case"}), PORTAL),
        EventType("case.notice_asked", "case", frozenset({"partner_directory"})),
        EventType("session.notice_asked", "meeting", frozenset({"partner_directory"})),
        EventType("session.ended", "portal", frozenset({"partner_directory"})),
        EventType("sign_in.ended", "partner_directory", ALL - {"partner_directory"}, PORTAL, signed=True),
        EventType("identity.disabled", "partner_directory", ALL - {"partner_directory"}, PORTAL, signed=True),
        EventType("identity.enabled", "partner_directory", ALL - {"partner_directory"}, signed=True),
        EventType("audit.merged", "audit", ALL),
    )
}

HEARTBEAT = EventType("heartbeat", "partner_directory", live=ALL - {"partner_directory"}, signed=True)
"""Over core NATS alone, in the platform's tenant; its subject is `rondetafel_heartbeat.partner_directory`."""

RECORD_TYPES = ("audit.record", "audit.height", "audit.records")
"""The stream AUDIT: each service tells these of itself, the audit service alone hears them. The subject names the
teller and the tenant, `rondetafel_audit.<service>.<tenant>`. `audit.records` are several in one message."""
RECORD_HEARER = "audit"
_RECORDS_HEARD = frozenset((RECORD_HEARER, record_kind) for record_kind in RECORD_TYPES)


def event_subject(event_type: str, producer: str, tenant: object) -> str:
    """Where an event is told: `rondetafel.<producer>.<tenant>.<type>`; `tenant` may be the wildcard `*`."""
    return f"{EVENT_PREFIX}.{producer}.{tenant}.{event_type}"


def audit_subject(producer: str, tenant: object) -> str:
    """Where a service tells its records and heights; `tenant` may be the wildcard `*`."""
    return f"{AUDIT_PREFIX}.{producer}.{tenant}"


def beat_subject() -> str:
    """Where the directory beats."""
    return f"{BEAT_PREFIX}.{HEARTBEAT.producer}"


def dead_subject(service: str, event_type: str) -> str:
    """Where a service sets a message aside; a type it does not hear has no name there."""
    one = EVENT_TYPES.get(event_type)
    known = service in one.hearers if one is not None else (service, event_type) in _RECORDS_HEARD
    return f"{DEAD_PREFIX}.{service}.{event_type if known else 'unknown'}"


def told_subjects(producer: str) -> list[str]:
    """Where a service tells its events, in any tenant: the exact types and no others."""
    return [_anywhere(event_type) for event_type in EVENT_TYPES.values() if event_type.producer == producer]


@dataclass(frozen=True, slots=True)
class Durable:
    """A durable consumer, shared by the processes of one service: of one stream, exactly these subjects."""

    service: str
    stream: str
    name: str
    subjects: tuple[str, ...]


def merged_durable(service: str) -> str:
    """The name of the durable consumer that hears what the log confirmed, apart from the rest: nobody waits for it."""
    return f"{service}-merged"


def durables() -> list[Durable]:
    """All there are."""
    made = []
    for service in SERVICES:
        heard = {
            event_type.name: _anywhere(event_type)
            for event_type in EVENT_TYPES.values()
            if service in event_type.hearers
        }
        merged = heard.pop("audit.merged")
        made.append(Durable(service, "EVENTS", service, tuple(heard.values())))
        made.append(Durable(service, "EVENTS", merged_durable(service), (merged,)))
    records = tuple(audit_subject(service, "*") for service in SERVICES)
    return [*made, Durable(RECORD_HEARER, "AUDIT", RECORD_HEARER, records)]


def live_subjects(hearer: str) -> list[str]:
    """What every process of a service may hear over core NATS, without the heartbeat."""
    return [_anywhere(event_type) for event_type in EVENT_TYPES.values() if hearer in event_type.live]


def _anywhere(one: EventType) -> str:
    return event_subject(one.name, one.producer, "*")


def check_address(subject: str, envelope: kit_pb2.Envelope, hearer: str) -> bool:
    """Whether the type must be signed. Raises Misaddressed unless all agree.

    The subject is exactly the one of the envelope's type, tenant and producer; the producer is the catalogue's for that
    type; and the hearer is one of its hearers. Without this, whoever may tell anything could tell everything.
    """
    if not (_is_uuid(envelope.tenant_id) and _is_uuid(envelope.message_id)):
        raise Misaddressed
    if envelope.type in RECORD_TYPES:
        proper = envelope.producer in SERVICES and hearer == RECORD_HEARER
        if not proper or subject != audit_subject(envelope.producer, envelope.tenant_id):
            raise Misaddressed
        return False
    one = HEARTBEAT if envelope.type == HEARTBEAT.name else EVENT_TYPES.get(envelope.type)
    if one is None or envelope.producer != one.producer or hearer not in one.hearers | one.live:
        raise Misaddressed
    wanted = beat_subject() if one is HEARTBEAT else event_subject(one.name, one.producer, envelope.tenant_id)
    if subject != wanted:
        raise Misaddressed
    return one.signed


def _is_uuid(text: str) -> bool:
    """In the one form in which we write them: no second spelling of a tenant or a message."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
