"""What the steps of a recovery have in common: what each asks across the wall, and how it is announced."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.asking import Question
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.principal import PLATFORM
from services.partner_directory.errors import CellNotLost, RecoveryNotFound
from services.partner_directory.model import Announcement, Done, Recovery


@dataclass(frozen=True, slots=True)
class Named:
    """Who is proposed."""

    email: str
    given_name: str
    family_name: str


# The host's people act on the platform and oversight in the cell: each asks one question on the other side.
@dataclass(frozen=True, slots=True)
class AnybodyLeft(Question[bool]):
    """Whether the cell has somebody who can say yes, now or planned."""

    cell_id: UUID


@dataclass(frozen=True, slots=True)
class WhoIsProposed(Question[Named]):
    """Who is proposed; the answer may be RecoveryNotFound."""

    recovery_id: UUID


def expect_lost(work: Work, cell_id: UUID) -> None:
    """Raises CellNotLost while somebody can still say yes."""
    if work.ask(AnybodyLeft(cell_id)):
        raise CellNotLost


async def locked_recovery(work: Work, recovery_id: UUID) -> Recovery:
    """The recovery, locked: each step is done once. In a cell only its own. Raises RecoveryNotFound."""
    found = await work.session.scalar(
        select(Recovery)
        .where(Recovery.tenant_id == PLATFORM, Recovery.recovery_id == recovery_id)
        .where((Recovery.cell_id == work.cell_id) | (work.cell_id == PLATFORM))
        .with_for_update()
    )
    if found is None:
        raise RecoveryNotFound
    return found


def announced(work: Work, recovery: Recovery, what: Done) -> Announcement:
    """A step before anything is given: in both logs and by letter at once, so there is time to speak up."""
    return Announcement(
        announcement_id=new_id(), cell_id=recovery.cell_id, what=what, role=recovery.role, at=work.now, opens_at=None
    )
