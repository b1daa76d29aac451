"""The operations of identity. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import Key, change, listing, reading
from services.portal.api.schema import Nothing, Page
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


@router.get("/me/sign-ins", **reading("list_my_sign_ins", "Where I am signed in", models.MySignIns, etag=False))
async def list_my_sign_ins(caller: SignedIn) -> Response:
    """Where the caller is signed in now, the last used first. Nobody asks it about somebody else
    (docs/decisions/0076)."""
    asked = pb.ListMySignInsRequest()
    found = await caller.ask(caller.services.identity.ListMySignIns, asked, PLATFORM)
    return answers.one(models.MySignIns.model_validate(found))


@router.post("/me/sign-ins/{sign_in}/end", **change("end_my_sign_in", "Sign out where I am signed in", versioned=False))
async def end_my_sign_in(sign_in: UUID, key: Key, caller: SignedIn, body: Nothing | None = None) -> Response:
    """The caller ends one of these: its tokens count nowhere within a second, open pages included."""
    asked = pb.EndMySignInRequest(sign_in_id=str(sign_in))
    receipt = await caller.ask(caller.services.identity.EndMySignIn, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post("/me/sign-ins/end-others", **change("end_my_other_sign_ins", "Sign out everywhere else", versioned=False))
async def end_my_other_sign_ins(key: Key, caller: SignedIn, body: Nothing | None = None) -> Response:
    """The caller ends all but the one this is asked by."""
    asked = pb.EndMyOtherSignInsRequest()
    receipt = await caller.ask(caller.services.identity.EndMyOtherSignIns, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post(
    "/me/sign-ins/report-theft", **change("report_theft", "That was not me: end every sign-in of mine", versioned=False)
)
async def report_theft(key: Key, caller: SignedIn, body: Nothing | None = None) -> Response:
    """The caller says that somebody else signed in as them: every sign-in ends, this one too, and every token issued
    until now; at the sign-in service as well. The coordinators of the caller's tables are told to look, and the host
    sees that it happened, not to whom."""
    asked = pb.ReportTheftRequest()
    receipt = await caller.ask(caller.services.identity.ReportTheft, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.get("/thefts", **listing("list_thefts", "Sign-ins that were reported as somebody else's", models.Thefts))
async def list_thefts(page: Annotated[Page, Query()], caller: SignedIn, request: Request) -> Response:
    """For the host: when somebody reported that, the newest first; of nobody."""
    asked = page.message(pb.ListTheftsRequest)
    found = await caller.ask(caller.services.identity.ListThefts, asked, PLATFORM)
    return answers.page(models.Thefts.model_validate(found), found.next_cursor, request)
