"""Something a table needs is missing again: coordinator and mayor are written to (decision 70)."""

from __future__ import annotations

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.model import Cell, CellState, Mandate
from services.partner_directory.noticing import notice
from services.partner_directory.setup import COUNTS, NEEDED_SEATS, lines_of, missing_in, standing_of


async def warn_of_lack(work: Work, *left: Mandate) -> None:
    """Have who sets the table up told when a seat of one of these is missing now. A last act.

    `left`: mandates that count no more, or for fewer towns. A table that is not open yet lacks things as a matter of
    course, and nobody is told.
    """
    seats = {seat for seat, roles in NEEDED_SEATS.items() for mandate in left if mandate.role in roles}
    if not seats or work.cell_id == PLATFORM:
        return
    await work.session.flush()
    if seats.isdisjoint(await lacking(work)):
        return
    told = select(Mandate.person_id).where(
        Mandate.tenant_id == work.cell_id, Mandate.role.in_((Role.COORDINATOR, Role.MAYOR)), COUNTS
    )
    for person_id in sorted(set(await work.session.scalars(told, {"now": work.now}))):
        await notice(work, person_id, NoticeKind.TABLE_LACKS, work.cell_id)


async def lacking(work: Work) -> list[str]:
    """The lines an open table lacks now; of one that is not open none."""
    cell = await work.session.get(Cell, work.cell_id)
    if cell is None or cell.state != CellState.ACTIVE:
        return []
    return missing_in(lines_of(await standing_of(work, cell)))
