"""What each service may publish and hear, from the event catalogue. Absent means denied.

Each service has an account of its own, and the streams lie in another one, the operator's. Between them only what is
named here passes: the exact types a service tells, what it hears, and of its own durable consumers what asks, takes
and acknowledges. So an answer goes back into the account of who asked: a request cannot name a foreign subject as the
place to reply to, which in one account is a way to publish anywhere, to the API of JetStream itself too, with the
server's own rights. No service can make, change or delete a stream or a consumer.
"""

from dataclasses import dataclass

from services.kit.catalogue import (
    API_PREFIX,
    EVENT_TYPES,
    HEARTBEAT,
    SERVICES,
    EventType,
    audit_subject,
    beat_subject,
    dead_subject,
    durables,
    event_subject,
    live_subjects,
    told_subjects,
)

OPERATOR = "operator"
STREAMS = "RONDETAFEL"
"""The account of the streams and of their operator."""
JETSTREAM_API = "$JS.API"


@dataclass(frozen=True)
class Passage:
    """A subject of the streams' account that one service may publish to; `seen_as` is its name in the service's own.

    `answers_many`: one request is answered by several messages.
    """

    service: str
    subject: str
    seen_as: str
    answers_many: bool = False


@dataclass(frozen=True)
class Live:
    """A subject that the account of `producer` lets the account of `hearer` hear over core NATS."""

    producer: str
    hearer: str
    subject: str


def passages() -> list[Passage]:
    """Everything that passes from the services to the streams."""
    made = [Passage(service, subject, subject) for service in SERVICES for subject in _told(service)]
    for durable in durables():
        place = f"{durable.stream}.{durable.name}"
        info, take = f"CONSUMER.INFO.{place}", f"CONSUMER.MSG.NEXT.{place}"
        acknowledge = f"$JS.ACK.{place}.>"
        made += [
            Passage(durable.service, f"{JETSTREAM_API}.{info}", f"{API_PREFIX}.{info}"),
            Passage(durable.service, f"{JETSTREAM_API}.{take}", f"{API_PREFIX}.{take}", answers_many=True),
            Passage(durable.service, acknowledge, acknowledge),
        ]
    return made


def lives() -> list[Live]:
    """Everything that passes from service to service without a stream."""
    types = [*EVENT_TYPES.values(), HEARTBEAT]
    return [
        Live(kind.producer, hearer, _live_subject(kind))
        for kind in types
        for hearer in sorted(kind.live - {kind.producer})
    ]


def may_publish(service: str) -> list[str]:
    """The subjects a service may publish to, as its own account names them."""
    own = [passage.seen_as for passage in passages() if passage.service == service]
    return [*own, beat_subject()] if service == HEARTBEAT.producer else own


def may_hear(service: str) -> list[str]:
    """The subjects a service may subscribe to; its inbox is its own, so nobody reads along."""
    beats = [beat_subject()] if service in HEARTBEAT.live else []
    return [f"_INBOX.{service}.>", *beats, *live_subjects(service)]


def _told(service: str) -> list[str]:
    heard = [event_type.name for event_type in EVENT_TYPES.values() if service in event_type.hearers]
    dead = ("audit.record", "unknown") if service == "audit" else ("unknown",)
    return [
        *told_subjects(service), audit_subject(service, "*"),
        *(dead_subject(service, message) for message in (*heard, *dead)),
    ]  # fmt: skip


def _live_subject(one: EventType) -> str:
    return beat_subject() if one is HEARTBEAT else event_subject(one.name, one.producer, "*")
