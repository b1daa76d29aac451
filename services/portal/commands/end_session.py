"""A sign-in ended: by the person, by the sign-in service, or because it refused to go on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from services.kit.execute import Work
from services.portal.events import session_ended
from services.portal.model import Session


@dataclass(frozen=True, slots=True)
class EndSession:
    """One sign-in, or all of a person when the sign-in is not named."""

    sign_in: str | None
    person_id: UUID | None = None


async def end_session(work: Work, command: EndSession) -> tuple[str, ...]:
    """Forget the sessions and tell the directory that their tokens no longer count. Idempotent: a repeat tells again.

    The sign-ins that ended. A named one counts even when no browser used it here: its tokens may be an API client's.
    """
    mine = Session.sign_in == command.sign_in if command.sign_in else Session.person_id == command.person_id
    here = (Session.tenant_id == work.cell_id) & mine
    found = set((await work.session.execute(select(Session.sign_in).where(here))).scalars())
    ended = tuple(sorted(found | ({command.sign_in} if command.sign_in else set())))
    await work.session.execute(delete(Session).where(here))
    for sign_in in ended:
        work.publish(session_ended(sign_in))
    work.trail.count = len(ended)
    return ended
