"""Whose sign-in it was that a form came too late for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.portal.errors import SignInEnded
from services.portal.model import PARKED, SHUT_OUT, SignIn, SignInSecret


@dataclass(frozen=True, slots=True)
class FindParkedSignIn:
    """By its secret."""

    secret: SignInSecret


async def find_parked_sign_in(work: Work, query: FindParkedSignIn) -> UUID:
    """The person of a sign-in that ran out and was not ended, so that what was typed can be kept for them.

    Raises SignInEnded when there is none, or it ran out too long ago. It gives no access to anything.
    """
    mine = select(SignIn).where(SignIn.tenant_id == work.cell_id, SignIn.sign_in_id == query.secret.sign_in_id)
    sign_in = await work.session.scalar(mine.where(~SHUT_OUT))
    if sign_in is None or work.now > sign_in.ends_at + PARKED:
        raise SignInEnded
    work.trail.count = 1
    return sign_in.person_id
