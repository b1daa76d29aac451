"""The table of one cell for who sits there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.errors import UndertakingMissing
from services.portal.web.cell.lines import lines_of
from services.portal.web.request.together import together
from services.portal.web.request.viewer import SignedIn, Viewer
from services.portal.web.request.whole import PAGE, Whole, whole
from services.portal.web.ui.labels import SEATS_WITH_DEPUTY
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView
from services.portal.web.ui.table_picture import said, seats_of

router = APIRouter(include_in_schema=False)

SOONEST = 20
"""Sessions to come that stand on the page of a table; all of them stand among those of all my tables."""


RUNNING = 4
"""Answers with running cases on one page: 200, more than a person looks through; the others stand on pages after it."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A session to come."""

    address: str
    starts_at: datetime
    place: str
    open: bool


@dataclass(frozen=True, slots=True)
class OwnMandate:
    """What somebody is at a table, for whom, until when, and on which legal basis."""

    role: str
    organisation: str
    until: date
    towns: tuple[str, ...]
    legal_basis: str


@router.get("/cells/{cell}")
async def cell_page(viewer: SignedIn, cell: UUID) -> Response:
    """Who sits at the table, my cases, the sessions to come, my place."""
    table = await viewer.table(cell)
    if not table.found.cell.undertaking_accepted:
        raise UndertakingMissing
    if table.opens_at:
        return viewer.page(
            "cell/opening.html", table=table, tab="tables", opens_at=table.opens_at, gives=table.may("list_proposals")
        )
    running, over, sessions = await together(_running(viewer, table), _over(viewer, table), _sessions(viewer, table))
    return viewer.page(
        "cell/cell.html", table=table, tab="tables", more=running.last.next_cursor,
        bare=len(running.entries) > PAGE or "from" in viewer.request.query_params,
        running=lines_of(running.entries, table, viewer.language, viewer.today),
        over=lines_of(over.cases, table, viewer.language, viewer.today),
        watermark=viewer.mark if any(case.HasField("concerned") for case in running.entries) else None,
        older=over.next_cursor, newest="after" not in viewer.request.query_params,
        first="from" not in viewer.request.query_params,
        sessions=[_coming(table, session) for session in sessions.sessions], later=bool(sessions.next_cursor),
        mandates=_own_mandates(viewer, table), doing=_doing(viewer, table), **_may(table, running.last),
        **_round(viewer, table), renew_by=_renew_by(table), out=viewer.request.query_params.get("out") == "1",
    )  # fmt: skip


def _may(table: TableView, cases: case_pb2.ListCasesResponse) -> dict[str, bool]:
    return {
        "sits": table.may("list_sessions"),
        "reads_cases": table.may("list_cases"),
        "sees_all": cases.everyones,
        "coordinates": table.may("plan_session"),
        "sets_up": table.may("read_set_up") and bool(table.setting_up or table.found.set_up_missing),
    }


async def _running(viewer: Viewer, table: TableView) -> Whole[case_pb2.ListCasesResponse, case_pb2.Frame]:
    """All that this role may list, with whom they are about where they are no more than a page.

    Oversight proves without reading one word of a case, so it is not asked for.
    """
    if not table.may("list_cases"):
        return Whole([], case_pb2.ListCasesResponse(), cut=False)
    after = viewer.request.query_params.get("from", "")
    asked = case_pb2.ListCasesRequest(time="current", persons=True, cursor=after)
    method = viewer.services.case.ListCases
    return await whole(viewer, method, asked, table.cell_id, lambda found: found.cases, RUNNING)


async def _over(viewer: Viewer, table: TableView) -> case_pb2.ListCasesResponse:
    """A page of those that are over."""
    if not table.may("list_cases"):
        return case_pb2.ListCasesResponse()
    after = viewer.request.query_params.get("after", "")
    asked = case_pb2.ListCasesRequest(page_size=PAGE, cursor=after, time="past")
    return await viewer.ask(viewer.services.case.ListCases, asked, table.cell_id)


async def _sessions(viewer: Viewer, table: TableView) -> meeting_pb2.ListSessionsResponse:
    if not table.may("list_sessions"):
        return meeting_pb2.ListSessionsResponse()
    asked = meeting_pb2.ListSessionsRequest(page_size=SOONEST, time="current")
    return await viewer.ask(viewer.services.session.ListSessions, asked, table.cell_id)


def _round(viewer: Viewer, table: TableView) -> dict[str, Any]:
    """The table itself: its towns, its seats, and the sentence that says the picture."""
    seats = seats_of(table, viewer.language)
    towns = ", ".join(table.town(town.nis_code) for town in table.towns)
    return {"seats": seats, "seats_label": said(seats, viewer.language), "town_names": towns}


def _renew_by(table: TableView) -> date | None:
    """The last day before the table closes for who has not promised the present text."""
    day = table.found.undertaking_renew_by
    return date.fromisoformat(day) if day else None


def _doing(viewer: Viewer, table: TableView) -> list[tuple[str, str, str, str]]:
    """What this role can do here: address, sign, verb, what it takes."""
    say = viewer.language.text
    found = []
    if table.may("enter_signal"):
        found.append(("/signals/new", "hand", say(_("Pass on a signal")), say(_("Takes two minutes"))))
    if table.may("propose_case"):
        found.append(("/signals", "mail", say(_("Look at the signals")), say(_("What was told, and by whom"))))
    elif table.may("enter_signal"):
        found.append(("/signals", "mail", say(_("My signals")), say(_("What happened with them"))))
    if table.may("answer_question"):
        found.append(("/questions", "info", say(_("Look at the questions")), say(_("Nobody reads who asked"))))
    elif table.may("ask_question"):
        found.append(
            ("/questions/new", "info", say(_("Ask a question without a name")), say(_("Nobody reads who asks")))
        )
    if table.may("read_contacts"):
        reached = say(_("How each is reached, and when"))
        found.append(("/contacts", "phone", say(_("Call somebody at this table")), reached))
    away, takes = say(_("Say that you are away")), say(_("Your deputy stands in meanwhile"))
    for mandate in table.my_mandates if table.may("mark_absent") else ():
        if mandate.seat in SEATS_WITH_DEPUTY and not mandate.deputy_of:
            found.append((f"/mandates/{mandate.mandate_id}/absent", "calendar", away, takes))
    if table.may("list_rules"):
        found.append(("/rules", "book-open", say(_("Read what this table agreed on")), _rules_wait(viewer, table)))
    if table.may("list_proposals"):
        found.append(("/mandates", "users", say(_("See every mandate")), say(_("Who gave it, until when; and end it"))))
    if table.may("search_audit"):
        found.append(("/log", "search", say(_("Search the log")), say(_("Who did what, and when"))))
    return [(table.address + below, sign, verb, takes) for below, sign, verb, takes in found]


def _rules_wait(viewer: Viewer, table: TableView) -> str:
    """What of the rules waits for who looks; else what they are."""
    say, found = viewer.language.text, table.found
    if found.rules_to_decide:
        return say(_("The mayor has to decide"))
    return say(_("Something waits for you to accept it") if found.rules_to_accept else _("Rules and protocol"))


def _coming(table: TableView, session: meeting_pb2.Session) -> Coming:
    return Coming(
        f"{table.address}/sessions/{session.session_id}", from_timestamp(session.starts_at), session.place,
        session.stage == "going_on",
    )  # fmt: skip


def _own_mandates(viewer: Viewer, table: TableView) -> list[OwnMandate]:
    titles = {basis.code: law_title(basis, viewer.language) for basis in table.found.legal_bases}
    several = len(table.found.cell.towns) > 1
    return [
        OwnMandate(
            mandate.role, mandate.organisation_name, date.fromisoformat(mandate.to),
            tuple(table.town_names(mandate.nis_codes)) if several else (),
            titles.get(mandate.legal_basis, ""),
        )
        for mandate in table.my_mandates
    ]  # fmt: skip
