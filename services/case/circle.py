"""Making and telling of the circle of a case or signal."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import ARRAY, DateTime, Text, Uuid, column, select, table

from services.case.errors import InvitationNotFound
from services.case.events import circle_changed
from services.case.model import CIRCLE_END, Case, CircleEntry, ConflictOfInterest, Part, Signal
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.vault import AssociatedData, KeyDestroyed

logger = logging.getLogger(__name__)

my_circle = table("my_circle", column("object_id", Uuid), column("parts", ARRAY(Text)))
"""The view of what the acting person may see, by person and by seat (kit/walls.py); to be asked for one object."""
held_places = table(
    "circle_entry", column("tenant_id", Uuid), column("object_id", Uuid), column("of_case", Uuid),
    column("holder", Text), column("starts_at", DateTime(timezone=True)), column("ends_at", DateTime(timezone=True)),
)  # fmt: skip
"""Who sits where, with the columns the database fills itself: by `holder` the cases of a place are found in order."""


BEFORE_THE_LIST = (Part.FRAME, Part.IDENTITY, Part.PROPOSAL)
"""What the mayor's seat reads of a case that is not on the list."""


def seat_entry(work: Work, of: Case | Signal, seat: str, parts: Iterable[Part]) -> CircleEntry:
    """Whoever holds the seat for that town reads these parts as long as it lives."""
    return _entry(work, of, parts, seat=seat)


def _entry(
    work: Work, of: Case | Signal, parts: Iterable[Part], *, person_id: UUID | None = None, seat: str | None = None
) -> CircleEntry:
    return CircleEntry(
        tenant_id=work.cell_id,
        entry_id=new_id(),
        object_id=of.case_id if isinstance(of, Case) else of.signal_id,
        person_id=person_id,
        seat=seat,
        nis_code=of.nis_code,
        parts=list(parts),
        starts_at=work.now,
        ends_at=CIRCLE_END,
        life_domains=[],
        invited_by=work.actor_id,
    )


async def entries_of(work: Work, case_id: UUID) -> Sequence[CircleEntry]:
    """The entries of a case that have not ended, oldest first."""
    found = await work.session.scalars(
        select(CircleEntry)
        .where(CircleEntry.tenant_id == work.cell_id, CircleEntry.object_id == case_id, CircleEntry.ends_at > work.now)
        .order_by(CircleEntry.entry_id)
    )
    return found.all()


async def is_in_circle(work: Work, case_id: UUID) -> bool:
    """Whether the caller is in the circle of a case now."""
    mine = select(my_circle.c.object_id).where(my_circle.c.object_id == case_id)
    return bool(await work.session.scalar(select(mine.exists())))


async def seats_of(work: Work, case_id: UUID) -> dict[str, CircleEntry]:
    """The seats in the circle of a case by name, also those that left it: each has one entry for good."""
    asked = select(CircleEntry).where(
        CircleEntry.tenant_id == work.cell_id, CircleEntry.object_id == case_id, CircleEntry.seat.is_not(None)
    )
    return {entry.seat: entry for entry in await work.session.scalars(asked) if entry.seat}


async def find_invitation(work: Work, case_id: UUID, entry_id: UUID) -> CircleEntry:
    """An invitation, ended or not, for who is in that circle. Raises InvitationNotFound; of a seat too."""
    asked = select(CircleEntry).where(
        CircleEntry.tenant_id == work.cell_id, CircleEntry.entry_id == entry_id, CircleEntry.object_id == case_id,
        CircleEntry.person_id.is_not(None), CircleEntry.why.is_not(None),
        select(my_circle.c.object_id).where(my_circle.c.object_id == case_id).exists(),
    )  # fmt: skip
    entry = await work.session.scalar(asked)
    if entry is None:
        raise InvitationNotFound
    return entry


async def conflicts_of(work: Work, case_id: UUID) -> Sequence[ConflictOfInterest]:
    """Who is kept out of a case, oldest first."""
    found = await work.session.scalars(
        select(ConflictOfInterest)
        .where(ConflictOfInterest.tenant_id == work.cell_id, ConflictOfInterest.object_id == case_id)
        .where(ConflictOfInterest.lifted_at.is_(None))
        .order_by(ConflictOfInterest.conflict_id)
    )
    return found.all()


async def tell_circle(work: Work, case: Case, *more: ConflictOfInterest) -> None:
    """Publish the circle as it now is, whole, under the version of its case; invitations that are not ours apart.

    The frame keeps since when the last one invited is there: what waits asks it (services/case/waiting.py). Who is kept
    out is told with it; `more` are about to be.
    """
    await work.session.flush()
    entries = await entries_of(work, case.case_id)
    if any(entry.person_id for entry in entries):
        case.rely(work.now)
    case.invited_at = max((entry.starts_at for entry in entries if entry.person_id), default=case.invited_at)
    ours = [entry for entry in entries if await is_ours(work, case.case_id, entry.entry_id, entry.person_id, entry.why)]
    work.publish(circle_changed(case, ours, [*await conflicts_of(work, case.case_id), *more]))


async def is_ours(work: Work, case_id: UUID, entry_id: UUID, person_id: UUID | None, why: bytes | None) -> bool:
    """Whether this service invited that person: the sealed reason opens in its place, which takes the case's key.

    A password of the database alone can add a row and not seal one; columns of an invitation are never changed, and
    its id is taken for good (decision 25). Seats need no invitation: the rows themselves tie them to their town.
    """
    if person_id is None:
        return True
    associated_data = AssociatedData(case_id, "circle_entry", "why", entry_id)
    with contextlib.suppress(InvalidTag, KeyDestroyed, ValueError):
        if why is not None:
            await work.open(why, associated_data)
            return True
    logger.error("an invitation to a circle is not ours")
    return False
