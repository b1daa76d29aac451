"""The operations of law. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, reading
from services.portal.api.schema import Nothing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.get(
    "/legal-bases", **reading("list_legal_bases", "The law these tables rest on", models.LegalBases, etag=False)
)
async def list_legal_bases(caller: SignedIn) -> Response:
    """For everybody signed in, and for the host: every version of every legal basis, the newest first."""
    asked = pb.ListLegalBasesRequest()
    found = await caller.ask(caller.services.law.ListLegalBases, asked, PLATFORM)
    return answers.one(models.LegalBases.model_validate(found))


@router.post("/legal-bases", **creation("add_legal_basis", "Put a legal basis into the register"))
async def add_legal_basis(body: models.AddLegalBasis, key: Key, caller: SignedIn) -> Response:
    """The host: a new legal basis, or a new version of one, from a day on. What it takes the place of gets its last day
    the day before, in the same act. On each day there is one that lets people speak, and no two. Days that are over
    keep their law: from tomorrow on where another ends by it, else from today on. Mandates that rest on what ends keep
    it."""
    asked = body.message(pb.AddLegalBasisRequest)
    receipt = await caller.ask(caller.services.law.AddLegalBasis, asked, PLATFORM, key)
    return answers.created(receipt, f"{answers.ROOT}/legal-bases")


@router.post(
    "/cells/{cell}/legal-bases/{legal_basis}/confirm",
    **change("confirm_legal_basis", "Confirm a legal basis for a cell"),
)
async def confirm_legal_basis(
    cell: UUID, legal_basis: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The data protection officer of a cell confirms, for the cell, a version as it was read: what it is, from when on
    and what it is for. It is not taken back."""
    asked = pb.ConfirmLegalBasisRequest(legal_basis_id=str(legal_basis), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.law.ConfirmLegalBasis, asked, cell, key)
    return answers.changed(receipt)


@router.post("/legal-bases/{legal_basis}/end", **change("end_legal_basis", "Give a legal basis its last day"))
async def end_legal_basis(
    legal_basis: UUID, body: models.EndLegalBasis, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The host gives a version its last day, today or later; nothing else of one is ever changed. Mandates that rest on
    it go on to their own end; none is given on it beyond that day."""
    asked = body.message(
        pb.EndLegalBasisRequest, legal_basis_id=str(legal_basis), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.law.EndLegalBasis, asked, PLATFORM, key)
    return answers.changed(receipt)
