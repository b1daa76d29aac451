"""A browser takes up another session: the one it held before is of no use any more, also to whoever copied it."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.portal.model import SessionSecret
from services.portal.queries.find_session import session_of


@dataclass(frozen=True, slots=True)
class DropSession:
    """By its secret."""

    secret: SessionSecret


async def drop_session(work: Work, command: DropSession) -> None:
    """Forget this session alone; the sign-in goes on. Raises SignInEnded when there is none."""
    await work.session.delete(await session_of(work, command.secret, lock=True))
    work.trail.count = 1
