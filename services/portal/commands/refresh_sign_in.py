"""The sign-in service gave new tokens, or could not now."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.portal.model import SignInSecret, SignInTokens
from services.portal.queries.find_sign_in import sign_in_of


@dataclass(frozen=True, slots=True)
class RefreshSignIn:
    """The tokens from now on: new ones, or the old ones to give the claim back."""

    secret: SignInSecret
    tokens: SignInTokens


async def refresh_sign_in(work: Work, command: RefreshSignIn) -> Receipt:
    """Keep the tokens and end the claim. Raises SignInEnded when the sign-in was ended meanwhile."""
    sign_in = await sign_in_of(work, command.secret, lock=True)
    sign_in.tokens = command.secret.seal(command.tokens)
    sign_in.refreshing_until = None
    work.trail.count = 1
    return Receipt(sign_in.sign_in_id, "REFRESHED", 1)
