"""What is taken back while nobody relied on it: a session that was not opened, an opening while nothing was decided.

There is nothing to type: the page that says what will happen is the form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import grpc
from fastapi import APIRouter, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import NotFound
from services.portal.backends.calls import Services
from services.portal.web.request.checked import answers_page, overtaken
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.session.reading import read_session
from services.portal.web.session.view import SessionView
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class TakingBack:
    """One way to take something back: the verb, how it is asked for, and what the page says."""

    verb: str
    asked: type[pb.CancelSessionRequest | pb.UndoOpeningRequest]
    method: Callable[[Services], grpc.aio.UnaryUnaryMultiCallable[Any, Any]]
    title: str
    then: str
    button: str
    leave: str


CANCEL = TakingBack(
    "cancel_session", pb.CancelSessionRequest, lambda services: services.session.CancelSession,
    _("Is this the session you cancel?"),
    _("It will not be held, and its cases can be planned again. Its page says to the table that you cancelled it."),
    _("Cancel the session"), _("Do not cancel it"),
)  # fmt: skip
UNDO = TakingBack(
    "undo_opening", pb.UndoOpeningRequest, lambda services: services.session.UndoOpening,
    _("Was this session opened by mistake?"),
    _("It is planned again, as before. Who was ticked as present is erased. The log keeps that you opened it."),
    _("Undo the opening"), _("Leave it open"),
)  # fmt: skip


@router.get("/cells/{cell}/sessions/{session}/cancel")
async def cancelling(viewer: SignedIn, cell: UUID, session: UUID) -> Response:
    """What is cancelled, in words."""
    return await _page(viewer, cell, session, CANCEL)


@router.post("/cells/{cell}/sessions/{session}/cancel")
async def cancel_session(sender: Posted, cell: UUID, session: UUID) -> Response:
    """Cancel it."""
    return await _done(sender, cell, session, CANCEL)


@router.get("/cells/{cell}/sessions/{session}/undo-opening")
async def undoing(viewer: SignedIn, cell: UUID, session: UUID) -> Response:
    """What is undone, in words."""
    return await _page(viewer, cell, session, UNDO)


@router.post("/cells/{cell}/sessions/{session}/undo-opening")
async def undo_opening(sender: Posted, cell: UUID, session: UUID) -> Response:
    """Undo it."""
    return await _done(sender, cell, session, UNDO)


async def _page(viewer: Viewer, cell: UUID, session: UUID, back: TakingBack) -> Response:
    table, view = await read_session(viewer, cell, session)
    if back.verb not in view.found.may:
        return _too_late(viewer, table, view, back)
    return _asked(viewer, table, view, viewer.form(), back)


async def _done(sender: Sender, cell: UUID, session: UUID, back: TakingBack) -> Response:
    form = sender.sent
    asked = back.asked(session_id=str(session), expected_version=form.version)
    table, view = await read_session(sender, cell, session)
    if back.verb in view.found.may or form.value("checked"):
        method = back.method(sender.services)
        if done := await submit(sender, method, asked, cell, lambda _: view.address, drafted=False):
            return done
        table, view = await read_session(sender, cell, session)
    if back.verb not in view.found.may:
        return _too_late(sender, table, view, back)
    return _asked(sender, table, view, form, back, status=422)


def _asked(
    viewer: Viewer, table: TableView, view: SessionView, form: Form, back: TakingBack, status: int = 200
) -> Response:
    say = viewer.language.text
    form.faces(view.found.version)
    said = [
        Answer(say(_("Which session?")), f"{view.day}, {view.hours}, {view.place}"),
        Answer(say(_("What happens then?")), say(back.then)),
    ]
    answers = Answers(say(back.title), said, say(back.button), (view.address, say(back.leave)))
    return answers_page(viewer, form, answers, status, kept=False, table=table, tab="sessions")


def _too_late(viewer: Viewer, table: TableView, view: SessionView, back: TakingBack) -> Response:
    """Who did something with it first. Raises NotFound for whoever could not have taken it back anyway."""
    concerned = table.may("plan_session") if back is CANCEL else view.found.opened_by == table.me
    if not view.news or not concerned:
        raise NotFound
    decided = any(item.HasField("decision") for item in view.found.items)
    late = _("Something was decided in this session already. Its opening can no longer be undone.")
    said = viewer.language.text(late) if back is UNDO and decided else view.news
    return overtaken(
        viewer, said, (view.address, viewer.language.text(_("To the session"))), table=table, tab="sessions"
    )
