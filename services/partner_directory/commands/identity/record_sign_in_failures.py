"""Something failed at the sign-in service; kept in the host's log, counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.kit.execute import Work
from services.partner_directory.model import EventStream
from services.partner_directory.seen import mark_seen, pseudonyms


@dataclass(frozen=True, slots=True)
class RecordSignInFailures:
    """Events of one kind, error, source, subject and minute, by id and moment.

    The source is an address, the subject an account or what was typed; the log holds keyed pseudonyms of both.
    """

    kind: str
    error: str
    source: str = field(repr=False)
    subject: str = field(repr=False)
    minute: datetime
    events: tuple[tuple[UUID, datetime], ...]


async def record_sign_in_failures(work: Work, command: RecordSignInFailures) -> int:
    """How many of them were new. Raises AlreadyHandled when none was."""
    work.trail.count = await mark_seen(work, EventStream.FAILURES, command.events)
    work.trail.detail |= {"kind": command.kind, "reason": command.error, "minute": command.minute.isoformat()}
    work.trail.detail |= await pseudonyms(work, command.source, command.subject)
    return work.trail.count
