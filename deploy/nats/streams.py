"""The streams, and the one who creates them: the operator."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

KEPT = timedelta(days=30)


def streams(services: Sequence[str]) -> list[StreamConfig]:
    """Events for all services, audit records for the audit service, and what nobody could digest."""
    return [
        _stream("EVENTS", [f"rondetafel.{service}.*.>" for service in services], KEPT),
        _stream("AUDIT", [f"rondetafel_audit.{service}.*" for service in services], KEPT),
        _stream("DEAD", [f"rondetafel_dead.{service}.>" for service in services], None),
    ]


async def create_streams(jetstream: JetStreamContext, services: Sequence[str]) -> None:
    """Create what is missing and bring the others up to date."""
    for wanted in streams(services):
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
