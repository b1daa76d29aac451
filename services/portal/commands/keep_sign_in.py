"""A person is using the sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.kit.execute import Work
from services.portal.model import SignInSecret
from services.portal.queries.find_sign_in import sign_in_of


@dataclass(frozen=True, slots=True)
class KeepSignIn:
    """By its secret. `sitting` while the person sits in an open session: then the idle time is longer."""

    secret: SignInSecret
    sitting: bool = False


async def keep_sign_in(work: Work, command: KeepSignIn) -> datetime:
    """Start the idle time anew; gives when it will have run out. Raises SignInEnded when it had run out."""
    sign_in = await sign_in_of(work, command.secret)
    sign_in.last_used_at = work.now
    sign_in.sitting = command.sitting
    return sign_in.ends_at
