"""What is decided on one item, on a page of its own, beside what is shared: prepared by the coordinator or the minute
taker, who put it to the chair; recorded by the chair, who finds there what was prepared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.checked import answers_page, between_again, changes, checked, overtaken
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, Sender, Viewer
from services.portal.web.session.decision_form import DecisionForm, fields_of
from services.portal.web.session.decision_words import DecisionWords
from services.portal.web.session.room import READING, Room, enter, sat, words_of
from services.portal.web.session.seats import refuse_seat
from services.portal.web.session.stream_routes import Watching
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.forms import WHOLE, Beside, Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _

router = APIRouter(include_in_schema=False)

ADDRESS = "/cells/{cell}/sessions/{session}/cases/{case}/decision"
SEEN = "prepared"
"""The field of the chair's form that says which prepared text it was filled with."""
NEWER = _("What is prepared for you was changed meanwhile. It stands above: look at it, then send the text you want.")


@router.get(ADDRESS)
async def decision_page(viewer: Watching, cell: UUID, session: UUID, case: UUID) -> Response:
    """The form of who decides or prepares; or, asked for by the open page itself, what changes beside it."""
    room = await enter(viewer, cell, session, case)
    if viewer.request.query_params.get("part") == READING:
        return viewer.page("session/beside.html", **words_of(viewer, room), seen=viewer.request.query_params.get(SEEN))
    if room.decided:
        return viewer.go(room.address)
    if not (room.chairs or room.prepares):
        raise NotFound
    form = _begun(room, await viewer.form_with_draft())
    again = None
    if room.chairs:
        again = between_again(viewer, form, room.session.found.version, lambda: _read(viewer, room, form)[1])
    return again or await _shown(viewer, room, form)


@router.post(ADDRESS)
async def decide(sender: Posted, cell: UUID, session: UUID, case: UUID) -> Response:
    """Put it to the chair; or, by the chair, write down what the table decides, after it was read in words."""
    room, form = await enter(sender, cell, session, case), sender.sent
    if not (room.chairs or room.prepares or room.decided):
        raise NotFound
    if room.decided and not form.value("checked"):
        return _decided_before(sender, room, form)
    if room.prepares:
        return await _put(sender, room, cell, form)
    if not room.chairs:
        raise NotFound
    if changes(form):
        return await _shown(sender, replace(room, typed=True), form)
    if form.value(SEEN, "0") != str(room.prepared_version) and not room.decided:
        form.fail(WHOLE, NEWER)
        return await _again(sender, room, form)
    return await _recorded(sender, room, cell, form)


async def _recorded(sender: Sender, room: Room, cell: UUID, form: Form) -> Response:
    asked, between = _read(sender, room, form)
    unread = bool(form.errors)
    done = await checked(
        sender, sender.services.decision.RecordDecision, asked, cell, lambda _: room.address,
        between=between, version=room.session.found.version,
        mend=lambda refused: refuse_seat(form, WHOLE, refused, room.table),
    )  # fmt: skip
    if done:
        return done
    if not unread:
        room = await enter(sender, cell, UUID(room.session.found.session_id), UUID(room.item.case_id))
    return await _again(sender, room, form)


async def _put(sender: Sender, room: Room, cell: UUID, form: Form) -> Response:
    """Before the chair, in place of what was prepared; nothing is decided by it, so it is not asked about again."""
    written = DecisionForm(form, room.circle, room.present)
    asked = written.prepared(room.session.found.session_id, room.item.agenda_item_id, form.version)
    done = await submit(
        sender, sender.services.decision.PrepareDecision, asked, cell, lambda _: f"{room.address}?prepared=1"
    )
    if done:
        return done
    room = await enter(sender, cell, UUID(room.session.found.session_id), UUID(room.item.case_id))
    return await _again(sender, room, form)


async def _again(sender: Sender, room: Room, form: Form) -> Response:
    """The form as it was sent; where the item is decided on meanwhile, who was first."""
    if room.decided:
        return _decided_before(sender, room, form)
    if not (room.chairs or room.prepares):
        raise NotFound
    return await _shown(sender, replace(room, typed=True), _begun(room, form), status=422)


def _begun(room: Room, form: Form) -> Form:
    """The form, empty ones filled with what is prepared; another prepared text than it began from stands beside it."""
    there = fields_of(room.prepared) if room.prepared else {}
    if room.prepares:
        if not form.kept and not form.typed:
            form.fields |= there
        form.faces(room.prepared_version, there)
        return form
    version = str(room.prepared_version)
    if not form.kept and not form.typed:
        form.fields |= there
    elif room.prepared and form.value(SEEN, "0") != version:
        form.beside.append(Beside(there))
    form.fields[SEEN] = [version]
    form.faces(room.session.found.version)
    return form


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


def _decided_before(viewer: Viewer, room: Room, form: Form) -> Response:
    """Who recorded a decision, when and which; and what would be lost otherwise."""
    say, decision = viewer.language.text, room.item.decision
    name, time = room.table.person(decision.decided_by).name, viewer.language.time(room.decided_at)
    said = say(_("%(name)s recorded a decision at %(time)s, before yours was sent."), name=name, time=time)
    told = [
        Answer(say(_("What was decided")), Labels(viewer.language).of("outcome", decision.outcome)),
        Answer(say(_("Why?")), decision.reasons),
    ]
    onward = (room.address, say(_("To what was decided")))
    return overtaken(
        viewer, said, onward, form.value("reasons"), told, table=room.table, tab="sessions", watermark=viewer.mark
    )


async def _shown(viewer: Viewer, room: Room, form: Form, status: int = 200) -> Response:
    await sat(viewer, room)
    if not form.value("version"):
        form.faces(room.session.found.version if room.chairs else room.prepared_version)
    labels, written = Labels(viewer.language), DecisionForm(form, room.circle, room.present)
    return viewer.page(
        "session/decide.html", status, tab="sessions", live=room.session.live, watermark=viewer.mark, form=form,
        written=written, draft_form="form" if room.decides or room.prepares else "", seen=str(room.prepared_version),
        outcomes=list(labels.all("outcome").items()), domains=list(labels.all("life_domain").items()),
        people=list(room.circle.items()), present=list(room.present.items()), **words_of(viewer, room),
    )  # fmt: skip
