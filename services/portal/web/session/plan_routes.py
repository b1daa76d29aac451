"""The coordinator plans a session: when, where, and which cases, each in its own time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response
from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.fields import to_timestamp
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form, moment_at
from services.portal.web.ui.labels import PLACES, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

EACH = timedelta(minutes=30)
"""How long a case is talked about when no time is typed."""
BEFORE: Mapping[str, str] = {"SCHEDULED": _("on the agenda of a session already")}
"""What is said besides of a case in this state."""


@router.get("/cells/{cell}/sessions/new")
async def planning(viewer: SignedIn, cell: UUID) -> Response:
    """The form."""
    table, cases = await _read(viewer, cell)
    return _shown(viewer, table, cases, await viewer.form_with_draft(many=True))


@router.post("/cells/{cell}/sessions/new")
async def plan_session(sender: Posted, cell: UUID) -> Response:
    """Plan it; the agenda follows the times."""
    table, cases = await _read(sender, cell)
    form = sender.sent
    asked = _session_in(form, cases)
    done = await submit(
        sender, sender.services.session.PlanSession, asked, cell,
        lambda receipt: f"{table.address}/sessions/{receipt.id}",
    )  # fmt: skip
    return done or _shown(sender, table, cases, form, status=422)


async def _read(viewer: Viewer, cell: UUID) -> tuple[TableView, list[case_pb2.Frame]]:
    """The table, and the cases that can be planned; for coordinators only. Raises NotFound, Refused."""
    table = await seated(viewer, cell, "plan_session")
    wanted = case_pb2.ListCasesRequest(page_size=50, to_plan=True)
    found = await viewer.ask(viewer.services.case.ListCases, wanted, cell)
    return table, sorted(found.cases, key=lambda case: case.code)


def _session_in(form: Form, cases: Sequence[case_pb2.Frame]) -> pb.PlanSessionRequest:
    day = form.day("day", missing=_("Write the day of the session."))
    starts_at = moment_at(day, form.clock("starts_at", missing=_("Write when the session begins.")))
    ends_at = moment_at(day, form.clock("ends_at"))
    place = form.choice("place", PLACES, missing=_("Choose where the session is held."))
    chosen = form.choices("items", [case.case_id for case in cases], missing=_("Tick at least one case."))
    form.rows("items", chosen)
    items = _items_in(form, day, starts_at, chosen) if starts_at else []
    ends_at = ends_at or max((from_timestamp(item.ends_at) for item in items), default=None)
    return pb.PlanSessionRequest(starts_at=_stamp(starts_at), ends_at=_stamp(ends_at), place=place, items=items)


def _items_in(form: Form, day: date | None, begins: datetime, chosen: Sequence[str]) -> list[pb.PlannedItem]:
    """One after the other, half an hour each, unless a time was typed."""
    items, free = [], begins
    for case_id in chosen:
        starts_at = moment_at(day, form.clock(f"items[{case_id}].starts_at")) or free
        ends_at = moment_at(day, form.clock(f"items[{case_id}].ends_at")) or starts_at + EACH
        items.append(pb.PlannedItem(case_id=case_id, starts_at=to_timestamp(starts_at), ends_at=to_timestamp(ends_at)))
        free = max(free, ends_at)
    return items


def _stamp(moment: datetime | None) -> Timestamp | None:
    return to_timestamp(moment) if moment else None


def _shown(
    viewer: Viewer, table: TableView, cases: Sequence[case_pb2.Frame], form: Form, status: int = 200
) -> Response:
    several = len(table.found.cell.towns) > 1
    times = [f"items[{case.case_id}].{end}" for case in cases for end in ("starts_at", "ends_at")]
    return viewer.page(
        "session/plan.html", status, table=table, tab="sessions", form=form, cases=cases, draft_form="form",
        options=[(case.case_id, case.code, _about(viewer, table, case, several=several)) for case in cases],
        places=[(code, word[:1].upper() + word[1:]) for code, word in Labels(viewer.language).all("place").items()],
        timed=any(form.value(name) or form.error(name) for name in times),
    )  # fmt: skip


def _about(viewer: Viewer, table: TableView, case: case_pb2.Frame, *, several: bool) -> str:
    """What helps to choose: the town, that it is about a minor, that it was planned before."""
    say = viewer.language.text
    town = [table.town(case.nis_code)] if several else []
    minor = [say(_("about a minor"))] if case.minor else []
    before = [say(BEFORE[case.state])] if case.state in BEFORE else []
    return ", ".join([*town, *minor, *before])
