"""The coordinator plans a session: when, where, and which cases, each in its own time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response
from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.fields import to_timestamp
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.request.whole import whole
from services.portal.web.session.session_words import SessionWords
from services.portal.web.ui.answers import Answers
from services.portal.web.ui.concerned import heading_of
from services.portal.web.ui.forms import Form, moment_at
from services.portal.web.ui.labels import PLACES, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.order import code_key
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

ALL_TIMED = 20
"""With more cases than these, times are asked of those that are ticked alone."""
EACH = timedelta(minutes=30)
"""How long a case is talked about when no time is typed."""
BEFORE: Mapping[str, str] = {"SCHEDULED": _("on the agenda of a session already")}
"""What is said besides of a case in this state."""


@router.get("/cells/{cell}/sessions/new")
async def planning(viewer: SignedIn, cell: UUID) -> Response:
    """The form."""
    table, choice = await _read(viewer, cell)
    form = await viewer.form_with_draft(many=True)
    _tick(form, viewer.request.query_params.get("case", ""), choice)
    again = between_again(viewer, form, 0, lambda: _session_in(viewer, table, choice, form)[1])
    return again or _shown(viewer, table, choice, form)


@router.post("/cells/{cell}/sessions/new")
async def plan_session(sender: Posted, cell: UUID) -> Response:
    """Plan it; the agenda follows the times, and is read once more before it is done."""
    table, choice = await _read(sender, cell)
    form = sender.sent
    if form.value("times") or changes(form) or not choice.cases:
        return _shown(sender, table, choice, form)
    asked, between = _session_in(sender, table, choice, form)
    done = await checked(
        sender, sender.services.session.PlanSession, asked, cell,
        lambda receipt: f"{table.address}/sessions/{receipt.id}", between=between,
    )  # fmt: skip
    return done or _shown(sender, table, choice, form, status=422)


def _tick(form: Form, asked: str, choice: Choice) -> None:
    """The case somebody comes from, beside what was ticked before."""
    ticked = form.values("items")
    if asked not in ticked and any(case.case_id == asked for case in choice.cases):
        form.fields["items"] = [*ticked, asked]


@dataclass(frozen=True, slots=True)
class Choice:
    """The cases that can be planned, by their codes; `cut`: there are more of them."""

    cases: list[case_pb2.Frame]
    cut: bool

    def mark_of(self, viewer: Viewer) -> str:
        """Who looks, where the choice says whom a case is about."""
        return viewer.mark if any(case.HasField("concerned") for case in self.cases) else ""

    def timed(self, form: Form) -> list[case_pb2.Frame]:
        """Those whose times are asked: all, or where these are many, the ticked ones."""
        if len(self.cases) <= ALL_TIMED:
            return self.cases
        ticked = set(form.values("items"))
        return [case for case in self.cases if case.case_id in ticked]


async def _read(viewer: Viewer, cell: UUID) -> tuple[TableView, Choice]:
    """The table, and the cases that can be planned; for coordinators only. Raises NotFound, Refused."""
    table = await seated(viewer, cell, "plan_session")
    wanted, method = case_pb2.ListCasesRequest(to_plan=True, persons=True), viewer.services.case.ListCases
    found = await whole(viewer, method, wanted, cell, lambda page: page.cases)
    return table, Choice(sorted(found.entries, key=lambda case: code_key(case.code)), found.cut)


def _session_in(
    viewer: Viewer, table: TableView, choice: Choice, form: Form
) -> tuple[pb.PlanSessionRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    day = form.day("day", missing=_("Write the day of the session."))
    starts_at = moment_at(day, form.clock("starts_at", missing=_("Write when the session begins.")))
    ends_at = moment_at(day, form.clock("ends_at"))
    place = form.choice("place", PLACES, missing=_("Choose where the session is held."))
    chosen = form.choices("items", [case.case_id for case in choice.cases], missing=_("Tick at least one case."))
    if len(chosen) < len(set(form.values("items"))):
        form.fail("items", _("A case you ticked cannot be planned any more. Look at the others, then send it again."))
    form.rows("items", chosen)
    items = _items_in(form, day, starts_at, chosen) if starts_at else []
    ends_at = ends_at or max((from_timestamp(item.ends_at) for item in items), default=None)
    asked = pb.PlanSessionRequest(starts_at=_stamp(starts_at), ends_at=_stamp(ends_at), place=place, items=items)
    return asked, lambda: _between(viewer, table, choice, form, asked)


def _between(viewer: Viewer, table: TableView, choice: Choice, form: Form, asked: pb.PlanSessionRequest) -> Response:
    say, several = viewer.language.text, len(table.found.cell.towns) > 1
    called = {
        case.case_id: ", ".join(filter(None, (case.code, _about(viewer, table, case, several=several))))
        for case in choice.cases
    }
    chosen = {item.case_id for item in asked.items}
    planned = [case.code for case in choice.cases if case.case_id in chosen and case.state in BEFORE]
    words = SessionWords(asked, called, planned, viewer.language, viewer.today)
    answers = Answers(
        say(_("Is this the session you plan?")), words.said(), say(_("Plan the session")),
        ("/sessions", say(_("Do not plan"))), words.doubts(),
    )  # fmt: skip
    return answers_page(viewer, form, answers, table=table, tab="sessions", watermark=choice.mark_of(viewer))


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


def _shown(viewer: Viewer, table: TableView, choice: Choice, form: Form, status: int = 200) -> Response:
    several = len(table.found.cell.towns) > 1
    timed = choice.timed(form)
    times = [f"items[{case.case_id}].{end}" for case in timed for end in ("starts_at", "ends_at")]
    return viewer.page(
        "session/plan.html", status, table=table, tab="sessions", form=form, choice=choice, draft_form="form",
        cases=timed, watermark=choice.mark_of(viewer),
        options=[(case.case_id, case.code, _about(viewer, table, case, several=several)) for case in choice.cases],
        places=[(code, word[:1].upper() + word[1:]) for code, word in Labels(viewer.language).all("place").items()],
        timed=bool(form.value("times")) or any(form.value(name) or form.error(name) for name in times),
    )  # fmt: skip


def _about(viewer: Viewer, table: TableView, case: case_pb2.Frame, *, several: bool) -> str:
    """What helps to choose: first name and age, for who reads them; the town, a minor, planned before, its review."""
    say = viewer.language.text
    who = [heading_of(case.concerned, viewer.language)] if case.HasField("concerned") else []
    town = [table.town(case.nis_code)] if several else []
    minor = [say(_("about a minor"))] if case.minor else []
    before = [say(BEFORE[case.state])] if case.state in BEFORE else []
    review = [say(_("to look at again before %(day)s"), day=_day(viewer, case))] if case.review_on else []
    return ", ".join([*who, *town, *minor, *before, *review])


def _day(viewer: Viewer, case: case_pb2.Frame) -> str:
    return viewer.language.day(date.fromisoformat(case.review_on), weekday=False, today=viewer.today)
