"""What each NATS user may publish and hear. Absent means denied.

A service publishes only below its own prefixes, and may use JetStream only to read: it creates and
pulls its own durable consumers. No service can create, change, purge or delete a stream, so none can
take a record out of AUDIT. NATS has no wildcard within a word: a consumer with a purpose must
stand in this table by its whole name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OPERATOR = "operator"
HEARTBEAT = "rondetafel_heartbeat.partner_directory"
# Live pages of every portal process hear that something changed, beside the durable consumers: ids and codes only.
LIVE = [
    "rondetafel.case.*.>",
    "rondetafel.meeting.*.>",
    "rondetafel.partner_directory.*.mandate.changed",
    "rondetafel.portal.*.session.ended",
]


@dataclass(frozen=True)
class Reader:
    """A durable pull consumer that a service may create and use."""

    stream: str
    name: str


SERVICES = ("partner_directory", "case", "meeting", "audit", "portal")

# Everyone hears events under its own name, and what the log has confirmed.
READERS: Mapping[str, tuple[Reader, ...]] = {
    service: (Reader("EVENTS", service), Reader("EVENTS", f"{service}-merged")) for service in SERVICES
} | {
    "audit": (Reader("EVENTS", "audit"), Reader("EVENTS", "audit-merged"), Reader("AUDIT", "audit")),
}


def may_publish(service: str) -> list[str]:
    """The subjects a service may publish to."""
    own = [
        f"rondetafel.{service}.>",
        f"rondetafel_audit.{service}.>",
        f"rondetafel_dead.{service}.>",
    ]
    if service == "partner_directory":
        own.append(HEARTBEAT)
    asking = ["$JS.API.INFO", "$JS.API.STREAM.NAMES"]
    return own + asking + [subject for reader in READERS[service] for subject in _reading(reader)]


def may_hear(service: str) -> list[str]:
    """The subjects a service may subscribe to; its inbox is its own, so nobody reads along."""
    own = [f"_INBOX.{service}.>", HEARTBEAT]
    return own + (LIVE if service == "portal" else [])


def _reading(reader: Reader) -> list[str]:
    stream, name = reader.stream, reader.name
    return [
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.CONSUMER.CREATE.{stream}.{name}",
        f"$JS.API.CONSUMER.CREATE.{stream}.{name}.>",
        f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{name}",
        f"$JS.API.CONSUMER.INFO.{stream}.{name}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}",
        f"$JS.ACK.{stream}.{name}.>",
    ]
