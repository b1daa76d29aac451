"""Take over what the case service tells of the frame of a case."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.meeting.model import KnownCase


@dataclass(frozen=True, slots=True)
class ApplyCase:
    """The frame as it is in this version."""

    case_id: UUID
    code: str
    nis_code: str
    state: str
    minor: bool
    version: int


async def apply_case(work: Work, command: ApplyCase) -> None:
    """Keep the newest version; events may come late or twice."""
    work.concern(command.case_id)
    values = asdict(command)
    fresh = insert(KnownCase).values(tenant_id=work.cell_id, **values)
    await work.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[KnownCase.tenant_id, KnownCase.case_id],
            set_={name: value for name, value in values.items() if name != "case_id"},
            where=KnownCase.version < fresh.excluded.version,
        )
    )
