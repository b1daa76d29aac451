"""Coordinator or mayor takes somebody out of the circle of a case: the page that says what that does is the form."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.case.circle_routes import may_end, read_circle
from services.portal.web.case.circle_view import CircleView, Guest
from services.portal.web.case.ending_words import ended, what_happens
from services.portal.web.request.checked import overtaken
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import INVITATION_END_REASONS, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/cases/{case}/circle/{entry}/end")
async def before_the_end(viewer: SignedIn, cell: UUID, case: UUID, entry: UUID) -> Response:
    """Whose invitation it is, and what ending it does."""
    return await _page(viewer, cell, case, entry, viewer.form())


@router.post("/cells/{cell}/cases/{case}/circle/{entry}/end")
async def end(sender: Posted, cell: UUID, case: UUID, entry: UUID) -> Response:
    """End it."""
    form, reason = sender.sent, sender.sent.value("reason")
    if reason not in INVITATION_END_REASONS:
        form.fail("reason", _("Choose why the invitation ends."))
    asked = pb.EndInvitationRequest(
        case_id=str(case), expected_version=form.version, entry_id=str(entry), reason=reason
    )  # fmt: skip
    circle = f"/cells/{cell}/cases/{case}/circle?ended=1"
    done = await submit(sender, sender.services.circle.EndInvitation, asked, cell, lambda _: circle, drafted=False)
    return done or await _page(sender, cell, case, entry, form, status=422)


async def _page(viewer: Viewer, cell: UUID, case: UUID, entry: UUID, form: Form, status: int = 200) -> Response:
    table, found = await read_circle(viewer, cell, case)
    guests = CircleView(table, found, viewer.language, viewer.today).guests
    guest = next((guest for guest in guests if guest.entry.entry_id == str(entry)), None)
    if guest is None or not may_end(found):
        return _too_late(viewer, table, found, entry)
    return _asked(viewer, table, found, guest, form, status)


def _asked(viewer: Viewer, table: TableView, case: pb.Case, guest: Guest, form: Form, status: int) -> Response:
    form.faces(case.frame.version)
    return viewer.page(
        "case/end_invitation.html", status, table=table, tab="tables", case=case, guest=guest, form=form,
        address=_address(table, case), said=what_happens(guest, case, viewer.language),
        reasons=list(Labels(viewer.language).all("invitation_end").items()), watermark=viewer.mark,
    )  # fmt: skip


def _too_late(viewer: Viewer, table: TableView, case: pb.Case, entry: UUID) -> Response:
    """Who ended it first, for who might have. Raises NotFound for all others."""
    before = next((past for past in case.ended_invitations if past.entry_id == str(entry)), None)
    if before is None:
        raise NotFound
    said = ended(table, before, viewer.language, viewer.today).said
    onward = (_address(table, case), viewer.language.text(_("To the circle of this case")))
    return overtaken(viewer, said, onward, table=table, tab="tables", watermark=viewer.mark)


def _address(table: TableView, case: pb.Case) -> str:
    return f"{table.address}/cases/{case.frame.case_id}/circle"
