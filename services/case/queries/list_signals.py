"""The signals the caller may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Text, bindparam, column, func, or_, select, true, union

from services.case.frame import towns_of
from services.case.model import SIGNALS_OPEN, Case, Signal
from services.case.queries.read_signal import SIGNAL_FRAME, SignalFrame, frame_of, its_case
from services.kit.execute import Work
from services.kit.ids import LAST_ID
from services.kit.paging import Time, page_of
from services.kit.policy import Role
from services.kit.statements import Statement

FRAME_ROLES = frozenset({Role.COORDINATOR, Role.DPO})
"""Those who see the signals of their towns; whoever told one sees that."""

_OPEN = bindparam("open", type_=Boolean)
_ASKED = (
    Signal.tenant_id == bindparam("tenant"),
    Signal.signal_id < bindparam("before"),
    or_(_OPEN.is_(None), Signal.state.in_(sorted(SIGNALS_OPEN)) == _OPEN),
)
# Of each town and of the caller's own as many as a page has, along an index that holds its newest first.
_TOWN = (
    func.unnest(bindparam("towns", type_=ARRAY(Text))).table_valued(column("town", Text), name="towns").render_derived()
)
_OF_TOWN = (
    select(Signal.signal_id)
    .where(*_ASKED, Signal.nis_code == _TOWN.c.town)
    .order_by(Signal.signal_id.desc())
    .limit(bindparam("rows"))
    .lateral("of_town")
)
_TOLD = (
    select(Signal.signal_id)
    .where(*_ASKED, Signal.reporter_id == bindparam("reporter"))
    .order_by(Signal.signal_id.desc())
    .limit(bindparam("rows"))
    .subquery("told")
)
_BOTH = union(select(_OF_TOWN).select_from(_TOWN.join(_OF_TOWN, true())), select(_TOLD)).subquery()
_FOUND = select(_BOTH).order_by(_BOTH.c.signal_id.desc()).limit(bindparam("rows")).subquery("found")
_PAGE = Statement(
    select(*SIGNAL_FRAME)
    .select_from(_FOUND)
    .join(Signal, (Signal.tenant_id == bindparam("tenant")) & (Signal.signal_id == _FOUND.c.signal_id))
    .outerjoin(Case, its_case)
    .order_by(_FOUND.c.signal_id.desc())
)


@dataclass(frozen=True, slots=True)
class ListSignals:
    """A page, of those not answered yet, of the others or of all; `cursor` is the last signal of the page before."""

    page_size: int
    cursor: UUID | None
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class SignalPage:
    """Frames; `next_cursor` is None on the last page. `everyones`: those that others told are among them."""

    signals: tuple[SignalFrame, ...]
    next_cursor: UUID | None
    everyones: bool


async def list_signals(work: Work, query: ListSignals) -> SignalPage:
    """Frames only: texts and the person are read one by one."""
    values = {
        "tenant": work.cell_id,
        "before": query.cursor or LAST_ID,
        "towns": towns_of(work, FRAME_ROLES),
        "reporter": work.actor_id,
        "open": query.time is Time.CURRENT if query.time else None,
        "rows": query.page_size + 1,
    }
    rows, more = page_of(await work.fetch(_PAGE, values), query.page_size)
    page = tuple(frame_of(row) for row in rows)
    for signal in page:
        work.concern(signal.signal_id)
    work.trail.count = len(page)
    return SignalPage(page, page[-1].signal_id if more else None, work.has_role(*FRAME_ROLES))
