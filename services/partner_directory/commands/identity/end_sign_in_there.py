"""A sign-in that its person ended here ends at the sign-in service too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.principal import PLATFORM
from services.partner_directory.model import OpenSignIn, on_platform
from services.partner_directory.signed_in import EndThere


@dataclass(frozen=True, slots=True)
class EndSignInThere:
    """Which sign-in."""

    sign_in_id: UUID


async def end_sign_in_there(work: Work, command: EndSignInThere) -> bool:
    """Whether it was still known. Its tokens were refused before; this ends what could give new ones.

    Raises Unavailable: then the term is due again.
    """
    on_platform(work.cell_id)
    of = select(OpenSignIn.session_id).where(
        OpenSignIn.tenant_id == PLATFORM, OpenSignIn.sign_in_id == command.sign_in_id
    )
    session_id = await work.session.scalar(of)
    if session_id is None:
        return False
    work.ask(EndThere(session_id))
    work.trail.count = 1
    return True
