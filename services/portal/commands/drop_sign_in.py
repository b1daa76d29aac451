"""A browser takes up another sign-in: the one it held before is of no use any more, also to whoever copied it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from services.kit.execute import Work
from services.portal.errors import SignInEnded
from services.portal.model import SignIn, SignInSecret


@dataclass(frozen=True, slots=True)
class DropSignIn:
    """By its secret."""

    secret: SignInSecret


async def drop_sign_in(work: Work, command: DropSignIn) -> None:
    """Forget it in this browser alone; at the sign-in service it goes on. Raises SignInEnded when there is none."""
    own = (SignIn.tenant_id == work.cell_id, SignIn.sign_in_id == command.secret.sign_in_id)
    dropped = await work.session.execute(delete(SignIn).where(*own).returning(SignIn.sign_in_id))
    if dropped.one_or_none() is None:
        raise SignInEnded
    work.trail.count = 1
