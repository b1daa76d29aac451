"""One process at a time may use the refresh token: it works once, and a second use ends the sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.portal.model import REFRESHING, SignInSecret, SignInTokens
from services.portal.queries.find_sign_in import sign_in_of


@dataclass(frozen=True, slots=True)
class ClaimRefresh:
    """By its secret."""

    secret: SignInSecret


async def claim_refresh(work: Work, command: ClaimRefresh) -> SignInTokens | None:
    """The tokens to refresh, for the caller alone during 15 seconds; None while another holds them."""
    sign_in = await sign_in_of(work, command.secret, lock=True)
    if sign_in.refreshing_until is not None and sign_in.refreshing_until > work.now:
        return None
    sign_in.refreshing_until = work.now + REFRESHING
    return command.secret.open(sign_in.tokens)
