"""Signals: tell of a concern, and see what comes of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import own_towns, seated
from services.portal.web.request.checked import changes
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.request.whole import PAGE, whole
from services.portal.web.signal.contradiction import Contradiction, which_is_right
from services.portal.web.signal.page_routes import read
from services.portal.web.signal.view import SignalLines
from services.portal.web.ui.forms import Form, uuid_or_none
from services.portal.web.ui.language import message as _
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView
from services.portal.web.ui.typed import About

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/signals/new")
async def new_signal(viewer: SignedIn, cell: UUID) -> Response:
    """The form, as the viewer left it."""
    table, form = await together(seated(viewer, cell, "enter_signal"), viewer.form_with_draft(many=True))
    await _carry_over(viewer, cell, form)
    return _asked(viewer, table, form)


@router.post("/cells/{cell}/signals/new")
async def enter_signal(sender: Posted, cell: UUID) -> Response:
    """Tell of a concern, in the language of the page."""
    table = await seated(sender, cell, "enter_signal")
    form, contradiction = sender.sent, Contradiction()
    if changes(form):
        return _asked(sender, table, form)
    signal = _signal_in(form, table, sender)
    done = await submit(
        sender, sender.services.signal.EnterSignal, signal, cell,
        lambda receipt: f"{table.address}/signals/{receipt.id}/thanks", mend=contradiction.take,
    )  # fmt: skip
    if contradiction.found:
        return which_is_right(sender, table, form, signal)
    return done or _asked(sender, table, form, status=422)


async def _carry_over(viewer: Viewer, cell: UUID, form: Form) -> None:
    """The text of a question of one's own, when it is to become a signal; nothing over what was typed already."""
    question = uuid_or_none(viewer.request.query_params.get("question", ""))
    if question is None or form.value("question_id"):
        return
    asked = pb.ReadQuestionRequest(question_id=str(question))
    found = await viewer.ask(viewer.services.question.ReadQuestion, asked, cell)
    if "enter_signal" not in found.may:
        raise NotFound
    form.fields["question_id"] = [found.question_id]
    form.fields.setdefault("observed", [found.text])


def _signal_in(form: Form, table: TableView, sender: Sender) -> pb.EnterSignalRequest:
    towns = [town.nis_code for town in own_towns(table)]
    if len(towns) == 1:
        form.fields["nis_code"] = towns
    asked = pb.EnterSignalRequest
    return asked(
        nis_code=form.choice("nis_code", towns, missing=_("Choose the municipality it is about.")),
        observed=form.text("observed", asked, missing=_("Write what you saw or heard.")),
        tried=form.text("tried", asked, missing=_("Write what you tried already. Nothing yet is fine too.")),
        reason=form.text("reason", asked, missing=_("Write why you bring this to the table.")),
        person=_person_in(form, sender.today),
        minor=_minor_in(form),
        urgent=form.ticked("urgent"),
        question_id=str(uuid_or_none(form.value("question_id")) or ""),
        language=sender.language.code,
    )


def _person_in(form: Form, today: date) -> pb.PersonConcerned:
    """Who it is about, as far as is known; an age is estimated today."""
    asked = pb.EnterSignalRequest
    names = {name: form.text(f"person.{name}", asked) for name in ("given_name", "family_name", "also_known_as")}
    if not (names["given_name"] or names["family_name"]):
        form.fail("person.given_name", _("Write a first name or a family name: one of them is enough."))
    birth = form.birth("person.birth_date")
    return pb.PersonConcerned(
        **names, address=form.text("person.address", asked),
        birth_date="" if isinstance(birth, About) else str(birth or ""),
        estimated_age=pb.EstimatedAge(years=birth.years, as_of=today.isoformat()) if isinstance(birth, About) else None,
    )  # fmt: skip


def _minor_in(form: Form) -> bool | None:
    """The answer; none is needed where something is known of the birth."""
    unknown = not form.value("person.birth_date").strip()
    missing = _("Say whether this person may be younger than 18, or write above how old you think he or she is.")
    answer = form.choice("minor", ("yes", "no"), missing=missing if unknown else "")
    return answer == "yes" if answer else None


def _asked(viewer: Viewer, table: TableView, form: Form, status: int = 200) -> Response:
    return viewer.page(
        "signal/new.html",
        status,
        table=table,
        tab="tables",
        towns=own_towns(table),
        form=form,
        draft_form="form",
    )


@router.get("/cells/{cell}/signals")
async def list_signals(viewer: SignedIn, cell: UUID) -> Response:
    """For the coordinator those of the cell, for everybody else the own ones: all that wait, answered ones by pages."""
    method, after = viewer.services.signal.ListSignals, viewer.request.query_params.get("after", "")
    table, waiting, answered = await together(
        viewer.table(cell),
        whole(viewer, method, pb.ListSignalsRequest(time="current"), cell, lambda found: found.signals),
        viewer.ask(method, pb.ListSignalsRequest(page_size=PAGE, cursor=after, time="past"), cell),
    )
    everyones = answered.everyones
    lines = SignalLines(table, viewer.language, viewer.today, everyones=everyones)
    return viewer.page(
        "signal/list.html", table=table, tab="tables", everyones=everyones, sits=table.may("enter_signal"),
        waiting=lines.waiting(waiting.entries), cut=waiting.cut, answered=lines.answered(answered.signals),
        older=answered.next_cursor, newest=not after,
    )  # fmt: skip


@router.get("/cells/{cell}/signals/{signal}/thanks")
async def thanks(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """It has arrived: what happens next, and who sees it."""
    table, found = await read(viewer, cell, signal)
    if found.reporter_id != table.me:
        return viewer.go(f"{table.address}/signals/{found.signal_id}")
    return viewer.page("signal/thanks.html", table=table, tab="tables", signal=found, coordinators=_near(table, found))


def _near(table: TableView, signal: pb.Signal) -> list[Somebody]:
    return [person for person in table.coordinators(signal.nis_code) if person.person_id != table.me]
