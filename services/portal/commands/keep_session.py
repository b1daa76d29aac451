"""A person is using the session."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.portal.model import SessionSecret
from services.portal.queries.find_session import session_of


@dataclass(frozen=True, slots=True)
class KeepSession:
    """By its secret."""

    secret: SessionSecret


async def keep_session(work: Work, command: KeepSession) -> None:
    """Start the idle time anew. Raises SignInEnded when it had run out."""
    session = await session_of(work, command.secret)
    session.last_used_at = work.now
