"""The coordinator invites somebody to one case, for some parts, until a day: step by step, and read once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.kit.errors import NotFound
from services.kit.field_rules import limit_of
from services.portal.web.case.circle_routes import may_invite, read_circle
from services.portal.web.case.circle_view import CircleView
from services.portal.web.case.invitation_words import InvitationWords
from services.portal.web.case.invite_steps import (
    LAST,
    PARTS,
    STEPS,
    after,
    asked_in,
    before,
    beside,
    read_invitation,
    step_of,
)
from services.portal.web.request.checked import answers_page, between_again, changes, checked, overtaken
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.answers import Answers
from services.portal.web.ui.forms import WHOLE, Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.people import Somebody
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

BACK = "back"
"""What the button to the step before says it changes."""
INVITED_FOR = timedelta(weeks=13)
"""Some three months: proposed, the coordinator may choose another day."""


@router.get("/cells/{cell}/cases/{case}/circle/invite")
async def invitation(viewer: SignedIn, cell: UUID, case: UUID) -> Response:
    """The first step, or the one at which it was left."""
    table, found = await read_circle(viewer, cell, case)
    if not may_invite(found):
        raise NotFound
    form = await viewer.form_with_draft(many=True)
    again = between_again(viewer, form, found.frame.version, lambda: _invitation(viewer, table, found, form)[1])
    return again or _shown(viewer, table, found, form, step_of(form))


@router.post("/cells/{cell}/cases/{case}/circle/invite")
async def invite(sender: Posted, cell: UUID, case: UUID) -> Response:
    """On to the next step, or back; after the last the invitation is read in words, and then sent."""
    table, found = await read_circle(sender, cell, case)
    if not may_invite(found):
        raise NotFound
    form, step = sender.sent, step_of(sender.sent)
    if form.value("change") == BACK:
        return _shown(sender, table, found, form, before(step) or step)
    if changes(form):
        form.fields["at_once"] = ["1"]
        return _shown(sender, table, found, form, asked_in(form.value("change")))
    if not form.value("checked"):
        overtaken_by = _invited_before(sender, table, found, form)
        if overtaken_by or _goes_on(form, step):
            return overtaken_by or _next(sender, table, found, form, step)
    asked, between = _invitation(sender, table, found, form)
    done = await checked(
        sender, sender.services.circle.InviteToCircle, asked, cell, lambda _: f"{_circle(table, found)}?invited=1",
        between=between, version=found.frame.version,
    )  # fmt: skip
    if done:
        return done
    table, found = await read_circle(sender, cell, case)
    return _invited_before(sender, table, found, form) or _faulty(sender, table, found, form)


def _goes_on(form: Form, step: str) -> bool:
    """Whether another step follows: not when one came from the page between to change something."""
    return step != LAST and not form.value("at_once")


def _next(viewer: Viewer, table: TableView, case: pb.Case, form: Form, step: str) -> Response:
    read_invitation(form, _people(table, case, viewer, form), step)
    if form.errors:
        return _faulty(viewer, table, case, form)
    return _shown(viewer, table, case, form, after(step))


def _faulty(viewer: Viewer, table: TableView, case: pb.Case, form: Form) -> Response:
    """The first step with a fault; the sentences of those after it are said when they are reached."""
    step = min((asked_in(name) for name in form.errors if name != WHOLE), key=list(STEPS).index, default=step_of(form))
    form.errors = {name: said for name, said in form.errors.items() if name == WHOLE or name in STEPS[step]}
    return _shown(viewer, table, case, form, step, status=422)


def _circle(table: TableView, case: pb.Case) -> str:
    return f"{table.address}/cases/{case.frame.case_id}/circle"


def _people(table: TableView, case: pb.Case, viewer: Viewer, form: Form) -> set[str]:
    """Who can be chosen; also who is in by now, perhaps by this very invitation: sent twice, the service knows it."""
    circle = CircleView(table, case, viewer.language, viewer.today)
    people = {candidate.person_id for candidate in _candidates(table, case, circle)}
    return people | ({guest.who.person_id for guest in circle.guests} if form.value("checked") else set())


def _invitation(
    viewer: Viewer, table: TableView, case: pb.Case, form: Form
) -> tuple[pb.InviteToCircleRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    asked = read_invitation(form, _people(table, case, viewer, form))
    asked.case_id = case.frame.case_id
    return asked, lambda: _between(viewer, table, case, form, asked)


def _between(viewer: Viewer, table: TableView, case: pb.Case, form: Form, asked: pb.InviteToCircleRequest) -> Response:
    say = viewer.language.text
    words = InvitationWords(asked, table.person(asked.person_id), table, viewer.language, viewer.today)
    answers = Answers(
        say(_("Is this whom you invite?")), words.said(), say(_("Invite")),
        (_circle(table, case), say(_("Invite nobody now"))), words.doubts(), case.frame.code,
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
    onward = (_circle(table, case), say(_("To the circle of this case")))
    return overtaken(
        viewer, said, onward, form.value("why").strip(), table=table, tab="tables", watermark=viewer.mark
    )  # fmt: skip


def _candidates(table: TableView, case: pb.Case, circle: CircleView) -> list[Somebody]:
    """Who sits at the table of this town and is neither in the circle nor kept out of it: who told it first."""
    inside = {guest.who.person_id for guest in circle.guests}
    inside |= {holder.person_id for seat in circle.seats for holder in seat.holders}
    inside |= circle.kept_out
    found = [person for person in table.seated_for(case.frame.nis_code) if person.person_id not in inside]
    return sorted(found, key=lambda person: (person.person_id != case.reporter_id, person.in_order_of_organisations))


def _called(viewer: Viewer, table: TableView, case: pb.Case, person: Somebody) -> str:
    """What somebody is called in the choice, and that it is the one who told it."""
    role = table.role_of(person)
    if person.person_id == case.reporter_id:
        role = viewer.language.text(_("%(role)s, told the signal"), role=role)
    return f"{person.organisation}: {person.name_within} ({role})"


def _shown(viewer: Viewer, table: TableView, case: pb.Case, form: Form, step: str, status: int = 200) -> Response:
    form.faces(case.frame.version)
    circle = CircleView(table, case, viewer.language, viewer.today)
    domains = sorted(circle.domains, key=lambda domain: bool(domain.who))
    labels, chosen = Labels(viewer.language), form.value("person_id")
    if step == LAST and "parts" not in form.fields and not form.errors:
        form.fields["parts"] = list(PARTS)
    return viewer.page(
        f"case/invite_{step}.html", status, table=table, tab="tables", case=case, form=form, step=step,
        now=list(STEPS).index(step) + 1, all=len(STEPS) + 1, first=not before(step), carry=beside(step, form),
        address=f"{table.address}/cases/{case.frame.case_id}",
        who=circle.named(table.person(chosen)) if chosen else "",
        people=[(who.person_id, _called(viewer, table, case, who)) for who in _candidates(table, case, circle)],
        parts=[(code, labels.of("part", code), viewer.language.text(hint)) for code, hint in PARTS.items()],
        domains=[(domain.code, domain.name) for domain in domains],
        first_day=viewer.today, last_day=viewer.today + INVITED_FOR, draft_form="form",
        longest=limit_of(pb.InviteToCircleRequest, "why"), watermark=viewer.mark,
    )  # fmt: skip
