"""The operations of identity. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import Key, change
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/identities/disable", **change("disable_identity", "Shut somebody out at once", versioned=False))
async def disable_identity(body: models.DisableIdentity, key: Key, caller: SignedIn) -> Response:
    """The host: from now on no token of this person, identity provider or organisation counts anywhere, within one
    second, and the sign-in service gives none. Whether there is such a one is not told. When it counts here but the
    sign-in service does not answer (SignInServiceAway): give it again."""
    asked = body.message(pb.DisableIdentityRequest)
    receipt = await caller.ask(caller.services.identity.DisableIdentity, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post("/identities/enable", **change("enable_identity", "Let somebody sign in again", versioned=False))
async def enable_identity(body: models.EnableIdentity, key: Key, caller: SignedIn) -> Response:
    """The host: tokens issued from now on count again."""
    asked = body.message(pb.EnableIdentityRequest)
    receipt = await caller.ask(caller.services.identity.EnableIdentity, asked, PLATFORM, key)
    return answers.changed(receipt)
