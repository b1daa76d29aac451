"""What a report asks of others: the tables are told, and the sign-in service signs that account out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from services.kit.execute import Work
from services.kit.principal import PLATFORM
from services.partner_directory.model import Theft, on_platform
from services.partner_directory.signed_in import SignOutThere, WarnThere


@dataclass(frozen=True, slots=True)
class FollowTheft:
    """Which report."""

    theft_id: UUID


async def follow_theft(work: Work, command: FollowTheft) -> bool:
    """Whether there was something to do; then it is forgotten whose report it was.

    The tables come first: they hear of it while the sign-in service is away, too, and once, however often this is
    tried. Raises Unavailable: then the term is due again.
    """
    on_platform(work.cell_id)
    this = (Theft.tenant_id == PLATFORM, Theft.theft_id == command.theft_id)
    theft = (await work.session.execute(select(Theft.person_id, Theft.cell_ids).where(*this))).one_or_none()
    if theft is None or theft.person_id is None:
        return False
    work.ask_all([WarnThere(cell_id, command.theft_id, theft.person_id) for cell_id in theft.cell_ids])
    work.ask(SignOutThere(theft.person_id))
    followed = update(Theft).where(*this).values(person_id=None, cell_ids=[], followed_at=work.now)
    await work.session.execute(followed)
    work.trail.detail["theft"] = str(command.theft_id)
    work.trail.count = len(theft.cell_ids)
    return True
