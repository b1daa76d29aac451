"""One item of a session while the table sits: what is shared, what is decided, and by whom.

The page stays open and keeps what it shows up to date by itself (stream_routes.py); what somebody types stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.case.view import CaseView
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, Viewer
from services.portal.web.request.whole import whole_case
from services.portal.web.session.decision_form import ACTIONS, DISSENTS, DecisionForm
from services.portal.web.session.decision_words import DecisionWords
from services.portal.web.session.seats import refuse_seat
from services.portal.web.session.stream_routes import Watching, stream_of
from services.portal.web.session.view import SessionView
from services.portal.web.ui.answers import Answers
from services.portal.web.ui.forms import WHOLE, Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

ADDRESS = "/cells/{cell}/sessions/{session}/cases/{case}"
READING = "reading"


@dataclass(frozen=True, slots=True)
class Room:
    """All that the page of one item is made of: one call to each service."""

    table: TableView
    case: CaseView
    session: SessionView
    item: pb.AgendaItem
    heard: str
    """How far the cell was before it was read."""
    typed: bool = False
    """What was sent just now was not done: the form stays with what is in it, whatever has changed meanwhile."""

    @property
    def chairs(self) -> bool:
        """Whether the reader chairs this item."""
        return self.item.chairs

    @property
    def decided(self) -> bool:
        """Whether it was decided on."""
        return self.item.HasField("decision")

    @property
    def decided_at(self) -> datetime:
        """When."""
        return from_timestamp(self.item.decision.decided_at)

    @property
    def decides(self) -> bool:
        """Whether the reader may decide on it now."""
        return "record_decision" in self.item.may or (self.typed and not self.decided)

    @property
    def circle(self) -> dict[str, str]:
        """Who may lead the case or do something: what each is called, by person id."""
        return self.case.circle.people()

    @property
    def present(self) -> dict[str, str]:
        """Who may disagree."""
        return {person.person_id: self.case.circle.named(person) for person in self.session.seats.present}


@router.get(ADDRESS)
async def live_page(viewer: Watching, cell: UUID, session: UUID, case: UUID) -> Response:
    """The item; or, asked for by the open page itself, its parts that are only read."""
    room = await _enter(viewer, cell, session, case)
    if viewer.request.query_params.get("part") == READING:
        return viewer.page("session/reading.html", **_words(viewer, room, viewer.form()))
    form = await viewer.form_with_draft() if room.decides else viewer.form()
    again = between_again(viewer, form, room.session.found.version, lambda: _read(viewer, room, form)[1])
    return again or await _shown(viewer, room, form)


@router.post(ADDRESS)
async def record_decision(sender: Posted, cell: UUID, session: UUID, case: UUID) -> Response:
    """Write down what the table decides; for its chair alone, who sees it in words first."""
    room = await _enter(sender, cell, session, case)
    if not room.chairs:
        raise NotFound
    form = sender.sent
    if changes(form) or (room.decided and not form.value("checked")):
        return await _as_it_is(sender, room, form)
    asked, between = _read(sender, room, form)
    unread = bool(form.errors)
    done = await checked(
        sender, sender.services.decision.RecordDecision, asked, cell, lambda _: sender.request.url.path,
        between=between, version=room.session.found.version,
        mend=lambda refused: refuse_seat(form, WHOLE, refused, room.table),
    )  # fmt: skip
    if done:
        return done
    if not unread:
        room = await _enter(sender, cell, session, case)
    return await _as_it_is(sender, room, form)


async def _as_it_is(sender: Sender, room: Room, form: Form) -> Response:
    """The page with the form as it was sent; where the item is decided on meanwhile, the decision in its place."""
    if room.decided:
        form.errors.clear()
        return await _shown(sender, replace(room, typed=True), form, status=409)
    return await _shown(sender, replace(room, typed=True), form, status=422 if form.errors else 200)


def _read(viewer: Viewer, room: Room, form: Form) -> tuple[pb.RecordDecisionRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    written = DecisionForm(form, room.circle, room.present)
    asked = written.request(room.session.found.session_id, room.item.agenda_item_id, form.version)
    return asked, lambda: _between(viewer, room, form, written, asked)


def _between(
    viewer: Viewer, room: Room, form: Form, written: DecisionForm, asked: pb.RecordDecisionRequest
) -> Response:
    said = DecisionWords(
        asked, room.circle, room.present, (written.actions, written.dissents), viewer.language, viewer.today,
        left_out=bool(written.actions) and not asked.actions,
    )  # fmt: skip
    say = viewer.language.text
    answers = Answers(
        say(_("Is this what the table decides?")), said.said(), say(_("Record the decision")),
        (viewer.request.url.path, say(_("Do not decide yet"))), said.doubts(), room.case.frame.code,
    )  # fmt: skip
    return answers_page(viewer, form, answers, table=room.table, tab="sessions", watermark=viewer.mark)


async def _enter(viewer: Viewer, cell: UUID, session: UUID, case: UUID) -> Room:
    """Ask all three services at once. Raises NotFound, Refused."""
    services, heard = viewer.services, viewer.web.changes.heard.of(cell)
    table, found, seen = await together(
        seated(viewer, cell, "list_sessions"),
        whole_case(viewer, cell, case),
        viewer.ask(services.session.ReadSession, pb.ReadSessionRequest(session_id=str(session)), cell),
    )
    view = SessionView(table, seen, viewer.language, viewer.today)
    item = view.agenda.item_of(str(case))
    if item is None:
        raise NotFound
    return Room(table, CaseView(table, found, [], viewer.language, viewer.now), view, item, heard)


async def _shown(viewer: Viewer, room: Room, form: Form, status: int = 200) -> Response:
    """The whole page. Who sits in an open session stays signed in for longer: one listens there."""
    form.faces(room.session.found.version)
    viewer.visit = await viewer.web.sign_ins.sit(viewer.visit, sitting=room.session.i_sit)
    return viewer.page(
        "session/live.html", status, tab="sessions", live=room.session.live, watermark=viewer.mark,
        draft_form="form" if room.decides else "", **_words(viewer, room, form),
    )  # fmt: skip


def _words(viewer: Viewer, room: Room, form: Form) -> dict[str, Any]:
    labels = Labels(viewer.language)
    return {
        "form": form, "written": DecisionForm(form, room.circle, room.present),
        "room": room, "stream": stream_of(room.table.cell_id, room.session.found.session_id),
        "table": room.table, "case": room.case, "session": room.session,
        "title": _title(viewer, room.case), "points": room.session.agenda.points(room.case.frame.case_id),
        "point": _point(viewer, room), "taken": room.session.seats.of(room.case.frame.nis_code),
        "seated": room.session.seats.sentence(room.item),
        "outcomes": list(labels.all("outcome").items()), "domains": list(labels.all("life_domain").items()),
        "people": list(room.circle.items()), "present": list(room.present.items()),
        "actions": ACTIONS, "dissents": DISSENTS,
    }  # fmt: skip


def _title(viewer: Viewer, case: CaseView) -> str:
    if not case.followed:
        return case.heading
    return viewer.language.text(_("%(name)s: how are things?"), name=case.heading)


def _point(viewer: Viewer, room: Room) -> str:
    """Which item it is, of how many, and when its time is over."""
    return viewer.language.text(
        _("Item %(now)s of %(all)s, %(until)s"), now=room.item.position, all=len(room.session.found.items),
        until=room.session.agenda.until(room.item),
    )  # fmt: skip
