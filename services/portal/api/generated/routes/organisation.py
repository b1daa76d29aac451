"""The operations of organisation. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import Key, creation
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/organisations", **creation("register_organisation", "Make an organisation known"))
async def register_organisation(body: models.RegisterOrganisation, key: Key, caller: SignedIn) -> Response:
    """The host (on the platform) or a coordinator (own cell) makes an organisation known by its KBO number."""
    asked = body.message(pb.RegisterOrganisationRequest)
    receipt = await caller.ask(caller.services.organisation.RegisterOrganisation, asked, PLATFORM, key)
    return answers.created(receipt, f"{answers.ROOT}/organisations/{receipt.id}")
