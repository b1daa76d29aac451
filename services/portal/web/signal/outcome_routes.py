"""What comes of a signal that becomes no case: answered, the answer taken back, withdrawn by who told it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked, overtaken
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.signal.exchange import talk_of
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.concerned import Concerned
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

Asked = pb.DismissSignalRequest | pb.RedirectSignalRequest
Read = Callable[[Form, pb.Signal, Language], tuple[Asked, list[Answer]]]


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two answers: its verb and template, how its form is read, what the page before it is done asks."""

    verb: str
    template: str
    read: Read
    title: str
    button: str


def _dismissal(form: Form, signal: pb.Signal, language: Language) -> tuple[Asked, list[Answer]]:
    kind, reasons, say = pb.DismissSignalRequest, Labels(language).all("dismissal"), language.text
    reason = form.choice("reason", tuple(reasons), missing=_("Choose why it is nothing for the table."))
    noted = form.text("noted", kind, missing=_("Write why, for yourself and the other coordinators."))
    told = form.text("told", kind, missing=_("Write what you answer."))
    asked = kind(
        signal_id=signal.signal_id, expected_version=form.version, reason=reason, noted=noted, told=told
    )  # fmt: skip
    return asked, [
        Answer(say(_("Why is it nothing for the table?")), reasons.get(reason, ""), "reason"),
        Answer(say(_("Why, in your own words?")), noted, "noted"),
        Answer(say(_("What do you answer?")), told, "told"),
    ]


def _redirection(form: Form, signal: pb.Signal, language: Language) -> tuple[Asked, list[Answer]]:
    kind, kinds, say = pb.RedirectSignalRequest, Labels(language).all("help"), language.text
    help_kind = form.choice("help", tuple(kinds), missing=_("Choose which kind of help."))
    told = form.text("told", kind, missing=_("Write your advice."))
    asked = kind(signal_id=signal.signal_id, expected_version=form.version, help=help_kind, told=told)
    return asked, [
        Answer(say(_("Which kind of help?")), kinds.get(help_kind, ""), "help"),
        Answer(say(_("What do you advise?")), told, "told"),
    ]


WAYS: Mapping[str, Way] = {
    "dismiss": Way(
        "dismiss_signal", "signal/dismiss.html", _dismissal, _("Is this your answer?"), _("Do not follow it up")
    ),
    "redirect": Way(
        "redirect_signal", "signal/redirect.html", _redirection, _("Is this your advice?"), _("Refer to other help")
    ),
}  # fmt: skip


@router.get("/cells/{cell}/signals/{signal}/dismiss")
async def before_dismissing(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """Why it is nothing for the table, and what who told it reads."""
    return await _form(viewer, cell, signal, WAYS["dismiss"])


@router.post("/cells/{cell}/signals/{signal}/dismiss")
async def dismiss_signal(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Do not retain it; read once more before it is done."""
    return await _send(sender, cell, signal, WAYS["dismiss"], sender.services.signal.DismissSignal)


@router.get("/cells/{cell}/signals/{signal}/redirect")
async def before_redirecting(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """Which kind of help, and advice."""
    return await _form(viewer, cell, signal, WAYS["redirect"])


@router.post("/cells/{cell}/signals/{signal}/redirect")
async def redirect_signal(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Refer who told it to other help; read once more before it is done."""
    return await _send(sender, cell, signal, WAYS["redirect"], sender.services.signal.RedirectSignal)


async def _form(viewer: Viewer, cell: UUID, signal: UUID, way: Way) -> Response:
    table, found = await _to_answer(viewer, cell, signal, way)
    if way.verb not in found.may:
        return viewer.go(_address(table, found))
    form = await viewer.form_with_draft()
    again = between_again(viewer, form, found.version, lambda: _read(viewer, table, found, form, way)[1])
    return again or _answering(viewer, table, found, form, way)


async def _send(sender: Sender, cell: UUID, signal: UUID, way: Way, method: Any) -> Response:
    table, found = await _to_answer(sender, cell, signal, way)
    form, address = sender.sent, _address(table, found)
    if way.verb not in found.may and not form.value("checked"):
        return _second(sender, table, found, form)
    if changes(form):
        return _answering(sender, table, found, form, way)
    asked, between = _read(sender, table, found, form, way)
    done = await checked(sender, method, asked, cell, lambda _: address, between=between, version=found.version)
    if done:
        return done
    table, found = await _to_answer(sender, cell, signal, way)
    if way.verb not in found.may:
        return _second(sender, table, found, form)
    return _answering(sender, table, found, form, way, status=422)


async def _to_answer(viewer: Viewer, cell: UUID, signal: UUID, way: Way) -> tuple[TableView, pb.Signal]:
    table = await seated(viewer, cell, "propose_case")
    found = await viewer.ask(viewer.services.signal.ReadSignal, pb.ReadSignalRequest(signal_id=str(signal)), cell)
    if found.open and way.verb not in found.may:
        raise NotFound
    return table, found


def _read(
    viewer: Viewer, table: TableView, signal: pb.Signal, form: Form, way: Way
) -> tuple[Asked, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    asked, said = way.read(form, signal, viewer.language)
    return asked, lambda: _between(viewer, table, signal, form, way, said)


def _between(
    viewer: Viewer, table: TableView, signal: pb.Signal, form: Form, way: Way, said: list[Answer]
) -> Response:  # fmt: skip
    say, about = viewer.language.text, Concerned(signal.person, signal.age, viewer.language, minor=signal.minor)
    who = [Answer(say(_("Who it is about")), about.heading)] if about.name else []
    back = (_address(table, signal), say(_("Do not decide yet")))
    answers = Answers(say(way.title), [*who, *said], say(way.button), back)
    return answers_page(viewer, form, answers, table=table, tab="tables", watermark=viewer.mark)


def _second(viewer: Viewer, table: TableView, signal: pb.Signal, form: Form) -> Response:
    """Another coordinator, or who told it, was first."""
    say = viewer.language.text
    typed = "\n\n".join(filter(None, (form.value("noted").strip(), form.value("told").strip())))
    return overtaken(
        viewer, say(_("It was decided meanwhile what comes of this signal. Its page tells how.")),
        (_address(table, signal), say(_("To the signal"))), typed, table=table, tab="tables", watermark=viewer.mark,
    )  # fmt: skip


def _answering(
    viewer: Viewer, table: TableView, signal: pb.Signal, form: Form, way: Way, status: int = 200
) -> Response:  # fmt: skip
    form.faces(signal.version)
    lists = {name: list(Labels(viewer.language).all(name).items()) for name in ("dismissal", "help")}
    return viewer.page(
        way.template, status, table=table, tab="tables", watermark=viewer.mark, signal=signal, form=form,
        draft_form="form", received_at=from_timestamp(signal.received_at), reporter=table.person(signal.reporter_id),
        about=Concerned(signal.person, signal.age, viewer.language, minor=signal.minor),
        address=_address(table, signal), talk=talk_of(table, signal), **lists,
    )  # fmt: skip


@router.get("/cells/{cell}/signals/{signal}/reconsider")
async def second_thoughts(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """What taking the answer back does; to the signal where it cannot be taken back any more."""
    return await _undoing(viewer, cell, signal, "reconsider_signal", viewer.form())


@router.post("/cells/{cell}/signals/{signal}/reconsider")
async def reconsider_signal(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Take it back; the page before said in words what that does."""
    asked = pb.ReconsiderSignalRequest(signal_id=str(signal), expected_version=sender.sent.version)
    method = sender.services.signal.ReconsiderSignal
    done = await submit(sender, method, asked, cell, lambda _: f"/cells/{cell}/signals/{signal}", drafted=False)
    return done or await _undoing(sender, cell, signal, "reconsider_signal", sender.sent, status=422)


@router.get("/cells/{cell}/signals/{signal}/withdraw")
async def before_withdrawing(viewer: SignedIn, cell: UUID, signal: UUID) -> Response:
    """What withdrawing does; to the signal where it cannot be withdrawn any more."""
    return await _undoing(viewer, cell, signal, "withdraw_signal", viewer.form())


@router.post("/cells/{cell}/signals/{signal}/withdraw")
async def withdraw_signal(sender: Posted, cell: UUID, signal: UUID) -> Response:
    """Withdraw it; the page before said in words what that does."""
    asked = pb.WithdrawSignalRequest(signal_id=str(signal), expected_version=sender.sent.version)
    method = sender.services.signal.WithdrawSignal
    done = await submit(sender, method, asked, cell, lambda _: f"/cells/{cell}/signals/{signal}", drafted=False)
    return done or await _undoing(sender, cell, signal, "withdraw_signal", sender.sent, status=422)


async def _undoing(viewer: Viewer, cell: UUID, signal: UUID, verb: str, form: Form, status: int = 200) -> Response:
    """A page with nothing to type, which is the form."""
    sits = "enter_signal" if verb == "withdraw_signal" else "propose_case"
    table = await seated(viewer, cell, sits)
    found = await viewer.ask(viewer.services.signal.ReadSignal, pb.ReadSignalRequest(signal_id=str(signal)), cell)
    if verb not in found.may:
        return viewer.go(_address(table, found))
    form.faces(found.version)
    return viewer.page(
        f"signal/{verb}.html", status, table=table, tab="tables", watermark=viewer.mark, form=form, signal=found,
        about=Concerned(found.person, found.age, viewer.language, minor=found.minor), address=_address(table, found),
    )  # fmt: skip


def _address(table: TableView, signal: pb.Signal) -> str:
    return f"{table.address}/signals/{signal.signal_id}"
