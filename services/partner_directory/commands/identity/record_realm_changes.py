"""Somebody changed the sign-in service's settings, clients or accounts; kept in the host's log, counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.model import EventStream
from services.partner_directory.seen import mark_seen, pseudonyms


@dataclass(frozen=True, slots=True)
class RecordRealmChanges:
    """Changes of one sort (such as UPDATE CLIENT), source, account and minute, by id and moment."""

    operation: str
    resource: str
    source: str = field(repr=False)
    subject: str = field(repr=False)
    minute: datetime
    events: tuple[tuple[UUID, datetime], ...]


async def record_realm_changes(work: Work, command: RecordRealmChanges) -> int:
    """How many of them were new. Raises AlreadyHandled when none was."""
    work.trail.count = await mark_seen(work, EventStream.CHANGES, command.events)
    work.trail.detail |= {"kind": f"{command.operation} {command.resource}", "minute": command.minute.isoformat()}
    work.trail.detail |= await pseudonyms(work, command.source, command.subject)
    return work.trail.count
