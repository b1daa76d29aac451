"""One item of a session with its case: all that the pages about it are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.case.view import CaseView
from services.portal.web.request.access import seated
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Viewer
from services.portal.web.request.whole import whole_case, whole_sessions
from services.portal.web.session.stream_routes import stream_of
from services.portal.web.session.view import SessionView
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

READING = "reading"
"""The part of a page that renews itself."""


@dataclass(frozen=True, slots=True)
class Room:
    """One call to each service, and one to a list: what was agreed before stands in earlier sessions."""

    table: TableView
    case: CaseView
    session: SessionView
    item: pb.AgendaItem
    heard: str
    """How far the cell was before it was read."""
    cut: bool
    """The case has more sessions than were read: of some of what was agreed the words are missing."""
    typed: bool = False
    """What was sent just now was not done: the form stays with what is in it, whatever has changed meanwhile."""

    @property
    def address(self) -> str:
        """Of the item."""
        return f"{self.session.address}/cases/{self.item.case_id}"

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
        return "record_decision" in self.item.may or (self.typed and self.chairs and not self.decided)

    @property
    def prepares(self) -> bool:
        """Whether the reader may write down what the chair may decide."""
        return not self.chairs and "prepare_decision" in self.item.may

    @property
    def prepared(self) -> pb.PreparedDecision | None:
        """What is prepared, for who may read it."""
        return self.item.prepared if self.item.HasField("prepared") else None

    @property
    def prepared_at(self) -> datetime:
        """When."""
        return from_timestamp(self.item.prepared.prepared_at)

    @property
    def prepared_version(self) -> int:
        """Which text it is; 0 when nothing is prepared."""
        return self.item.prepared.version

    @property
    def circle(self) -> dict[str, str]:
        """Who may lead the case or do something: what each is called, by person id."""
        return self.case.circle.people()

    @property
    def present(self) -> dict[str, str]:
        """Who may disagree."""
        return {person.person_id: self.case.circle.named(person) for person in self.session.seats.present}


async def enter(viewer: Viewer, cell: UUID, session: UUID, case: UUID) -> Room:
    """Ask all services at once. Raises NotFound, Refused."""
    services, heard = viewer.services, viewer.web.changes.heard.of(cell)
    table, found, before, seen = await together(
        seated(viewer, cell, "list_sessions"),
        whole_case(viewer, cell, case),
        whole_sessions(viewer, cell, case),
        viewer.ask(services.session.ReadSession, pb.ReadSessionRequest(session_id=str(session)), cell),
    )
    view = SessionView(table, seen, viewer.language, viewer.today)
    item = view.agenda.item_of(str(case))
    if item is None:
        raise NotFound
    told = CaseView(table, found, before.entries, viewer.language, viewer.now)
    return Room(table, told, view, item, heard, before.cut)


async def sat(viewer: Viewer, room: Room) -> None:
    """Who sits in an open session stays signed in for longer: one listens there."""
    viewer.visit = await viewer.web.sign_ins.sit(viewer.visit, sitting=room.session.i_sit)


def words_of(viewer: Viewer, room: Room) -> dict[str, Any]:
    """What every page about the item says."""
    return {
        "room": room, "stream": stream_of(room.table.cell_id, room.session.found.session_id),
        "table": room.table, "case": room.case, "session": room.session, "title": _title(viewer, room.case),
        "taken": room.session.seats.of(room.case.frame.nis_code), "seated": room.session.seats.sentence(room.item),
    }  # fmt: skip


def _title(viewer: Viewer, case: CaseView) -> str:
    if not case.followed:
        return case.heading
    return viewer.language.text(_("%(name)s: how are things?"), name=case.heading)
