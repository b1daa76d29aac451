"""The circle of one case as its reader sees it: who is in it, who was taken out, and who opened the case already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, text

from services.case.circle import is_ours
from services.case.errors import CaseNotFound
from services.case.gathered import gathered
from services.case.model import Case, CircleEntry, ConflictOfInterest, Part
from services.kit.execute import Work
from services.kit.statements import Statement
from services.kit.vault import AssociatedData

Rows = Sequence[Sequence[Any]]

CIRCLE = gathered(
    (
        CircleEntry.entry_id, CircleEntry.person_id, CircleEntry.seat, CircleEntry.parts, CircleEntry.starts_at,
        CircleEntry.ends_at, CircleEntry.life_domains, CircleEntry.invited_by, func.encode(CircleEntry.why, "hex"),
        CircleEntry.opened_at,
    ),
    (CircleEntry.starts_at, CircleEntry.seat, CircleEntry.entry_id),
    CircleEntry.tenant_id == Case.tenant_id,
    CircleEntry.object_id == Case.case_id,
    CircleEntry.ends_at > bindparam("now"),
)  # fmt: skip
_ENTRY, _PERSON, _STARTS_AT, _WHY, _OPENED_AT = 0, 1, 4, 8, 9
ENDED = gathered(
    (CircleEntry.entry_id, CircleEntry.person_id, CircleEntry.ends_at, CircleEntry.ended_by, CircleEntry.end_reason),
    (CircleEntry.ends_at, CircleEntry.entry_id),
    CircleEntry.tenant_id == Case.tenant_id,
    CircleEntry.object_id == Case.case_id,
    CircleEntry.ended_by.is_not(None),
)
KEPT_OUT = gathered(
    (ConflictOfInterest.person_id, ConflictOfInterest.since, ConflictOfInterest.said_by),
    (ConflictOfInterest.since, ConflictOfInterest.conflict_id),
    ConflictOfInterest.tenant_id == Case.tenant_id,
    ConflictOfInterest.object_id == Case.case_id,
    ConflictOfInterest.lifted_at.is_(None),
)
# Of an invitation that ends at this very moment nothing is noted: the log tells.
_OPENED = Statement(
    text("""
UPDATE circle_entry SET opened_at = :now
 WHERE tenant_id = :tenant AND object_id = :case_id AND person_id = :actor AND entry_id = ANY (CAST(:entries AS uuid[]))
   AND opened_at IS NULL""")
)


@dataclass(frozen=True, slots=True)
class CircleView:
    """Somebody, or a seat, who may read these parts; why and by whom invited, to readers of the content.

    `opened`: the person invited opened the case already; told to who may end the invitation, False to others.
    """

    person_id: UUID | None
    seat: str | None
    parts: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    life_domains: tuple[str, ...]
    why: str | None
    invited_by: UUID | None
    entry_id: UUID
    opened: bool


@dataclass(frozen=True, slots=True)
class EndedView:
    """An invitation that was ended before its last day: whose, when, by whom and why."""

    entry_id: UUID
    person_id: UUID
    ended_at: datetime
    ended_by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class KeptOutView:
    """Somebody with a conflict of interest; since when and by whose word, to coordinator, mayor and delegate.

    `may_lift`: the reader may let the person in again.
    """

    person_id: UUID
    since: datetime | None
    said_by: UUID | None
    may_lift: bool


async def invited_by_us(work: Work, case_id: UUID, rows: Rows) -> Rows:
    """The entries of a circle without those that somebody put there past this service.

    Raises CaseNotFound for whoever is in the circle by such a one.
    """
    ours = []
    for row in rows:
        person_id = UUID(row[_PERSON]) if row[_PERSON] else None
        why = bytes.fromhex(row[_WHY]) if row[_WHY] else None
        if await is_ours(work, case_id, UUID(row[_ENTRY]), person_id, why):
            ours.append(row)
        elif person_id == work.actor_id:
            raise CaseNotFound
    return ours


def is_invited(rows: Rows) -> bool:
    """Whether somebody is in the circle by an invitation, now or from a day to come."""
    return any(row[_PERSON] for row in rows)


async def note_opening(work: Work, case_id: UUID, rows: Rows) -> None:
    """The first time that somebody invited opens the case stays known: whoever ends the invitation reads it first."""
    mine = [row for row in rows if row[_PERSON] == str(work.actor_id) and row[_OPENED_AT] is None]
    entries = [UUID(row[_ENTRY]) for row in mine if datetime.fromisoformat(row[_STARTS_AT]) <= work.now]
    if entries:
        values = {"tenant": work.cell_id, "case_id": case_id, "actor": work.actor_id, "now": work.now}
        await work.execute(_OPENED, values | {"entries": entries})


async def read_circle(
    work: Work, case_id: UUID, rows: Rows, parts: Collection[Part], *, may_end: bool
) -> tuple[CircleView, ...]:
    """Who may see the case; why somebody is invited says something of its content, so it goes with that part."""
    views = []
    for entry_id, person_id, seat, entry_parts, starts_at, ends_at, life_domains, invited_by, sealed, opened_at in rows:
        told = person_id is not None and Part.CONTENT in parts
        associated_data = AssociatedData(case_id, "circle_entry", "why", UUID(entry_id))
        views.append(
            CircleView(
                UUID(person_id) if person_id else None, seat, tuple(entry_parts), datetime.fromisoformat(starts_at),
                datetime.fromisoformat(ends_at), tuple(life_domains),
                why=await work.open(bytes.fromhex(sealed), associated_data) if told and sealed else None,
                invited_by=UUID(invited_by) if told and invited_by else None,
                entry_id=UUID(entry_id), opened=may_end and opened_at is not None,
            )
        )  # fmt: skip
    return tuple(views)


def ended_views(rows: Rows) -> tuple[EndedView, ...]:
    """The invitations that were ended, the newest last."""
    return tuple(
        EndedView(UUID(entry_id), UUID(person_id), datetime.fromisoformat(ended_at), UUID(ended_by), reason)
        for entry_id, person_id, ended_at, ended_by, reason in rows
    )


def kept_out_views(rows: Rows, may_lift: Callable[[bool], bool], *, insider: bool) -> tuple[KeptOutView, ...]:
    """Who is kept out, the newest last; `may_lift` says it of what was declared by the person, or was not."""
    views = []
    for person_id, since, said_by in rows:
        at, by = (datetime.fromisoformat(since), UUID(said_by)) if insider else (None, None)
        views.append(KeptOutView(UUID(person_id), at, by, may_lift(person_id == said_by)))
    return tuple(views)
