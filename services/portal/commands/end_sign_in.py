"""A sign-in ended: by the person, by the sign-in service, or because it refused to go on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from services.kit.execute import Work
from services.portal.events import sign_in_ended
from services.portal.model import SignIn


@dataclass(frozen=True, slots=True)
class EndSignIn:
    """One sign-in, or all of a person when the sign-in is not named."""

    sid: str | None
    person_id: UUID | None = None


async def end_sign_in(work: Work, command: EndSignIn) -> tuple[str, ...]:
    """Forget it in all browsers, and tell the directory that its tokens no longer count. A repeat tells again.

    The sign-ins that ended. A named one counts even when no browser used it here: its tokens may be an API client's.
    """
    mine = SignIn.sid == command.sid if command.sid else SignIn.person_id == command.person_id
    here = (SignIn.tenant_id == work.cell_id) & mine
    found = set((await work.session.execute(select(SignIn.sid).where(here))).scalars())
    ended = tuple(sorted(found | ({command.sid} if command.sid else set())))
    await work.session.execute(delete(SignIn).where(here))
    for sid in ended:
        work.publish(sign_in_ended(sid))
    work.trail.count = len(ended)
    return ended
