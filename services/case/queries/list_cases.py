"""The cases whose frame the caller may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, Text, Uuid, and_, any_, bindparam, column, func, or_, select, true, union
from sqlalchemy.dialects.postgresql import distinct_on

from services.case.allowed import coordinated_towns, may_be_planned
from services.case.circle import held_places
from services.case.concerned import with_persons
from services.case.frame import FRAME, Frame, frame_of, insider_towns, places, shown_state, towns_of
from services.case.model import AWAITS_SESSION, FOLLOWED, OVER, Case, CaseState, Part
from services.case.model.standing import REVIEW_COMES
from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.ids import LAST_ID
from services.kit.opening import FRAME_ROLES
from services.kit.paging import Time, page_of
from services.kit.statements import Statement

_STATE = bindparam("wanted_state", type_=Text)
_OVER = bindparam("over", type_=Boolean)
_REVIEW = and_(shown_state.in_(sorted(FOLLOWED)), Case.review_on <= bindparam("soon", type_=Date))
_TO_PLAN = and_(
    or_(shown_state.in_(sorted(AWAITS_SESSION)), _REVIEW),
    Case.nis_code == any_(bindparam("coordinated", type_=ARRAY(Text))),
)
_ASKED = (
    Case.tenant_id == bindparam("tenant"),
    or_(_STATE.is_(None), shown_state == _STATE),
    or_(_OVER.is_(None), shown_state.in_(sorted(OVER)) == _OVER),
    or_(bindparam("all", type_=Boolean), _TO_PLAN),
)
# Of each town and each place as many as a page has, along an index that holds its newest first: then a page costs what
# it shows, however many cases there are and however many of them are the caller's.
_TOWN = (
    func.unnest(bindparam("towns", type_=ARRAY(Text))).table_valued(column("town", Text), name="towns").render_derived()
)
_OF_TOWN = (
    select(*FRAME)
    .where(*_ASKED, Case.nis_code == _TOWN.c.town, Case.case_id < bindparam("before"))
    .order_by(Case.case_id.desc())
    .limit(bindparam("rows"))
    .lateral("of_town")
)
_PLACE = (
    func.unnest(bindparam("places", type_=ARRAY(Text)))
    .table_valued(column("place", Text), name="places")
    .render_derived()
)
_OF_PLACE = (
    select(*FRAME)
    .ext(distinct_on(held_places.c.object_id))
    .join(held_places, (held_places.c.tenant_id == Case.tenant_id) & (held_places.c.object_id == Case.case_id))
    .where(
        *_ASKED,
        held_places.c.holder == _PLACE.c.place,
        held_places.c.of_case.is_not(None),
        held_places.c.object_id < bindparam("before"),
        held_places.c.starts_at <= bindparam("now"),
        held_places.c.ends_at > bindparam("now"),
    )
    .order_by(held_places.c.object_id.desc())
    .limit(bindparam("rows"))
    .lateral("of_place")
)
_FOUND = union(
    select(_OF_TOWN).select_from(_TOWN.join(_OF_TOWN, true())),
    select(_OF_PLACE).select_from(_PLACE.join(_OF_PLACE, true())),
).subquery()
_PAGE = Statement(select(_FOUND).order_by(_FOUND.c.case_id.desc()).limit(bindparam("rows")))
# Asked for by name they are found by it, and the walls of the rows say which of them the caller sees.
_NAMED = Statement(
    select(*FRAME)
    .where(
        *_ASKED,
        Case.case_id < bindparam("before"),
        or_(Case.case_id == any_(bindparam("case_ids", type_=ARRAY(Uuid))), Case.code == bindparam("code")),
    )
    .order_by(Case.case_id.desc())
    .limit(bindparam("rows"))
)


@dataclass(frozen=True, slots=True)
class ListCases:
    """A page, of one state, of those that run or are over, or of those the caller may plan a session for.

    `cursor`: the last case of the page before; `case_ids` and `code`: of these alone.
    """

    page_size: int
    cursor: UUID | None
    state: CaseState | None
    to_plan: bool = False
    time: Time | None = None
    persons: bool = False
    case_ids: tuple[UUID, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """Frames; `next_cursor` is None on the last page. `everyones`: those of other circles are among them."""

    cases: tuple[Frame, ...]
    next_cursor: UUID | None
    everyones: bool


async def list_cases(work: Work, query: ListCases) -> CasePage:
    """One statement; the rows hold the rights. Who it is about is asked for apart, and of a short list only."""
    values = {
        "tenant": work.cell_id,
        "before": query.cursor or LAST_ID,
        "now": work.now,
        "towns": towns_of(work, FRAME_ROLES),
        "places": places(work),
        "wanted_state": query.state,
        "insider_towns": insider_towns(work),
        "coordinated": coordinated_towns(work),
        "all": not query.to_plan,
        "soon": local_date(work.now) + REVIEW_COMES,
        "over": query.time is Time.PAST if query.time else None,
        "rows": query.page_size + 1,
    }
    named = {"case_ids": list(query.case_ids), "code": query.code.upper()}
    found = await (work.fetch(_NAMED, values | named) if any(named.values()) else work.fetch(_PAGE, values))
    rows, more = page_of(found, query.page_size)
    page = tuple(frame_of(row, may_be_planned(work, row.nis_code, row.state, row.review_on)) for row in rows)
    for case in page:
        work.concern(case.case_id)
    work.trail.count, work.trail.fields = len(page), (Part.FRAME,)
    if query.persons and query.cursor is None and not more:
        page = await with_persons(work, page)
    return CasePage(page, page[-1].case_id if more else None, work.has_role(*FRAME_ROLES))
