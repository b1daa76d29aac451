"""The cases whose frame the caller may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Text, and_, any_, bindparam, or_, select

from services.case.allowed import coordinated_towns, may_be_planned
from services.case.frame import FRAME, Frame, frame_of, insider_towns, shown_state
from services.case.model import OVER, PLANNABLE, Case, CaseState
from services.kit.execute import Work
from services.kit.ids import LAST_ID
from services.kit.opening import FRAME_ROLES
from services.kit.paging import Time, page_of

_STATE = bindparam("wanted_state", type_=Text)
_OVER = bindparam("over", type_=Boolean)
_TO_PLAN = and_(shown_state.in_(sorted(PLANNABLE)), Case.nis_code == any_(bindparam("coordinated", type_=ARRAY(Text))))
_PAGE = (
    select(*FRAME)
    .where(
        Case.tenant_id == bindparam("tenant"),
        Case.case_id < bindparam("before"),
        or_(_STATE.is_(None), shown_state == _STATE),
        or_(_OVER.is_(None), shown_state.in_(sorted(OVER)) == _OVER),
        or_(bindparam("all", type_=Boolean), _TO_PLAN),
    )
    .order_by(Case.case_id.desc())
    .limit(bindparam("rows"))
)


@dataclass(frozen=True, slots=True)
class ListCases:
    """A page, of one state, of those that run or are over, or of those the caller may plan a session for.

    `cursor`: the last case of the page before.
    """

    page_size: int
    cursor: UUID | None
    state: CaseState | None
    to_plan: bool = False
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Frames; `next_cursor` is None on the last page. `everyones`: those of other circles are among them."""

    cases: tuple[Frame, ...]
    next_cursor: UUID | None
    everyones: bool


async def list_cases(work: Work, query: ListCases) -> CasePage:
    """One statement; the rows hold the rights."""
    values = {
        "tenant": work.cell_id,
        "before": query.cursor or LAST_ID,
        "wanted_state": query.state,
        "insider_towns": insider_towns(work),
        "coordinated": coordinated_towns(work),
        "all": not query.to_plan,
        "over": query.time is Time.PAST if query.time else None,
        "rows": query.page_size + 1,
    }
    rows, more = page_of((await work.session.execute(_PAGE, values)).all(), query.page_size)
    page = tuple(frame_of(row, may_be_planned(work, row.nis_code, row.state)) for row in rows)
    for case in page:
        work.concern(case.case_id)
    work.trail.count = len(page)
    return CasePage(page, page[-1].case_id if more else None, work.has_role(*FRAME_ROLES))
