"""Somebody signed in with a browser."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.portal.model import Session, SessionSecret, SessionTokens


@dataclass(frozen=True, slots=True)
class StartSession:
    """The fresh secret of the cookie and what the sign-in service gave."""

    secret: SessionSecret
    sign_in: str
    person_id: UUID
    tokens: SessionTokens


async def start_session(work: Work, command: StartSession) -> Receipt:
    """Keep the tokens, sealed for the cookie alone."""
    session = Session(
        tenant_id=work.cell_id,
        session_id=command.secret.session_id,
        sign_in=command.sign_in,
        person_id=command.person_id,
        tokens=command.secret.seal(command.tokens),
        started_at=work.now,
        last_used_at=work.now,
        sitting=False,
    )
    work.session.add(session)
    work.trail.count = 1
    return Receipt(session.session_id, "STARTED", 1)
