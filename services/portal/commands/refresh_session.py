"""The sign-in service gave new tokens, or could not now."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.portal.model import SessionSecret, SessionTokens
from services.portal.queries.find_session import session_of


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """The tokens from now on: new ones, or the old ones to give the claim back."""

    secret: SessionSecret
    tokens: SessionTokens


async def refresh_session(work: Work, command: RefreshSession) -> Receipt:
    """Keep the tokens and end the claim. Raises SignInEnded when the session was ended meanwhile."""
    session = await session_of(work, command.secret, lock=True)
    session.tokens = command.secret.seal(command.tokens)
    session.refreshing_until = None
    work.trail.count = 1
    return Receipt(session.session_id, "REFRESHED", 1)
