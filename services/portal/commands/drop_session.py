"""A browser takes up another session: the one it held before is of no use any more, also to whoever copied it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from services.kit.execute import Work
from services.portal.errors import SignInEnded
from services.portal.model import Session, SessionSecret


@dataclass(frozen=True, slots=True)
class DropSession:
    """By its secret."""

    secret: SessionSecret


async def drop_session(work: Work, command: DropSession) -> None:
    """Forget this session alone; the sign-in goes on. Raises SignInEnded when there is none."""
    own = (Session.tenant_id == work.cell_id, Session.session_id == command.secret.session_id)
    dropped = await work.session.execute(delete(Session).where(*own).returning(Session.session_id))
    if dropped.one_or_none() is None:
        raise SignInEnded
    work.trail.count = 1
