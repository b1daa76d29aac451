"""The start: what waits for me and my tables; who is not signed in finds the way in, who has no mandate whom to ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.audit.v1 import audit_pb2
from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.principal import PLATFORM
from services.portal.api.guards import COOKIE
from services.portal.queries.list_drafts import DraftLine
from services.portal.web.home.minutes import lead
from services.portal.web.home.proofs import proofs_of
from services.portal.web.home.todo import Todo
from services.portal.web.home.waiting import Waiting
from services.portal.web.request.together import each_of, together
from services.portal.web.request.viewer import Anyone, Viewer, Visitor
from services.portal.web.request.whole import PAGE
from services.portal.web.ui.addresses import way_back
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView
from services.portal.web.ui.table_picture import said, seats_of
from services.portal.web.ui.towns import cells_in_order

router = APIRouter(include_in_schema=False)

AT_ONCE = 10
"""Cells asked at the same time: a page over several cells is one recorded call per cell and service."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One table, and what is there for me. `seats` are the kinds of the seats in its picture."""

    table: TableView
    seats: list[str]
    seats_label: str
    place: str
    todos: list[Todo]
    sits: bool = False
    cases: int = 0
    next_session: datetime | None = None
    waiting: int = 0
    """How many things wait here, those that stand on no first page too."""
    opens_at: datetime | None = None
    log: audit_pb2.SearchAuditResponse | None = None
    """Of who looks at the log here and does not sit: how long it is, and what it cannot explain."""


@router.get("/")
async def home(visitor: Anyone) -> Response:
    """What waits for me, and my tables; or the way in."""
    if not isinstance(visitor, Viewer):
        return _way_in(visitor)
    found = await visitor.ask(visitor.services.cell.ListMyCells, directory_pb.ListMyCellsRequest(), PLATFORM)
    suspended = [_suspended(told, visitor) for told in found.suspended]
    if not found.cells:
        if found.host:
            return visitor.go("/host")
        return visitor.page("home/nobody.html", tab="tables", suspended=suspended)
    cells = cells_in_order(found.cells, visitor.language)
    bound = asyncio.Semaphore(AT_ONCE)
    drafts, desks = await together(_drafts(visitor), each_of(_desk(visitor, mine, bound) for mine in cells))
    todos = sorted((todo for desk in desks for todo in desk.todos), key=lambda todo: todo.order)
    return visitor.page(
        "home/home.html", tab="tables", todos=todos, desks=desks, suspended=suspended,
        begun=_begun(drafts, desks, host=found.host),
        lead=_lead(desks, visitor.language), longer=[desk for desk in desks if desk.waiting > len(desk.todos)],
        signal_tables=[desk.table for desk in desks if desk.sits],
        log_tables=[desk.table for desk in desks if desk.table.may("search_audit")],
        colours=sorted({desk.table.colour for desk in desks if desk.table.colour}),
        kept=visitor.request.query_params.get("kept") == "1",
        proofs=proofs_of(((desk.table, desk.log) for desk in desks if desk.log), visitor.language),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suspended:
    """A table the host suspended, in words."""

    name: str
    moment: str
    reason: str


def _suspended(told: directory_pb.SuspendedCell, viewer: Viewer) -> Suspended:
    moment = viewer.language.moment(from_timestamp(told.suspended_at), today=viewer.today)
    reason = Labels(viewer.language).of("cell_suspension", told.suspension_reason)
    return Suspended(told.name, moment, reason)


def _way_in(visitor: Visitor) -> Response:
    query = visitor.request.query_params
    answer = visitor.page(
        "account/start.html", to=way_back(query.get("to", "/")), kept=query.get("kept") == "1",
        out=query.get("out", ""), over=query.get("over") == "1", form=visitor.form(),
    )  # fmt: skip
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    return answer


async def _desk(viewer: Viewer, mine: directory_pb.MyCell, bound: asyncio.Semaphore) -> Desk:
    """All there is to know of one table, asked at once; what the services would refuse is not asked."""
    cell = UUID(mine.cell_id)
    promised = mine.undertaking_accepted
    sits = "list_waiting" in mine.may
    looks = promised and not sits and "search_audit" in mine.may
    async with bound:
        table, waits, sessions, log = await together(
            viewer.table(cell), _waits(viewer, cell, sits=sits), _sessions(viewer, cell, sits=sits),
            _log(viewer, cell, looks=looks),
        )  # fmt: skip
    seats = seats_of(table, viewer.language)
    kinds = [seat.kind for seat in seats] or ["free"]
    shown = (table, kinds, said(seats, viewer.language), _place(table, viewer.language, viewer.today))
    waiting = Waiting(table, viewer.language, viewer.now)
    if not promised:
        return Desk(*shown, [waiting.undertaking()], waiting=1)
    proposed = [waiting.proposals(table.found.proposals_waiting)] if table.found.proposals_waiting else []
    if table.may("read_set_up"):
        proposed += waiting.set_up(table.found.set_up_missing)
    if table.found.clearance_ends_on:
        proposed.append(waiting.clearance(date.fromisoformat(table.found.clearance_ends_on)))
    proposed += waiting.agreed()
    if not sits:
        return Desk(*shown, proposed, opens_at=table.opens_at, waiting=len(proposed), log=log)
    going_on = waiting.going_on(session for session in sessions.sessions if session.stage == "going_on")
    coming = [from_timestamp(session.starts_at) for session in sessions.sessions if session.stage == "coming"]
    return Desk(
        *shown, [*going_on, *proposed, *waiting.todos(waits)], True, waits.cases_of_mine, next(iter(coming), None),
        waiting=len(going_on) + len(proposed) + waits.total,
    )  # fmt: skip


async def _drafts(viewer: Viewer) -> tuple[DraftLine, ...]:
    return await viewer.drafts.all() if viewer.visit.sign_in.drafts else ()


async def _waits(viewer: Viewer, cell: UUID, *, sits: bool) -> case_pb2.ListWaitingResponse:
    if not sits:
        return case_pb2.ListWaitingResponse()
    return await viewer.ask(viewer.services.case.ListWaiting, case_pb2.ListWaitingRequest(page_size=PAGE), cell)


async def _sessions(viewer: Viewer, cell: UUID, *, sits: bool) -> meeting_pb2.ListSessionsResponse:
    if not sits:
        return meeting_pb2.ListSessionsResponse()
    # The soonest: a few that began before today and still go on may stand before the one that is next.
    asked = meeting_pb2.ListSessionsRequest(time="current")
    return await viewer.ask(viewer.services.session.ListSessions, asked, cell)


async def _log(viewer: Viewer, cell: UUID, *, looks: bool) -> audit_pb2.SearchAuditResponse | None:
    if not looks:
        return None
    return await viewer.ask(viewer.services.audit.SearchAudit, audit_pb2.SearchAuditRequest(page_size=1), cell)


def _lead(desks: list[Desk], language: Language) -> str:
    """How many things, and how long; of those on no first page the time is not known, so of all it is not said."""
    whole = all(desk.waiting == len(desk.todos) for desk in desks)
    number = sum(desk.waiting for desk in desks)
    return lead(number, sum(todo.minutes for desk in desks for todo in desk.todos) if whole else 0, language)


def _place(table: TableView, language: Language, today: date) -> str:
    """What I am here, and until when."""
    last = max((date.fromisoformat(mandate.to) for mandate in table.my_mandates), default=today)
    roles = ", ".join(dict.fromkeys(Labels(language).of("role", role) for role in table.found.cell.roles))
    return language.text(_("%(roles)s, until %(day)s"), roles=roles, day=language.day(last, weekday=False))


def _begun(drafts: tuple[DraftLine, ...], desks: list[Desk], *, host: bool) -> list[DraftLine]:
    """Forms begun and not sent, of tables the viewer still sits at and of the page of the host, where who acts for it
    alone begins; not those of a private draft that waits already."""
    open_tables = (*(desk.table.address + "/" for desk in desks), *(["/host"] if host else []))
    told = tuple(todo.href for desk in desks for todo in desk.todos if "/contribution/" in todo.href)
    return [draft for draft in drafts if draft.form.startswith(open_tables) and not draft.form.startswith(told)]
