"""Operations that need a hand: what they answer depends on more than their message (`by_hand` in the proto files)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import Key, creation, reading
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.get("/me", **reading("list_my_cells", "The tables I sit at", models.MyCells, etag=False))
async def list_my_cells(caller: SignedIn) -> Response:
    """The cells the caller has a valid mandate in, and whether the undertaking of secrecy is accepted there. A browser
    gets the token of its session as well, which its commands need."""
    found = await caller.ask(caller.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM)
    answer = answers.one(models.MyCells.model_validate(found))
    if caller.csrf_token:
        answer.headers["X-CSRF-Token"] = caller.csrf_token
    return answer


@router.post("/cells/{cell}/mandates", **creation("invite_person", "Invite somebody to a mandate"))
async def invite_person(cell: UUID, body: models.InvitePerson, key: Key, caller: SignedIn) -> Response:
    """Mayor and coordinator invite to mandates for their towns, by a letter with a one-time code. The host invites the
    first coordinator and the first mayor of a cell without mayor; all else it asks for waits as a proposal (state
    PROPOSED), and has its address there, until the cell says yes."""
    asked = body.message(pb.InvitePersonRequest)
    receipt = await caller.ask(caller.services.mandate.InvitePerson, asked, cell, key)
    place = "mandate-proposals" if receipt.state == "PROPOSED" else "invitations"
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/{place}/{receipt.id}")
