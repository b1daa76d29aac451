"""The circle of a case: who sits at the table and until when; the coordinator invites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.portal.backends.calls import Refused
from services.portal.web.case.circle_view import SEAT_ROLES, CircleView
from services.portal.web.case.next_step import TABLED
from services.portal.web.request.access import sits_for
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer, together
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import LIFE_DOMAINS, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import Somebody, TableView

router = APIRouter(include_in_schema=False)

WHY = 2_000
INVITED_FOR = timedelta(weeks=13)
"""Some three months: proposed, the coordinator may choose another day."""
PARTS = {
    "identity": _("Name, date of birth and address of the person it is about."),
    "proposal": _("The criteria and arguments with which the case was proposed."),
    "content": _("Contributions, decisions and the plan. Without this a person cannot contribute."),
}
"""What a person can be invited to read, and what that is in plain words."""
WHOLE = {"If-Match": "form", "state": "form", "Idempotency-Key": "form", "case_id": "form"}


@router.get("/cells/{cell}/cases/{case}/circle")
async def circle_page(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """Who is in; for the coordinator with the form to invite."""
    table, found = await _read(viewer, cell, case)
    form, draft = await viewer.form_with_draft()
    if draft is None:
        form.fields["parts"] = list(PARTS)
    return _shown(viewer, table, found, form, kept=draft.saved_at if draft else None)


@router.post("/cells/{cell}/cases/{case}/circle")
async def invite(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Invite somebody to this one case, for some parts, until a day."""
    table, found = await _read(sender, cell, case)
    if not _may_invite(table, found):
        raise NotFound
    form = sender.sent
    asked = _invitation_in(sender, table, found)
    if not form.errors:
        try:
            await sender.ask(sender.services.circle.InviteToCircle, asked, cell, form.key)
        except Refused as refused:
            form.refuse(refused, WHOLE)
        else:
            await sender.drop_draft()
            return sender.go(f"{sender.request.url.path}?invited=1")
    return _shown(sender, table, found, form, status=422)


async def _read(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    table, found = await together(
        viewer.table(cell),
        viewer.ask(viewer.services.case.ReadCase, pb.ReadCaseRequest(case_id=str(case)), cell),
    )
    if not found.circle:
        # Who sees the frame by role alone does not learn who is in the circle.
        raise NotFound
    return table, found


def _may_invite(table: TableView, case: pb.Case) -> bool:
    return case.frame.state in TABLED and sits_for(table, case.frame.nis_code, ("coordinator",))


def _invitation_in(sender: Sender, table: TableView, case: pb.Case) -> pb.InviteToCircleRequest:
    form = sender.sent
    period = {
        "from": form.iso_day("from", missing=_("Write the first day.")),
        "to": form.iso_day("to", missing=_("Write the last day.")),
    }
    people = [one.person_id for one in _candidates(table, case, CircleView(table, case, sender.language, sender.today))]
    return pb.InviteToCircleRequest(
        case_id=case.frame.case_id,
        expected_version=form.version,
        person_id=form.choice("person_id", people, missing=_("Choose whom you invite.")),
        parts=form.choices("parts", PARTS, missing=_("Choose what this person may read.")),
        why=form.text("why", longest=WHY, missing=_("Write why this person is needed.")),
        life_domains=form.choices("life_domains", LIFE_DOMAINS),
        **period,
    )


def _candidates(table: TableView, case: pb.Case, circle: CircleView) -> list[Somebody]:
    """Who sits at the table of this town and is not in the circle, by organisation."""
    inside = {guest.who.person_id for guest in circle.guests}
    inside |= {one.person_id for seat in circle.seats for one in seat.holders}
    nis_code = case.frame.nis_code
    of_town = {one.person_id for one in table.found.mandates if nis_code in one.nis_codes and not one.ended}
    found = [one for one in table.seated if one.person_id in of_town - inside]
    return sorted(found, key=lambda one: (one.organisation, one.name))


def _shown(viewer: Viewer, table: TableView, case: pb.Case, form: Form, status: int = 200, **more: Any) -> Response:
    circle = CircleView(table, case, viewer.language, viewer.today)
    invites = _may_invite(table, case)
    labels = Labels(viewer.language)
    coordinators = table.holders(SEAT_ROLES["coordinator"], case.frame.nis_code)
    return viewer.page(
        "case/circle.html", status, table=table, tab="tables", case=case, circle=circle, form=form, invites=invites,
        address=f"{table.address}/cases/{case.frame.case_id}", coordinators=[one.name for one in coordinators],
        people=[
            (one.person_id, f"{one.organisation}: {one.name} ({table.role_of(one)})")
            for one in _candidates(table, case, circle)
        ],
        parts=[(code, labels.of("part", code), viewer.language.text(hint)) for code, hint in PARTS.items()],
        domains=[(one.code, one.name) for one in sorted(circle.domains, key=lambda one: bool(one.who))],
        first_day=viewer.today, last_day=viewer.today + INVITED_FOR, draft_form="form" if invites else "",
        invited=viewer.request.query_params.get("invited") == "1", watermark=viewer.mark, **{"kept": None, **more},
    )  # fmt: skip
