"""Somebody signed in with a browser."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.portal.model import SignIn, SignInSecret, SignInTokens


@dataclass(frozen=True, slots=True)
class StartSignIn:
    """The fresh secret of the cookie and what the sign-in service gave."""

    secret: SignInSecret
    sid: str
    person_id: UUID
    tokens: SignInTokens


async def start_sign_in(work: Work, command: StartSignIn) -> Receipt:
    """Keep the tokens, sealed for the cookie alone."""
    sign_in = SignIn(
        tenant_id=work.cell_id,
        sign_in_id=command.secret.sign_in_id,
        sid=command.sid,
        person_id=command.person_id,
        tokens=command.secret.seal(command.tokens),
        started_at=work.now,
        last_used_at=work.now,
        sitting=False,
    )
    work.session.add(sign_in)
    work.trail.count = 1
    return Receipt(sign_in.sign_in_id, "STARTED", 1)
