"""The data protection officer of a cell confirms a legal basis. Nothing is typed: what is confirmed is the form."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.web.request.access import seated
from services.portal.web.request.checked import answers_page
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.register import basis_of
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

REGISTER = "/help/law"


@router.get("/cells/{cell}/law/{legal_basis}/confirm")
async def confirming(viewer: SignedIn, cell: UUID, legal_basis: UUID) -> Response:
    """The version, in words."""
    table, version = await _to_confirm(viewer, cell, legal_basis)
    return _asked(viewer, table, version, viewer.form())


@router.post("/cells/{cell}/law/{legal_basis}/confirm")
async def confirm_legal_basis(sender: Posted, cell: UUID, legal_basis: UUID) -> Response:
    """Confirm it as it was read."""
    form = sender.sent
    table, version = await _to_confirm(sender, cell, legal_basis)
    asked = pb.ConfirmLegalBasisRequest(legal_basis_id=str(legal_basis), expected_version=form.version)
    confirm = sender.services.law.ConfirmLegalBasis
    done = await submit(sender, confirm, asked, cell, lambda _: REGISTER, drafted=False)
    return done or _asked(sender, table, version, form, 422)


async def _to_confirm(viewer: Viewer, cell: UUID, legal_basis: UUID) -> tuple[TableView, pb.LegalBasisVersion]:
    """Raises NotFound for who may not, and for what is not in the register."""
    table, found = await together(
        seated(viewer, cell, "confirm_legal_basis"),
        viewer.ask(viewer.services.law.ListLegalBases, pb.ListLegalBasesRequest(), PLATFORM),
    )
    version = next((basis for basis in found.legal_bases if basis.legal_basis_id == str(legal_basis)), None)
    if version is None:
        raise NotFound
    return table, version


def _asked(viewer: Viewer, table: TableView, version: pb.LegalBasisVersion, form: Form, status: int = 200) -> Response:
    say, basis = viewer.language.text, basis_of(version, viewer.language)
    form.faces(version.version)
    said = [
        Answer(say(_("Legal basis")), basis.title),
        Answer(say(_("What it is for")), "; ".join(basis.purposes)),
        Answer(say(_("For whom")), ", ".join(basis.kinds) or say(_("all partners"))),
        Answer(say(_("Where")), ", ".join(basis.regions) or say(_("everywhere in Belgium"))),
        Answer(say(_("First day")), basis.first),
        Answer(say(_("Last day")), basis.last or say(_("none is known"))),
        Answer(say(_("Source, in English")), basis.source),
    ]
    title = say(_("Do you confirm this for %(cell)s?"), cell=table.name)
    answers = Answers(title, said, say(_("Confirm it")), (REGISTER, say(_("Do not confirm it now"))))
    return answers_page(viewer, form, answers, status, kept=False, table=table, tab="tables")
