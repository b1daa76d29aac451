"""The circle of a case: who sits at the table and until when; the coordinator invites."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.kit.field_rules import limit_of
from services.portal.web.case.circle_view import CircleView
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, Sender, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import LIFE_DOMAINS, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

INVITED_FOR = timedelta(weeks=13)
"""Some three months: proposed, the coordinator may choose another day."""
PARTS = {
    "identity": _("Name, date of birth and address of the person it is about."),
    "proposal": _("The criteria and arguments with which the case was proposed."),
    "content": _("Contributions, decisions and the plan. Without this a person cannot contribute."),
}
"""What a person can be invited to read, and what that is in plain words."""


@router.get("/cells/{cell}/cases/{case}/circle")
async def circle_page(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """Who is in; for the coordinator with the form to invite."""
    table, found = await _read(viewer, cell, case)
    form = await viewer.form_with_draft(many=True)
    if form.kept is None:
        form.fields["parts"] = list(PARTS)
    return _shown(viewer, table, found, form)


@router.post("/cells/{cell}/cases/{case}/circle")
async def invite(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Invite somebody to this one case, for some parts, until a day."""
    table, found = await _read(sender, cell, case)
    if not _may_invite(found):
        raise NotFound
    form = sender.sent
    asked = _invitation_in(sender, table, found)
    invited = f"{sender.request.url.path}?invited=1"
    done = await submit(sender, sender.services.circle.InviteToCircle, asked, cell, lambda _: invited)
    return done or _shown(sender, table, found, form, status=422)


async def _read(viewer: Viewer, cell: UUID, case: UUID) -> tuple[TableView, pb.Case]:
    table, found = await together(
        viewer.table(cell),
        viewer.ask(viewer.services.case.ReadCase, pb.ReadCaseRequest(case_id=str(case)), cell),
    )
    if not found.circle:
        # Who sees the frame by role alone does not learn who is in the circle.
        raise NotFound
    return table, found


def _may_invite(case: pb.Case) -> bool:
    return "invite_to_circle" in case.may


def _invitation_in(sender: Sender, table: TableView, case: pb.Case) -> pb.InviteToCircleRequest:
    form = sender.sent
    period = {
        "from": form.iso_day("from", missing=_("Write the first day.")),
        "to": form.iso_day("to", missing=_("Write the last day.")),
    }
    circle = CircleView(table, case, sender.language, sender.today)
    people = [candidate.person_id for candidate in _candidates(table, case, circle)]
    return pb.InviteToCircleRequest(
        case_id=case.frame.case_id,
        expected_version=form.version,
        person_id=form.choice("person_id", people, missing=_("Choose whom you invite.")),
        parts=form.choices("parts", PARTS, missing=_("Choose what this person may read.")),
        why=form.text("why", pb.InviteToCircleRequest, missing=_("Write why this person is needed.")),
        life_domains=form.choices("life_domains", LIFE_DOMAINS),
        **period,
    )


def _candidates(table: TableView, case: pb.Case, circle: CircleView) -> list[Somebody]:
    """Who sits at the table of this town and is not in the circle, by organisation."""
    inside = {guest.who.person_id for guest in circle.guests}
    inside |= {holder.person_id for seat in circle.seats for holder in seat.holders}
    nis_code = case.frame.nis_code
    mandates = [mandate for mandate in table.found.mandates if nis_code in mandate.nis_codes and not mandate.ended]
    of_town = {mandate.person_id for mandate in mandates}
    found = [person for person in table.seated if person.person_id in of_town - inside]
    return sorted(found, key=lambda person: person.in_order_of_organisations)


def _shown(viewer: Viewer, table: TableView, case: pb.Case, form: Form, status: int = 200) -> Response:
    form.faces(case.frame.version)
    circle = CircleView(table, case, viewer.language, viewer.today)
    domains = sorted(circle.domains, key=lambda domain: bool(domain.who))
    invites = _may_invite(case)
    labels = Labels(viewer.language)
    coordinators = table.coordinators(case.frame.nis_code)
    return viewer.page(
        "case/circle.html", status, table=table, tab="tables", case=case, circle=circle, form=form, invites=invites,
        address=f"{table.address}/cases/{case.frame.case_id}", coordinators=[person.name for person in coordinators],
        people=[
            (person.person_id, f"{person.organisation}: {person.name_within} ({table.role_of(person)})")
            for person in _candidates(table, case, circle)
        ],
        parts=[(code, labels.of("part", code), viewer.language.text(hint)) for code, hint in PARTS.items()],
        domains=[(domain.code, domain.name) for domain in domains],
        first_day=viewer.today, last_day=viewer.today + INVITED_FOR, draft_form="form" if invites else "",
        longest=limit_of(pb.InviteToCircleRequest, "why"),
        invited=viewer.request.query_params.get("invited") == "1", watermark=viewer.mark,
    )  # fmt: skip
