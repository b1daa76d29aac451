"""One process at a time may use the refresh token: it works once, and a second use ends the sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.portal.model import REFRESHING, SessionSecret, SessionTokens
from services.portal.queries.find_session import session_of


@dataclass(frozen=True, slots=True)
class ClaimRefresh:
    """By its secret."""

    secret: SessionSecret


async def claim_refresh(work: Work, command: ClaimRefresh) -> SessionTokens | None:
    """The tokens to refresh, for the caller alone during 15 seconds; None while another holds them."""
    session = await session_of(work, command.secret, lock=True)
    if session.refreshing_until is not None and session.refreshing_until > work.now:
        return None
    session.refreshing_until = work.now + REFRESHING
    return command.secret.open(session.tokens)
