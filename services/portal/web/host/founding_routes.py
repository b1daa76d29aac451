"""The host seats the first coordinator and the first mayor of a cell: invited, sent another letter, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.backends.calls import Refused
from services.portal.web.host.cell_routes import found_with, shown
from services.portal.web.host.founding_words import answers_of, roles_of, towns_of
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.registering import kbo_of, new_organisation, register_new
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import WHOLE, Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import NAMES
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import going_on, law_title
from services.portal.web.ui.towns import cell_name

router = APIRouter(include_in_schema=False)

Versions = Sequence[pb.LegalBasisVersion]


@router.get("/host/cells/{cell}/founding")
async def founding(viewer: SignedIn, cell: UUID) -> Response:
    """The form, as it was left."""
    found, versions = await _asked_for(viewer, cell)
    form = await viewer.form_with_draft(many=True)
    again = between_again(viewer, form, 0, lambda: _invitation(viewer, found, versions, form)[1])
    return again or _form_page(viewer, found, versions, form)


@router.post("/host/cells/{cell}/founding")
async def found_seat(sender: Posted, cell: UUID) -> Response:
    """Invite, when it was read once more; an organisation that is new here is made known first."""
    (found, versions), form = await _asked_for(sender, cell), sender.sent
    if changes(form):
        return _form_page(sender, found, versions, form)
    asked, between = _invitation(sender, found, versions, form)
    await register_new(sender, form, PLATFORM)
    ask, onward = sender.services.invitation.FoundSeat, f"/host/cells/{cell}?done=invited"
    done = await checked(sender, ask, asked, PLATFORM, lambda _: onward, between=between, mend=_founded(form))
    return done or _form_page(sender, found, versions, form, 422)


@router.post("/host/cells/{cell}/founding/{invitation}/resend")
async def resend_founding(sender: Posted, cell: UUID, invitation: UUID) -> Response:
    """A new letter with a new code."""
    asked = pb.ResendFoundingRequest(
        host_cell_id=str(cell), invitation_id=str(invitation), expected_version=sender.sent.version
    )
    ask, onward = sender.services.invitation.ResendFounding, f"/host/cells/{cell}?done=resent"
    done = await submit(
        sender, ask, asked, PLATFORM, lambda _: onward, drafted=False, mend=_founded(sender.sent)
    )  # fmt: skip
    return done or await shown(sender, cell, sender.sent, 422)


@router.post("/host/cells/{cell}/founding/{invitation}/withdraw")
async def withdraw_founding(sender: Posted, cell: UUID, invitation: UUID) -> Response:
    """Nobody comes by it any more."""
    asked = pb.WithdrawFoundingRequest(
        host_cell_id=str(cell), invitation_id=str(invitation), expected_version=sender.sent.version
    )
    ask, onward = sender.services.invitation.WithdrawFounding, f"/host/cells/{cell}?done=withdrawn"
    done = await submit(sender, ask, asked, PLATFORM, lambda _: onward, drafted=False)
    return done or await shown(sender, cell, sender.sent, 422)


def _founded(form: Form) -> Callable[[Refused], bool]:
    """Says it to the host; the sentence of the error speaks to who was invited."""

    def mend(refused: Refused) -> bool:
        if refused.problem.code != "CellFounded":
            return False
        form.fail(WHOLE, _("This seat is not yours to give any more: somebody came to it, or there is a mayor now."))
        return True

    return mend


async def _asked_for(viewer: Viewer, cell: UUID) -> tuple[pb.HostCell, Versions]:
    """The cell and the law. Raises NotFound where there is nothing to found."""
    found, law = await together(
        found_with(viewer, cell, "found_seat"),
        viewer.ask(viewer.services.law.ListLegalBases, pb.ListLegalBasesRequest(), PLATFORM),
    )
    return found, going_on(law.legal_bases, viewer.today)


def _invitation(
    viewer: Viewer, found: pb.HostCell, versions: Versions, form: Form
) -> tuple[pb.FoundSeatRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    room, write = pb.FoundSeatRequest, _("Fill this in.")
    towns = [code for code, name in towns_of(found, viewer.language)]
    chosen = form.choices("nis_codes", towns, missing=_("Tick at least one.")) if len(towns) > 1 else towns
    days = {
        "from": form.iso_day("from", missing=_("Write the first day.")),
        "to": form.iso_day("to", missing=_("Write the last day.")),
    }
    asked = room(
        **days, **{name: form.text(name, room, missing=write) for name in ("given_name", "family_name", "email")},
        host_cell_id=found.cell_id, kbo_number=kbo_of(form), nis_codes=chosen,
        role=form.choice("role", found.founds, missing=_("Choose one.")),
        legal_basis=form.choice("legal_basis", [basis.code for basis in versions], missing=_("Choose one.")),
        language=form.choice("language", NAMES, missing=_("Choose one.")),
    )  # fmt: skip
    organisation = new_organisation(form)

    def between() -> Response:
        name = organisation.name if organisation else ""
        return answers_page(viewer, form, answers_of(asked, name, found, versions, viewer.language), tab="host")

    return asked, between


def _form_page(viewer: Viewer, found: pb.HostCell, versions: Versions, form: Form, status: int = 200) -> Response:
    language = viewer.language
    if not form.value("language"):
        form.fields["language"] = [language.code]
    return viewer.page(
        "host/founding.html", status, tab="host", form=form, draft_form="form", name=cell_name(found, language),
        here=f"/host/cells/{found.cell_id}", roles=roles_of(found, language), towns=towns_of(found, language),
        bases=[(basis.code, law_title(basis, language)) for basis in versions],
        languages=list(NAMES.items()), kinds=list(Labels(language).all("kind").items()),
    )  # fmt: skip
