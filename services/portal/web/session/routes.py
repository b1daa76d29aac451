"""Sessions: all that come over all my tables, those of one table that are over, and one with its agenda and seats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.clock import local_date
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked, overtaken
from services.portal.web.request.together import each_of, together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.request.whole import PAGE, Whole, whole
from services.portal.web.session.reading import read_session
from services.portal.web.session.seats import refuse_seat
from services.portal.web.session.session_words import opening_doubts, opening_said
from services.portal.web.session.view import SessionView
from services.portal.web.ui.answers import Answers
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView
from services.portal.web.ui.towns import cells_in_order

router = APIRouter(include_in_schema=False)

AT_ONCE = 10
"""Cells asked at the same time: a page over several cells is one recorded call per cell."""


@dataclass(frozen=True, slots=True)
class Line:
    """A session of one of my tables."""

    cell: directory_pb.MyCell
    found: pb.Session
    starts_at: datetime
    ends_at: datetime

    @property
    def goes_on(self) -> bool:
        """Whether the table sits now."""
        return self.found.stage == "going_on"

    @property
    def address(self) -> str:
        """Of its page."""
        return f"/cells/{self.cell.cell_id}/sessions/{self.found.session_id}"


@router.get("/sessions")
async def my_sessions(viewer: SignedIn) -> Response:
    """Those that go on, then all that come, by day; those that are over stand by their table."""
    found = await viewer.ask(viewer.services.cell.ListMyCells, directory_pb.ListMyCellsRequest(), PLATFORM)
    mine = cells_in_order(found.cells, viewer.language)
    cells = [cell for cell in mine if "list_sessions" in cell.may]
    bound = asyncio.Semaphore(AT_ONCE)
    found_of = await each_of(_coming(viewer, cell, bound) for cell in cells)
    lines = [_line(cell, found) for cell, coming in zip(cells, found_of, strict=True) for found in coming.entries]
    lines.sort(key=lambda line: line.starts_at)
    coming = [line for line in lines if not line.goes_on]
    return viewer.page(
        "session/sessions.html", tab="sessions", running=[line for line in lines if line.goes_on],
        coming=_by_day(coming), unseen=[cell for cell in mine if cell not in cells],
        cut=len(lines) if any(of_cell.cut for of_cell in found_of) else 0, cells=cells,
        coordinated=[cell for cell in cells if "plan_session" in cell.may],
    )  # fmt: skip


async def _coming(
    viewer: Viewer, cell: directory_pb.MyCell, bound: asyncio.Semaphore
) -> Whole[pb.ListSessionsResponse, pb.Session]:
    async with bound:
        asked, method = pb.ListSessionsRequest(time="current"), viewer.services.session.ListSessions
        return await whole(viewer, method, asked, UUID(cell.cell_id), lambda found: found.sessions)


def _line(cell: directory_pb.MyCell, found: pb.Session) -> Line:
    return Line(cell, found, from_timestamp(found.starts_at), from_timestamp(found.ends_at))


def _by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    return [(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: local_date(line.starts_at))]


@router.get("/cells/{cell}/sessions")
async def past_sessions(viewer: SignedIn, cell: UUID) -> Response:
    """Those of one table that are over, the latest first, by pages."""
    after = viewer.request.query_params.get("after", "")
    asked = pb.ListSessionsRequest(page_size=PAGE, cursor=after, time="past")
    table, found = await together(
        seated(viewer, cell, "list_sessions"), viewer.ask(viewer.services.session.ListSessions, asked, cell)
    )
    return viewer.page(
        "session/past.html", table=table, tab="sessions", newest=not after, older=found.next_cursor,
        past=_by_day(_line(table.found.cell, session) for session in found.sessions),
    )  # fmt: skip


@router.get("/cells/{cell}/sessions/{session}")
async def session_page(viewer: SignedIn, cell: UUID, session: UUID) -> Response:
    """When, where, the agenda, who is expected; for who may, the form that opens it."""
    table, view = await read_session(viewer, cell, session)
    # What was kept is ticks alone: looked up where it is asked for, and not at each look at a session to come.
    kept = view.opens and "draft" in viewer.request.query_params
    form = await viewer.form_with_draft() if kept else viewer.form()
    again = between_again(viewer, form, view.found.version, lambda: _opening(viewer, form, table, view)[1])
    return again or _shown(viewer, table, view, form)


@router.post("/cells/{cell}/sessions/{session}")
async def open_session(sender: Posted, cell: UUID, session: UUID) -> Response:
    """Open it: who is present, secrecy declared; read once more before it is done."""
    table, view = await read_session(sender, cell, session)
    if not view.opens and view.to_open:
        raise NotFound
    form = sender.sent
    if not view.opens and not form.value("checked"):
        return _opened_before(sender, table, view)
    if changes(form):
        return _shown(sender, table, view, form)
    asked, between = _opening(sender, form, table, view)
    done = await checked(
        sender, sender.services.session.OpenSession, asked, cell, lambda _: view.address,
        between=between, version=view.found.version,
        mend=lambda refused: refuse_seat(form, "present_person_ids", refused, table),
    )  # fmt: skip
    if done:
        if form.value("checked"):
            await sender.drafts.drop(form=sender.request.url.path)
        return done
    table, view = await read_session(sender, cell, session)
    return _shown(sender, table, view, form, status=422) if view.opens else _opened_before(sender, table, view)


def _opening(
    viewer: Viewer, form: Form, table: TableView, view: SessionView
) -> tuple[pb.OpenSessionRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    people = {person.person_id: person for person in table.seated}
    present = form.choices("present_person_ids", people, missing=_("Tick who is present."))
    asked = pb.OpenSessionRequest(
        session_id=view.found.session_id,
        expected_version=form.version,
        present_person_ids=present,
        secrecy_declared=form.ticked("secrecy_declared", missing=_("Declare the secrecy aloud, then tick this.")),
    )
    named = [
        ", ".join(filter(None, (people[who].name_within, people[who].organisation, table.role_of(people[who]))))
        for who in present
    ]
    return asked, lambda: _between(viewer, form, table, view, named)


def _between(viewer: Viewer, form: Form, table: TableView, view: SessionView, present: Sequence[str]) -> Response:
    say, language = viewer.language.text, viewer.language
    answers = Answers(
        say(_("Is this the session you open?")), opening_said(view, present, language), say(_("Open the session")),
        (view.address, say(_("Do not open it yet"))), opening_doubts(view, language, viewer.now),
    )  # fmt: skip
    return answers_page(viewer, form, answers, table=table, tab="sessions")


def _opened_before(viewer: Viewer, table: TableView, view: SessionView) -> Response:
    """Chair and coordinator may both open a session, and one of them was first; or it is cancelled."""
    onward = (view.address, viewer.language.text(_("To the session")))
    return overtaken(viewer, view.news, onward, table=table, tab="sessions")


def _shown(viewer: Viewer, table: TableView, view: SessionView, form: Form, status: int = 200) -> Response:
    form.faces(view.found.version)
    return viewer.page(
        "session/session.html", status, table=table, tab="sessions", session=view, form=form,
        people=_people(viewer, table) if view.opens else [], draft_form="form" if view.opens else "",
    )  # fmt: skip


def _people(viewer: Viewer, table: TableView) -> list[tuple[str, str, str]]:
    """Who may be present, with what they are here; who did not promise secrecy cannot be."""
    valid = [mandate for mandate in table.found.mandates if mandate.undertaking_accepted and not mandate.ended]
    promised = {mandate.person_id for mandate in valid}
    missing = viewer.language.text(_("has not promised secrecy yet, and cannot be present"))
    found = []
    for person in table.seated:
        said = (person.organisation, table.role_of(person), "" if person.person_id in promised else missing)
        found.append((person.person_id, person.acting_within, ", ".join(filter(None, said))))
    return found
