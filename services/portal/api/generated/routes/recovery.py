"""The operations of recovery. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing
from services.portal.api.schema import Nothing, Page
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/recoveries", **creation("propose_recovery", "Propose somebody for a cell that has nobody"))
async def propose_recovery(body: models.ProposeRecovery, key: Key, caller: SignedIn) -> Response:
    """The first: somebody of the host proposes a mayor or coordinator; it is announced at once, and nothing is
    given."""
    asked = body.message(pb.ProposeRecoveryRequest)
    receipt = await caller.ask(caller.services.recovery.ProposeRecovery, asked, PLATFORM, key)
    return answers.created(receipt, f"{answers.ROOT}/recoveries/{receipt.id}")


@router.post(
    "/recoveries/{recovery}/second", **change("second_recovery", "Say yes to a recovery, as the second of the host")
)
async def second_recovery(
    recovery: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The second: another person of the host says yes; from then on oversight may confirm."""
    asked = pb.SecondRecoveryRequest(recovery_id=str(recovery), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.recovery.SecondRecovery, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/recoveries/{recovery}/confirm", **change("confirm_recovery", "Say yes to a recovery, for oversight")
)
async def confirm_recovery(
    cell: UUID, recovery: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The third, by oversight: the mandate is given now and content opens 72 hours later; the receipt is the
    mandate's."""
    asked = pb.ConfirmRecoveryRequest(recovery_id=str(recovery), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.recovery.ConfirmRecovery, asked, cell, key)
    return answers.changed(receipt)


@router.get(
    "/cells/{cell}/recoveries",
    **listing("list_recoveries", "Who is proposed for a cell that has nobody", models.Recoveries),
)
async def list_recoveries(cell: UUID, page: Annotated[Page, Query()], caller: SignedIn, request: Request) -> Response:
    """The recoveries that wait, newest first: for oversight those of its cell; the host's people give the platform's id
    and get those of all cells."""
    asked = page.message(pb.ListRecoveriesRequest)
    found = await caller.ask(caller.services.recovery.ListRecoveries, asked, cell)
    return answers.page(models.Recoveries.model_validate(found), found.next_cursor, request)
