"""The circle of a case: who sits at the table and until when; the coordinator invites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.kit.field_rules import limit_of
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.invitation_words import InvitationWords
from services.portal.web.request.checked import answers_page, between_again, changes, checked, overtaken
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.answers import Answers
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
    version = found.frame.version
    again = between_again(viewer, form, version, lambda: _invitation(viewer, table, found, form)[1])
    return again or _shown(viewer, table, found, form)


@router.post("/cells/{cell}/cases/{case}/circle")
async def invite(sender: Posted, cell: UUID, case: UUID) -> Response:
    """Invite somebody to this one case, for some parts, until a day; read once more before it is done."""
    table, found = await _read(sender, cell, case)
    if not _may_invite(found):
        raise NotFound
    form = sender.sent
    if changes(form):
        return _shown(sender, table, found, form)
    before = _invited_before(sender, table, found, form)
    if before and not form.value("checked"):
        return before
    asked, between = _invitation(sender, table, found, form)
    done = await checked(
        sender, sender.services.circle.InviteToCircle, asked, cell, lambda _: f"{sender.request.url.path}?invited=1",
        between=between, version=found.frame.version,
    )  # fmt: skip
    if done:
        return done
    table, found = await _read(sender, cell, case)
    return _invited_before(sender, table, found, form) or _shown(sender, table, found, form, status=422)


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


def _invitation(
    viewer: Viewer, table: TableView, case: pb.Case, form: Form
) -> tuple[pb.InviteToCircleRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    period = {
        "from": form.iso_day("from", missing=_("Write the first day.")),
        "to": form.iso_day("to", missing=_("Write the last day.")),
    }
    circle = CircleView(table, case, viewer.language, viewer.today)
    people = {candidate.person_id for candidate in _candidates(table, case, circle)}
    # Who is in by now may be so by this very invitation, sent twice: that the service knows by its key.
    people |= {guest.who.person_id for guest in circle.guests} if form.value("checked") else set()
    asked = pb.InviteToCircleRequest(
        case_id=case.frame.case_id,
        expected_version=form.version,
        person_id=form.choice("person_id", people, missing=_("Choose whom you invite.")),
        parts=form.choices("parts", PARTS, missing=_("Choose what this person may read.")),
        why=form.text("why", pb.InviteToCircleRequest, missing=_("Write why this person is needed.")),
        life_domains=form.choices("life_domains", LIFE_DOMAINS),
        **period,
    )
    return asked, lambda: _between(viewer, table, case, form, asked)


def _between(viewer: Viewer, table: TableView, case: pb.Case, form: Form, asked: pb.InviteToCircleRequest) -> Response:
    say, back = viewer.language.text, viewer.request.url.path
    words = InvitationWords(asked, table.person(asked.person_id), table, viewer.language, viewer.today)
    answers = Answers(
        say(_("Is this whom you invite?")), words.said(), say(_("Invite")), (back, say(_("Invite nobody now"))),
        words.doubts(), case.frame.code,
    )  # fmt: skip
    return answers_page(viewer, form, answers, table=table, tab="tables", watermark=viewer.mark)


def _invited_before(viewer: Viewer, table: TableView, case: pb.Case, form: Form) -> Response | None:
    """When somebody else invited this person meanwhile: who did, and until when."""
    circle, say = CircleView(table, case, viewer.language, viewer.today), viewer.language.text
    guest = next((guest for guest in circle.guests if guest.who.person_id == form.value("person_id")), None)
    if guest is None:
        return None
    name, first = circle.named(guest.who), viewer.language.day(guest.first_day, today=viewer.today)
    said = say(_("%(name)s is invited to this case already, from %(first)s on."), name=name, first=first)
    if guest.invited_by and guest.last_day:
        last = viewer.language.day(guest.last_day, today=viewer.today)
        said = say(
            _("%(by)s invited %(name)s to this case already, from %(first)s to %(last)s."),
            by=guest.invited_by, name=name, first=first, last=last,
        )  # fmt: skip
    onward = (viewer.request.url.path, say(_("To the circle of this case")))
    return overtaken(
        viewer, said, onward, form.value("why").strip(), table=table, tab="tables", watermark=viewer.mark
    )  # fmt: skip


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
