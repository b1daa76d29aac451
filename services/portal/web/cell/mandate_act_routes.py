"""What mayor and coordinator change of a mandate: each act has a form, is read once more, and then done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.backends.calls import Refused
from services.portal.web.cell.mandate_acts import ACTS, Act, Subject
from services.portal.web.request.access import own_towns, seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.ui.answers import Answers
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _

router = APIRouter(include_in_schema=False)

SEES = "list_proposals"
"""Who has the page of all mandates; others have their own absence alone."""
OWN = {"absent": "mark_absent"}


@router.get("/cells/{cell}/mandates/{mandate}/{act}")
async def asking(viewer: SignedIn, cell: UUID, mandate: UUID, act: str) -> Response:
    """The form of one act, for who may do it."""
    doing, subject = await _subject(viewer, cell, mandate, act)
    if doing.verb not in subject.mandate.may:
        raise NotFound
    if not doing.fields:
        return _unread(viewer, doing, subject, viewer.form())
    form = await viewer.form_with_draft()
    again = between_again(viewer, form, subject.mandate.version, lambda: _read(viewer, doing, subject, form)[1])
    if again is None and doing.present and form.kept is None:
        form.fields |= doing.present(subject)
    return again or _shown(viewer, doing, subject, form)


@router.post("/cells/{cell}/mandates/{mandate}/{act}")
async def acting(sender: Posted, cell: UUID, mandate: UUID, act: str) -> Response:
    """Do it, when it was read once more."""
    doing, subject = await _subject(sender, cell, mandate, act)
    form = sender.sent
    if changes(form):
        return _shown(sender, doing, subject, form)
    asked, between = _read(sender, doing, subject, form)
    table = subject.table
    onward = f"{table.address}/mandates?done={act}" if table.may(SEES) else table.address
    done = await checked(
        sender, getattr(sender.services.mandate, doing.method), asked, cell, lambda _: onward, between=between,
        version=subject.mandate.version, mend=lambda refused: _mended(form, refused),
    )  # fmt: skip
    if done is None:
        again = _shown if doing.fields else _unread
        return again(sender, *await _subject(sender, cell, mandate, act), form, 422)
    return await _back(sender, cell, done) if done.status_code == 303 else done


def _mended(form: Form, refused: Refused) -> bool:
    """Of the law it rests on the form has no field: what can be mended is the day, or the municipalities."""
    if refused.problem.code != "LegalBasisNotInForce":
        return False
    field = "last_day" if "last_day-year" in form.fields else "nis_codes"
    form.fail(field, _("The law this mandate rests on is not in force so long. Give a new mandate, or an earlier day."))
    return True


async def _back(sender: Sender, cell: UUID, onward: Response) -> Response:
    """Whoever suspended the own mandate has no table any more to go back to."""
    found = await sender.ask(sender.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM)
    return onward if str(cell) in {mine.cell_id for mine in found.cells} else sender.go("/")


async def _subject(viewer: Viewer, cell: UUID, mandate: UUID, act: str) -> tuple[Act, Subject]:
    """What is to be done with which mandate. Raises NotFound for no such act, and no such mandate for who looks."""
    if act not in ACTS:
        raise NotFound
    table = await seated(viewer, cell, OWN.get(act, SEES))
    asked = pb.ListMandatesRequest(page_size=1, mandate_id=str(mandate))
    found = await viewer.ask(viewer.services.mandate.ListMandates, asked, cell)
    if not found.mandates:
        raise NotFound
    held = found.mandates[0]
    name = table.people_with(found.mandates)[held.person_id].name
    return ACTS[act], Subject(table, held, name, viewer.language)


def _read(viewer: Viewer, act: Act, subject: Subject, form: Form) -> tuple[Any, Callable[[], Response]]:
    """What the form asks of the directory, and how it is shown before it is done."""
    asked, said = act.read(subject, form)
    say = viewer.language.text
    answers = Answers(say(act.question), said, say(act.button), _list(subject))
    table = subject.table
    return asked, lambda: answers_page(viewer, form, answers, kept=bool(act.fields), table=table, tab="tables")


def _unread(viewer: Viewer, act: Act, subject: Subject, form: Form, status: int = 200) -> Response:
    """Of an act without a form: what it is, with the button."""
    form.faces(subject.mandate.version)
    _, said = act.read(subject, form)
    answers = Answers(viewer.language.text(act.question), said, viewer.language.text(act.button), _list(subject))
    return answers_page(viewer, form, answers, status, kept=False, table=subject.table, tab="tables")


def _list(subject: Subject) -> tuple[str, str]:
    table = subject.table
    return (f"{table.address}/mandates", subject.language.text(_("Back to the mandates"))) if table.may(SEES) else (
        table.address, table.name
    )  # fmt: skip


def _shown(viewer: Viewer, act: Act, subject: Subject, form: Form, status: int = 200) -> Response:
    mandate, table, say = subject.mandate, subject.table, viewer.language.text
    form.faces(mandate.version)
    codes = {town.nis_code for town in own_towns(table)} | set(mandate.nis_codes)
    return viewer.page(
        "cell/mandate_act.html", status, table=table, tab="tables", form=form, draft_form="form",
        back=_list(subject), title=say(act.title, **subject.called), hint=say(act.hint) if act.hint else "",
        known=subject.known(),
        fields=act.fields, police=mandate.takes_clearance,
        towns=[(town.nis_code, table.town(town.nis_code)) for town in table.towns if town.nis_code in codes],
        holders=subject.holders() if "holder_id" in act.fields else [],
        turns=list(Labels(viewer.language).all("deputy_turn").items()),
        reasons=list(Labels(viewer.language).all("suspension").items()),
        end_reasons=list(Labels(viewer.language).all("end_reason").items()),
    )  # fmt: skip
