"""The signals the caller may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Boolean, bindparam, or_, select

from services.case.model import SIGNALS_OPEN, Case, Signal
from services.case.queries.read_signal import SIGNAL_FRAME, SignalFrame, frame_of, its_case
from services.kit.execute import Work
from services.kit.ids import LAST_ID
from services.kit.paging import Time, page_of
from services.kit.policy import Role

_OPEN = bindparam("open", type_=Boolean)
_PAGE = (
    select(*SIGNAL_FRAME)
    .outerjoin(Case, its_case)
    .where(
        Signal.tenant_id == bindparam("tenant"),
        Signal.signal_id < bindparam("before"),
        or_(_OPEN.is_(None), Signal.state.in_(sorted(SIGNALS_OPEN)) == _OPEN),
    )
    .order_by(Signal.signal_id.desc())
    .limit(bindparam("rows"))
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
        "open": query.time is Time.CURRENT if query.time else None,
        "rows": query.page_size + 1,
    }
    rows, more = page_of((await work.session.execute(_PAGE, values)).all(), query.page_size)
    page = tuple(frame_of(row) for row in rows)
    for signal in page:
        work.concern(signal.signal_id)
    work.trail.count = len(page)
    return SignalPage(page, page[-1].signal_id if more else None, work.has_role(Role.COORDINATOR, Role.DPO))
