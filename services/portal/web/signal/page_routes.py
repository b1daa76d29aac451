"""The page of a signal: what was told, asked and answered, and the form to ask or to add something."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.checked import overtaken
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.signal.check_words import stands
from services.portal.web.signal.exchange import MORE, choices_of, talk_of
from services.portal.web.signal.matches import find_matches
from services.portal.web.signal.view import stages_of
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

SAYS = frozenset({"ask_reporter", "add_to_signal"})


@router.get("/cells/{cell}/signals/{signal}")
async def signal_page(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """What was told, by whom, and what happened with it."""
    table, found = await read(viewer, cell, signal)
    form = viewer.form() if SAYS.isdisjoint(found.may) else await viewer.form_with_draft()
    return await _shown(viewer, table, found, form)


@router.post("/cells/{cell}/signals/{signal}")
async def say_more(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Ask who told it, or answer and add, whichever is the sender's."""
    table, found = await read(sender, cell, signal)
    if SAYS.isdisjoint(found.may):
        return _too_late(sender, table, found)
    service, form, asks = sender.services.signal, sender.sent, "ask_reporter" in found.may
    method: Any = service.AskReporter if asks else service.AddToSignal
    request = _question_in(sender, found) if asks else _addition_in(sender, found)
    address = f"{table.address}/signals/{signal}#exchange"
    done = await submit(sender, method, request, cell, lambda _: address)
    if done:
        return done
    table, found = await read(sender, cell, signal)
    if SAYS.isdisjoint(found.may):
        return _too_late(sender, table, found)
    return await _shown(sender, table, found, form, status=422)


async def read(viewer: Viewer, cell: UUID, signal: UUID) -> tuple[TableView, pb.Signal]:
    """The table and the signal."""
    asked = pb.ReadSignalRequest(signal_id=str(signal))
    return await together(viewer.table(cell), viewer.ask(viewer.services.signal.ReadSignal, asked, cell))


def _question_in(sender: Posted, signal: pb.Signal) -> pb.AskReporterRequest:
    asked, form = pb.AskReporterRequest, sender.sent
    text = form.text("text", asked, missing=_("Write what you want to know."))
    return asked(
        signal_id=signal.signal_id, expected_version=form.version, text=text, language=sender.language.code
    )  # fmt: skip


def _addition_in(sender: Posted, signal: pb.Signal) -> pb.AddToSignalRequest:
    asked, form = pb.AddToSignalRequest, sender.sent
    options = [value for value, *_rest in choices_of(signal, sender.language, sender.today)]
    answers = form.choice("answers", options, missing=_("Say what your text belongs to.")) if options else ""
    text = form.text("text", asked, missing=_("Write your answer, or what you want to add."))
    return asked(
        signal_id=signal.signal_id, expected_version=form.version, text=text, language=sender.language.code,
        answers="" if answers == MORE else answers,
    )  # fmt: skip


def _too_late(viewer: Posted, table: TableView, signal: pb.Signal) -> Response:
    """It was decided meanwhile what comes of it, or whoever told it left; nothing of it is anybody else's."""
    if not signal.observed:
        raise NotFound
    say = viewer.language.text
    return overtaken(
        viewer, say(_("Nothing is asked or added here any more. The page of the signal tells how it stands.")),
        (f"{table.address}/signals/{signal.signal_id}", say(_("To the signal"))), viewer.sent.value("text").strip(),
        table=table, tab="tables", watermark=viewer.mark,
    )  # fmt: skip


async def _shown(viewer: Viewer, table: TableView, signal: pb.Signal, form: Form, status: int = 200) -> Response:
    form.faces(signal.version)
    matches = await find_matches(viewer, table, table.cell_id, signal)
    language, today = viewer.language, viewer.today
    names, now = stages_of(signal, language)
    return viewer.page(
        "signal/signal.html", status, table=table, tab="tables", watermark=viewer.mark, signal=signal, form=form,
        draft_form="" if SAYS.isdisjoint(signal.may) else "form",
        reporter=table.person(signal.reporter_id), mine=signal.reporter_id == table.me, names=names, now=now,
        may_propose="propose_case" in signal.may, matches=matches,
        waits_for_table=table.setting_up and table.may("propose_case") and signal.open,
        received_at=from_timestamp(signal.received_at),
        about=Concerned(signal.person, signal.age, language, minor=signal.minor),
        stands=stands(signal.check, language, today) if signal.HasField("check") else "",
        gone_on=date.fromisoformat(signal.gone_on) if signal.gone_on else None,
        decided_at=from_timestamp(signal.outcome.decided_at) if signal.HasField("outcome") else None,
        sees_all=signal.reporter_id != table.me or table.may("propose_case"),
        talk=talk_of(table, signal), choices=choices_of(signal, language, today),
    )  # fmt: skip
