"""Of an invented list what goes on the page that was asked: the services' pages, with cursors of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message

from rondetafel.case.v1 import case_pb2 as case_pb
from rondetafel.meeting.v1 import meeting_pb2 as meeting_pb
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.clock import local_date
from services.kit.fields import MAX_PAGE
from tests.portal.reader import Around, moment_of

AFTER = "after-"


def _ahead(session: meeting_pb.Session, around: Around) -> bool:
    coming = session.stage == "coming" and moment_of(session.ends_at) > around.work.now
    return coming or session.stage == "going_on"


def _not_over(mandate: pb.MandateView, around: Around) -> bool:
    return (
        not mandate.ended
        or mandate.HasField("suspended_since")
        or getattr(mandate, "from") > local_date(around.work.now).isoformat()
    )


LISTS: Mapping[type[Message], tuple[str, Callable[[Any, Around], bool]]] = {
    case_pb.ListCasesResponse: ("cases", lambda case, _: case.stage != "over"),
    case_pb.ListSignalsResponse: ("signals", lambda signal, _: signal.open),
    case_pb.ListWaitingResponse: ("waiting", lambda *_: True),
    meeting_pb.ListSessionsResponse: ("sessions", _ahead),
    meeting_pb.ListCaseSessionsResponse: ("sessions", lambda *_: True),
    pb.ListMandatesResponse: ("mandates", _not_over),
    pb.ListInvitationsResponse: ("invitations", lambda guest, _: guest.state == "SENT"),
}
"""The entries of each list, and which of them are current."""


def paged(told: Any, around: Around) -> None:
    """Leave of the list what stands on the page asked for; a test's own `next_cursor` is of what is past."""
    if isinstance(told, case_pb.Case):
        told.more_after = _cut(told, "contributions", around.asked.after, MAX_PAGE) or told.more_after
    if type(told) not in LISTS:
        return
    name, current = LISTS[type(told)]
    if only := getattr(around.asked, "mandate_id", ""):
        _keep(told, name, [entry for entry in told.mandates if entry.mandate_id == only])
    if time := getattr(around.asked, "time", ""):
        _keep(told, name, [entry for entry in getattr(told, name) if current(entry, around) is (time == "current")])
        told.next_cursor = told.next_cursor if time == "past" else ""
    if isinstance(told, meeting_pb.ListSessionsResponse):
        late_first = around.asked.time != "current"
        _keep(told, name, sorted(told.sessions, key=lambda each: moment_of(each.starts_at), reverse=late_first))
    if isinstance(told, case_pb.ListWaitingResponse):
        told.total = told.total or len(told.waiting)
    told.next_cursor = _cut(told, name, around.asked.cursor, around.asked.page_size or 20) or told.next_cursor


def _cut(told: Any, name: str, cursor: str, size: int) -> str:
    """Leave one page; where the next begins, empty on the last."""
    entries = list(getattr(told, name))
    begin = int(cursor.removeprefix(AFTER)) if cursor.startswith(AFTER) else 0
    _keep(told, name, entries[begin : begin + size])
    return f"{AFTER}{begin + size}" if len(entries) > begin + size else ""


def _keep(told: Any, name: str, entries: list[Any]) -> None:
    kept = type(told)()
    getattr(kept, name).extend(entries)
    told.ClearField(name)
    getattr(told, name).extend(getattr(kept, name))
