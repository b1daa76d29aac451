"""The cases whose frame the caller may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, bindparam, or_, select

from services.case.frame import FRAME, Frame, insider_towns, shown_state
from services.case.model import Case, CaseState
from services.kit.execute import Work
from services.kit.ids import LAST_ID

_STATE = bindparam("wanted_state", type_=Text)
_PAGE = (
    select(*FRAME)
    .where(
        Case.tenant_id == bindparam("tenant"),
        Case.case_id < bindparam("before"),
        or_(_STATE.is_(None), shown_state == _STATE),
    )
    .order_by(Case.case_id.desc())
    .limit(bindparam("rows"))
)


@dataclass(frozen=True, slots=True)
class ListCases:
    """A page, of one state or of all; `cursor` is the last case of the page before."""

    page_size: int
    cursor: UUID | None
    state: CaseState | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Frames; `next_cursor` is None on the last page."""

    cases: tuple[Frame, ...]
    next_cursor: UUID | None


async def list_cases(work: Work, query: ListCases) -> CasePage:
    """One statement; the rows hold the rights."""
    values = {
        "tenant": work.cell_id,
        "before": query.cursor or LAST_ID,
        "wanted_state": query.state,
        "insider_towns": insider_towns(work),
        "rows": query.page_size + 1,
    }
    rows = (await work.session.execute(_PAGE, values)).all()
    page = tuple(Frame(*row) for row in rows[: query.page_size])
    for case in page:
        work.concern(case.case_id)
    work.trail.count = len(page)
    return CasePage(page, page[-1].case_id if len(rows) > query.page_size else None)
