"""A person is using the session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.kit.execute import Work
from services.portal.model import SessionSecret
from services.portal.queries.find_session import session_of


@dataclass(frozen=True, slots=True)
class KeepSession:
    """By its secret. `sitting` while the person sits in an open session: then the idle time is longer."""

    secret: SessionSecret
    sitting: bool = False


async def keep_session(work: Work, command: KeepSession) -> datetime:
    """Start the idle time anew; gives when it will have run out. Raises SignInEnded when it had run out."""
    session = await session_of(work, command.secret)
    session.last_used_at = work.now
    session.sitting = command.sitting
    return session.ends_at
