"""Somebody signed in, or goes on to use it, as the portal says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.kit.identities import sign_in_id
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM
from services.partner_directory.model import OpenSignIn


@dataclass(frozen=True, slots=True)
class NoteSignIn:
    """The `sid` of its tokens, whose it is, what is used and by which provider, and until when it lasts unused."""

    session_id: str = field(repr=False)
    person_id: UUID
    browser: str
    provider: str
    until: datetime


async def note_sign_in(work: Work, command: NoteSignIn) -> Receipt:
    """Keep it for the person alone. What is over is forgotten here, whosever it was.

    Of one that is known only the moment and the end move: whose it is never changes.
    """
    noted = sign_in_id(command.session_id)
    await work.session.execute(delete(OpenSignIn).where(OpenSignIn.ends_at <= work.now))
    values = {
        "tenant_id": PLATFORM, "sign_in_id": noted, "person_id": command.person_id, "session_id": command.session_id,
        "browser": command.browser or "other", "provider": command.provider, "started_at": work.now,
        "used_at": work.now, "ends_at": command.until,
    }  # fmt: skip
    used = {"used_at": work.now, "ends_at": command.until}
    made = (
        insert(OpenSignIn)
        .values(values)
        .on_conflict_do_update(
            index_elements=["tenant_id", "sign_in_id"], set_=used, where=OpenSignIn.person_id == command.person_id
        )
    )
    await work.session.execute(made)
    return Receipt(noted, "NOTED", 1)
