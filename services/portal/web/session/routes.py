"""Sessions: all that come over all my tables, and one with its agenda, its seats and its opening."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.kit.clock import local_date
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.together import each_of, together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.session.seats import refuse_seat
from services.portal.web.session.view import SessionView
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView
from services.portal.web.ui.towns import cells_in_order

router = APIRouter(include_in_schema=False)

AT_ONCE = 10
"""Cells asked at the same time: a page over several cells is one recorded call per cell."""
PAST_SHOWN = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Line:
    """A session of one of my tables."""

    cell: directory_pb.MyCell
    found: pb.Session
    starts_at: datetime
    ends_at: datetime

    @property
    def address(self) -> str:
        """Of its page."""
        return f"/cells/{self.cell.cell_id}/sessions/{self.found.session_id}"


@router.get("/sessions")
async def my_sessions(viewer: SignedIn) -> Response:
    """Those that come, then those of the last months, by day."""
    found = await viewer.ask(viewer.services.cell.ListMyCells, directory_pb.ListMyCellsRequest(), PLATFORM)
    cells = [cell for cell in cells_in_order(found.cells, viewer.language) if "list_sessions" in cell.may]
    bound = asyncio.Semaphore(AT_ONCE)
    lines = [line for lines in await each_of(_lines(viewer, cell, bound) for cell in cells) for line in lines]
    coming = sorted((line for line in lines if _comes(line, viewer.now)), key=lambda line: line.starts_at)
    earliest = viewer.now - PAST_SHOWN
    past = [line for line in lines if line not in coming and line.starts_at >= earliest]
    return viewer.page(
        "session/sessions.html", tab="sessions", coming=_by_day(coming),
        past=_by_day(sorted(past, key=lambda line: line.starts_at, reverse=True)),
        coordinated=[cell for cell in cells if "plan_session" in cell.may], several=len(cells) > 1,
    )  # fmt: skip


async def _lines(viewer: Viewer, cell: directory_pb.MyCell, bound: asyncio.Semaphore) -> list[Line]:
    async with bound:
        asked = pb.ListSessionsRequest(page_size=50)
        found = await viewer.ask(viewer.services.session.ListSessions, asked, UUID(cell.cell_id))
    return [Line(cell, each, from_timestamp(each.starts_at), from_timestamp(each.ends_at)) for each in found.sessions]


def _comes(line: Line, now: datetime) -> bool:
    return line.found.stage == "going_on" or (line.found.stage == "coming" and line.ends_at > now)


def _by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    return [(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: local_date(line.starts_at))]


@router.get("/cells/{cell}/sessions/{session}")
async def session_page(viewer: SignedIn, cell: UUID, session: UUID) -> Response:
    """When, where, the agenda, who is expected; for who may, the form that opens it."""
    table, view = await _read(viewer, cell, session)
    return _shown(viewer, table, view, viewer.form())


@router.post("/cells/{cell}/sessions/{session}/open")
async def open_session(sender: Posted, cell: UUID, session: UUID) -> Response:
    """Open it: who is present, secrecy declared."""
    table, view = await _read(sender, cell, session)
    if not view.opens and view.to_open:
        raise NotFound
    form = sender.sent
    asked = _opening_in(form, table, view)
    done = await submit(
        sender, sender.services.session.OpenSession, asked, cell, lambda _: view.address, drafted=False,
        mend=lambda refused: refuse_seat(form, "present_person_ids", refused, table),
    )  # fmt: skip
    if done:
        return done
    table, view = await _read(sender, cell, session)
    return _shown(sender, table, view, form, status=422)


def _opening_in(form: Form, table: TableView, view: SessionView) -> pb.OpenSessionRequest:
    people = [person.person_id for person in table.seated]
    return pb.OpenSessionRequest(
        session_id=view.found.session_id,
        expected_version=form.version,
        present_person_ids=form.choices("present_person_ids", people, missing=_("Tick who is present.")),
        secrecy_declared=form.ticked("secrecy_declared", missing=_("Declare the secrecy aloud, then tick this.")),
    )


async def _read(viewer: Viewer, cell: UUID, session: UUID) -> tuple[TableView, SessionView]:
    asked = pb.ReadSessionRequest(session_id=str(session))
    table, found = await together(
        seated(viewer, cell, "list_sessions"), viewer.ask(viewer.services.session.ReadSession, asked, cell)
    )
    return table, SessionView(table, found, viewer.language, viewer.today)


def _shown(viewer: Viewer, table: TableView, view: SessionView, form: Form, status: int = 200) -> Response:
    return viewer.page(
        "session/session.html", status, table=table, tab="sessions", session=view, form=form,
        people=_people(viewer, table) if view.opens else [],
    )  # fmt: skip


def _people(viewer: Viewer, table: TableView) -> list[tuple[str, str, str]]:
    """Who may be present, with what they are here; who did not promise secrecy cannot be."""
    valid = [mandate for mandate in table.found.mandates if mandate.undertaking_accepted and not mandate.ended]
    promised = {mandate.person_id for mandate in valid}
    missing = viewer.language.text(_("has not promised secrecy yet, and cannot be present"))
    found = []
    for person in table.seated:
        said = (person.organisation, table.role_of(person), "" if person.person_id in promised else missing)
        found.append((person.person_id, person.name_within, ", ".join(filter(None, said))))
    return found
