"""Mayor and coordinator invite somebody to a mandate: a form, read once more in words, and then the letter goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.web.cell.invite_words import answers_of, holders_of
from services.portal.web.request.access import own_towns, seated
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.registering import kbo_of, new_organisation, register_new
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.cell_labels import DEPUTY_TURNS
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import going_on, law_title
from services.portal.web.ui.table import TableView
from services.portal.web.ui.towns import town_name

router = APIRouter(include_in_schema=False)

VERB = "invite_person"
Versions = Sequence[pb.LegalBasisVersion]


@router.get("/cells/{cell}/mandates/invite")
async def inviting(viewer: SignedIn, cell: UUID) -> Response:
    """The form, as it was left."""
    table, versions = await _asked_for(viewer, cell)
    form = await viewer.form_with_draft(many=True)
    again = between_again(viewer, form, 0, lambda: _invitation(viewer, table, versions, form)[1])
    return again or _shown(viewer, table, versions, form)


@router.post("/cells/{cell}/mandates/invite")
async def invite_person(sender: Posted, cell: UUID) -> Response:
    """Invite: an organisation that is new here is made known first."""
    (table, versions), form = await _asked_for(sender, cell), sender.sent
    if changes(form):
        return _shown(sender, table, versions, form)
    asked, between = _invitation(sender, table, versions, form)
    await register_new(sender, form, cell)
    done = await checked(
        sender, sender.services.mandate.InvitePerson, asked, cell, lambda _: f"/cells/{cell}/mandates?done=invited",
        between=between,
    )  # fmt: skip
    return done or _shown(sender, table, versions, form, 422)


async def _asked_for(viewer: Viewer, cell: UUID) -> tuple[TableView, Versions]:
    """Raises NotFound for who invites nobody here."""
    table, found = await together(
        seated(viewer, cell, VERB), viewer.ask(viewer.services.law.ListLegalBases, pb.ListLegalBasesRequest(), PLATFORM)
    )
    return table, going_on(found.legal_bases, viewer.today)


def _invitation(
    viewer: Viewer, table: TableView, versions: Versions, form: Form
) -> tuple[pb.InvitePersonRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    room, write = pb.InvitePersonRequest, _("Fill this in.")
    towns = [town.nis_code for town in own_towns(table)]
    chosen = form.choices("nis_codes", towns, missing=_("Tick at least one.")) if len(towns) > 1 else towns
    days = {
        "from": form.iso_day("from", missing=_("Write the first day.")),
        "to": form.iso_day("to", missing=_("Write the last day.")),
    }
    asked = room(
        **days, **{name: form.text(name, room, missing=write) for name in ("given_name", "family_name", "email")},
        kbo_number=kbo_of(form), nis_codes=chosen,
        role=form.choice("role", table.found.cell.gives, missing=_("Choose one.")),
        legal_basis=form.choice("legal_basis", [basis.code for basis in versions], missing=_("Choose one.")),
        clearance_until=form.iso_day("clearance_until"), note=form.text("note", room),
        language=form.choice("language", NAMES, missing=_("Choose one.")),
        **_deputy(table, form, Labels(viewer.language)),
    )  # fmt: skip
    new_organisation(form)

    def between() -> Response:
        new = form.value("organisation_name").strip()
        answers = answers_of(asked, new, table, versions, viewer.language)
        return answers_page(viewer, form, answers, table=table, tab="tables")

    return asked, between


def _deputy(table: TableView, form: Form, labels: Labels) -> dict[str, str]:
    """For whom and when; neither for somebody who comes to a seat of their own.

    A holder who left meanwhile is a fault: the mandate would count in full.
    """
    holder = form.choice("deputy_of", dict(holders_of(table, labels)))
    when = form.choice("deputy_when", DEPUTY_TURNS)
    if not holder and (when or form.value("deputy_of")):
        form.fail("deputy_of", _("Choose who is replaced."))
    if holder and not when:
        form.fail("deputy_when", _("Choose when."))
    return {"deputy_of": holder, "deputy_when": when}


def _shown(viewer: Viewer, table: TableView, versions: Versions, form: Form, status: int = 200) -> Response:
    labels, language, gives = Labels(viewer.language), viewer.language, table.found.cell.gives
    if not form.value("language"):
        form.fields["language"] = [language.code]
    return viewer.page(
        "cell/invite.html", status, table=table, tab="tables", form=form, draft_form="form",
        roles=[(role, name[:1].upper() + name[1:]) for role, name in labels.all("role").items() if role in gives],
        towns=[(town.nis_code, town_name(town, language)) for town in own_towns(table)],
        bases=[(basis.code, law_title(basis, language)) for basis in versions],
        languages=list(NAMES.items()), kinds=list(labels.all("kind").items()),
        registers=table.may("register_organisation"),
        holders=holders_of(table, labels), turns=list(labels.all("deputy_turn").items()),
    )  # fmt: skip
