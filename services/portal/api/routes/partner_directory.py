"""Cells, organisations, mandates, undertakings."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.get("/me", **reading("list_my_cells", "The tables I sit at", models.MyCells, etag=False))
async def list_my_cells(caller: SignedIn) -> Response:
    """The cells the caller has a valid mandate in, and whether the undertaking of secrecy is accepted there."""
    found = await caller.ask(caller.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM)
    answer = answers.one(models.MyCells.model_validate(found))
    if caller.csrf_token:
        answer.headers["X-CSRF-Token"] = caller.csrf_token
    return answer


@router.post("/cells", **creation("create_cell", "Open a cell"))
async def create_cell(body: models.CreateCell, key: Key, caller: SignedIn) -> Response:
    """The host opens a cell for one to twenty municipalities by their NIS codes."""
    receipt = await caller.ask(caller.services.cell.CreateCell, body.message(pb.CreateCellRequest), PLATFORM, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{receipt.id}")


@router.get("/cells", **listing("list_cells", "The cells of this host", models.Cells))
async def list_cells(page: Annotated[models.CellPage, Query()], caller: SignedIn, request: Request) -> Response:
    """For the host: every cell from outside, and how many Flemish municipalities have one."""
    asked = pb.ListCellsRequest(page_size=page.page_size, cursor=page.cursor)
    found = await caller.ask(caller.services.cell.ListCells, asked, PLATFORM)
    return answers.page(models.Cells.model_validate(found), found.next_cursor, request)


@router.get("/cells/{cell}/table", **reading("read_table", "A table I sit at", models.Table, etag=False))
async def read_table(cell: UUID, caller: SignedIn) -> Response:
    """The cell with its towns, the caller's own place, and who else sits or sat there."""
    found = await caller.ask(caller.services.cell.ReadTable, pb.ReadTableRequest(), cell)
    return answers.one(models.Table.model_validate(found))


@router.post(
    "/cells/{cell}/brand-colour",
    **change("change_brand_colour", "Change the colour of a cell's pages", versioned=False),
)
async def change_brand_colour(cell: UUID, body: models.ChangeBrandColour, key: Key, caller: SignedIn) -> Response:
    """The coordinator or the host changes the one colour the cell's pages are tinted with."""
    asked = body.message(pb.ChangeBrandColourRequest)
    return answers.changed(await caller.ask(caller.services.cell.ChangeBrandColour, asked, cell, key))


@router.post("/organisations", **creation("register_organisation", "Make an organisation known"))
async def register_organisation(body: models.RegisterOrganisation, key: Key, caller: SignedIn) -> Response:
    """The host makes a partner organisation known by its KBO number."""
    receipt = await caller.ask(
        caller.services.organisation.RegisterOrganisation,
        body.message(pb.RegisterOrganisationRequest), PLATFORM, key,
    )  # fmt: skip
    return answers.created(receipt, f"{answers.ROOT}/organisations/{receipt.id}")


@router.post("/identities/disable", **change("disable_identity", "Shut somebody out at once", versioned=False))
async def disable_identity(body: models.DisableIdentity, key: Key, caller: SignedIn) -> Response:
    """The host: no token of this person, identity provider or organisation counts any more, within one second."""
    asked = body.message(pb.DisableIdentityRequest)
    return answers.changed(await caller.ask(caller.services.identity.DisableIdentity, asked, PLATFORM, key))


@router.post("/identities/enable", **change("enable_identity", "Let somebody sign in again", versioned=False))
async def enable_identity(body: models.EnableIdentity, key: Key, caller: SignedIn) -> Response:
    """The host: who signs in from now on is let in again."""
    asked = body.message(pb.EnableIdentityRequest)
    return answers.changed(await caller.ask(caller.services.identity.EnableIdentity, asked, PLATFORM, key))


@router.get("/cells/{cell}/mandates", **listing("list_mandates", "Who sits in this cell", models.Mandates))
async def list_mandates(
    cell: UUID, page: Annotated[models.MandatePage, Query()], caller: SignedIn, request: Request
) -> Response:
    """The mandates of the cell, whoever gave them, with the names of the persons, for those who sit in it."""
    asked = pb.ListMandatesRequest(page_size=page.page_size, cursor=page.cursor, ended=page.ended)
    found = await caller.ask(caller.services.mandate.ListMandates, asked, cell)
    return answers.page(models.Mandates.model_validate(found), found.next_cursor, request)


@router.post("/cells/{cell}/mandates", **creation("invite_person", "Give somebody a mandate"))
async def invite_person(cell: UUID, body: models.InvitePerson, key: Key, caller: SignedIn) -> Response:
    """Mayor and coordinator give the mandates of their towns. The host gives the first coordinator and the first mayor
    of a cell without mayor; all else it asks for waits as a proposal (state PROPOSED) until the cell says yes."""
    receipt = await caller.ask(caller.services.mandate.InvitePerson, body.message(pb.InvitePersonRequest), cell, key)
    place = "mandate-proposals" if receipt.state == "PROPOSED" else "mandates"
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/{place}/{receipt.id}")


@router.post("/cells/{cell}/mandates/{mandate}/end", **change("end_mandate", "End a mandate"))
async def end_mandate(
    cell: UUID, mandate: UUID, body: models.EndMandate, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Ends a mandate now; effective everywhere within one second."""
    asked = body.message(pb.EndMandateRequest, mandate_id=str(mandate), expected_version=answers.version_of(if_match))
    return answers.changed(await caller.ask(caller.services.mandate.EndMandate, asked, cell, key))


@router.post("/cells/{cell}/undertakings", **creation("accept_undertaking", "Accept the undertaking of secrecy"))
async def accept_undertaking(cell: UUID, body: models.AcceptUndertaking, key: Key, caller: SignedIn) -> Response:
    """Nothing of the content of this cell is readable before."""
    asked = body.message(pb.AcceptUndertakingRequest)
    receipt = await caller.ask(caller.services.mandate.AcceptUndertaking, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/me")
