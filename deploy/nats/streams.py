"""The streams, and the one who creates them: the operator."""

from dataclasses import replace
from datetime import timedelta

from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from services.kit.catalogue import AUDIT_PREFIX, DEAD_PREFIX, EVENT_PREFIX, SERVICES

KEPT = timedelta(days=30)


def streams() -> list[StreamConfig]:
    """Events for all services, audit records for the audit service, and what nobody could digest."""
    return [
        _stream("EVENTS", [f"{EVENT_PREFIX}.{service}.*.>" for service in SERVICES], KEPT),
        _stream("AUDIT", [f"{AUDIT_PREFIX}.{service}.*" for service in SERVICES], KEPT),
        _stream("DEAD", [f"{DEAD_PREFIX}.{service}.>" for service in SERVICES], None),
    ]


async def create_streams(jetstream: JetStreamContext) -> None:
    """Create what is missing and bring the others up to date."""
    for wanted in streams():
        assert wanted.name is not None
        try:
            present = (await jetstream.stream_info(wanted.name)).config
        except NotFoundError:
            await jetstream.add_stream(wanted)
            continue
        changed = replace(present, subjects=wanted.subjects, max_age=wanted.max_age)
        if changed != present:
            await jetstream.update_stream(changed)


def _stream(name: str, subjects: list[str], kept: timedelta | None) -> StreamConfig:
    return StreamConfig(
        name=name,
        subjects=subjects,
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        max_age=kept.total_seconds() if kept else None,
        deny_delete=True,
        deny_purge=True,
    )
