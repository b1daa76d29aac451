"""Whose session it was that a form came too late for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.portal.errors import SignInEnded
from services.portal.model import PARKED, SHUT_OUT, Session, SessionSecret


@dataclass(frozen=True, slots=True)
class FindParkedSession:
    """By its secret."""

    secret: SessionSecret


async def find_parked_session(work: Work, query: FindParkedSession) -> UUID:
    """The person of a session that ran out and was not ended, so that what was typed can be kept for them.

    Raises SignInEnded when there is none, or it ran out too long ago. It gives no access to anything.
    """
    mine = select(Session).where(Session.tenant_id == work.cell_id, Session.session_id == query.secret.session_id)
    session = await work.session.scalar(mine.where(~SHUT_OUT))
    if session is None or work.now > session.ends_at + PARKED:
        raise SignInEnded
    work.trail.count = 1
    return session.person_id
