"""Take over the circle of a case from the case service, whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, text

from services.kit.execute import Work
from services.meeting.model import CircleEntry

_IS_NEWER = text(
    "INSERT INTO circle_version AS known (tenant_id, case_id, version) VALUES (:tenant_id, :case_id, :version)"
    " ON CONFLICT (tenant_id, case_id) DO UPDATE SET version = excluded.version"
    " WHERE known.version < excluded.version RETURNING version"
)


@dataclass(frozen=True, slots=True)
class CircleSeat:
    """One entry: a person or a seat, its parts, from when until when."""

    entry_id: UUID
    person_id: UUID | None
    seat: str | None
    nis_code: str
    parts: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ApplyCircle:
    """The circle as it is in this version."""

    case_id: UUID
    version: int
    entries: tuple[CircleSeat, ...]


async def apply_circle(work: Work, command: ApplyCircle) -> None:
    """Replace the circle by a newer one; an older event is ignored, so nobody comes back who was removed."""
    work.concern(command.case_id)
    version = {"tenant_id": work.cell_id, "case_id": command.case_id, "version": command.version}
    if (await work.session.execute(_IS_NEWER, version)).scalar() is None:
        return
    await work.session.execute(
        delete(CircleEntry).where(CircleEntry.tenant_id == work.cell_id, CircleEntry.object_id == command.case_id)
    )
    place = {"tenant_id": work.cell_id, "object_id": command.case_id}
    rows = [asdict(entry) | {"parts": list(entry.parts)} | place for entry in command.entries]
    if rows:
        await work.session.execute(insert(CircleEntry), rows)
    work.trail.count = len(rows)
