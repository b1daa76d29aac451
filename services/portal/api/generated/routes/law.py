"""The operations of law. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import reading
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
