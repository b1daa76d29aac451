"""The operations of mandate. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/cells/{cell}/mandates/{mandate}/end", **change("end_mandate", "End a mandate"))
async def end_mandate(
    cell: UUID, mandate: UUID, body: models.EndMandate, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Ends a mandate now; effective everywhere within one second. Mayor and coordinator end every mandate of their
    towns, the coordinator not the last mayor's; the host any, on the record."""
    asked = body.message(pb.EndMandateRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.mandate.EndMandate, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/mandates", **listing("list_mandates", "Who sits in this cell", models.Mandates))
async def list_mandates(
    cell: UUID, page: Annotated[models.ListMandatesPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """The mandates of the addressed cell, whoever gave them, newest first, with the names of the persons, for those who
    sit in it; the host gets them without names."""
    asked = page.message(pb.ListMandatesRequest)
    found = await caller.ask(caller.services.mandate.ListMandates, asked, cell)
    return answers.page(models.Mandates.model_validate(found), found.next_cursor, request)


@router.post("/cells/{cell}/undertakings", **creation("accept_undertaking", "Accept the undertaking of secrecy"))
async def accept_undertaking(cell: UUID, body: models.AcceptUndertaking, key: Key, caller: SignedIn) -> Response:
    """The caller accepts the undertaking of secrecy of this cell; nothing of its content is readable before."""
    asked = body.message(pb.AcceptUndertakingRequest)
    receipt = await caller.ask(caller.services.mandate.AcceptUndertaking, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/me")


@router.get(
    "/cells/{cell}/undertaking",
    **reading("read_undertaking", "The undertaking of secrecy of a cell", models.UndertakingText, etag=False),
)
async def read_undertaking(cell: UUID, caller: SignedIn) -> Response:
    """The text of secrecy to accept in this cell, its own or the platform's, and the one the caller accepted when that
    is another. Read before it is accepted, so by everybody with a mandate."""
    asked = pb.ReadUndertakingRequest()
    found = await caller.ask(caller.services.mandate.ReadUndertaking, asked, cell)
    return answers.one(models.UndertakingText.model_validate(found))
