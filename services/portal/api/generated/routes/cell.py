"""The operations of cell. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing, Page
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/cells", **creation("create_cell", "Open a cell"))
async def create_cell(body: models.CreateCell, key: Key, caller: SignedIn) -> Response:
    """The host opens a cell for one to twenty municipalities by their NIS codes."""
    asked = body.message(pb.CreateCellRequest)
    receipt = await caller.ask(caller.services.cell.CreateCell, asked, PLATFORM, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{receipt.id}")


@router.get("/cells", **listing("list_cells", "The cells of this host", models.Cells))
async def list_cells(page: Annotated[Page, Query()], caller: SignedIn, request: Request) -> Response:
    """For the host: its cells from outside, newest first, and how many Flemish municipalities have one."""
    asked = page.message(pb.ListCellsRequest)
    found = await caller.ask(caller.services.cell.ListCells, asked, PLATFORM)
    return answers.page(models.Cells.model_validate(found), found.next_cursor, request)


@router.get("/host-cells/{host_cell}", **reading("read_cell", "One cell of this host", models.HostCell, etag=False))
async def read_cell(host_cell: UUID, caller: SignedIn) -> Response:
    """For the host: one cell from outside, with what it still needs by code alone, and how many people hold a mandate.
    Addressed to the platform tenant."""
    asked = pb.ReadCellRequest(host_cell_id=str(host_cell))
    found = await caller.ask(caller.services.cell.ReadCell, asked, PLATFORM)
    return answers.one(models.HostCell.model_validate(found))


@router.post(
    "/host-cells/{host_cell}/withdraw", **change("withdraw_cell", "Take back a cell that nobody had", versioned=False)
)
async def withdraw_cell(host_cell: UUID, key: Key, caller: SignedIn, body: Nothing | None = None) -> Response:
    """The host takes back a cell in which nobody was ever given or proposed anything: SETTING_UP to WITHDRAWN. Its
    towns are free again, and it is as if it had never been. Addressed to the platform tenant."""
    asked = pb.WithdrawCellRequest(host_cell_id=str(host_cell))
    receipt = await caller.ask(caller.services.cell.WithdrawCell, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post("/host-cells/{host_cell}/suspend", **change("suspend_cell", "Suspend a cell", versioned=False))
async def suspend_cell(host_cell: UUID, body: models.SuspendCell, key: Key, caller: SignedIn) -> Response:
    """The host suspends a cell: within a second nobody of it acts or reads, but oversight its log; to SUSPENDED. Its
    terms go on, coordinator and mayor are written to. Addressed to the platform tenant."""
    asked = body.message(pb.SuspendCellRequest, host_cell_id=str(host_cell))
    receipt = await caller.ask(caller.services.cell.SuspendCell, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post("/host-cells/{host_cell}/resume", **change("resume_cell", "Resume a suspended cell", versioned=False))
async def resume_cell(host_cell: UUID, key: Key, caller: SignedIn, body: Nothing | None = None) -> Response:
    """The host resumes it: to what it was. Addressed to the platform tenant."""
    asked = pb.ResumeCellRequest(host_cell_id=str(host_cell))
    receipt = await caller.ask(caller.services.cell.ResumeCell, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/brand-colour",
    **change("change_brand_colour", "Change the colour of a cell's pages", versioned=False),
)
async def change_brand_colour(cell: UUID, body: models.ChangeBrandColour, key: Key, caller: SignedIn) -> Response:
    """Host or coordinator: the one colour the pages of this cell are tinted with."""
    asked = body.message(pb.ChangeBrandColourRequest)
    receipt = await caller.ask(caller.services.cell.ChangeBrandColour, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/table", **reading("read_table", "A table I sit at", models.Table, etag=False))
async def read_table(cell: UUID, page: Annotated[models.ReadTableQuery, Query()], caller: SignedIn) -> Response:
    """The addressed cell as somebody who sits in it sees it: its towns, the caller's own place, and who else sits or
    sat in it. Before the undertaking is accepted: without the others."""
    asked = page.message(pb.ReadTableRequest)
    found = await caller.ask(caller.services.cell.ReadTable, asked, cell)
    return answers.one(models.Table.model_validate(found))


@router.get(
    "/cells/{cell}/set-up", **reading("read_set_up", "What this cell needs before it takes cases", models.SetUp)
)
async def read_set_up(cell: UUID, caller: SignedIn) -> Response:
    """For coordinator, mayor and data protection officer: what a cell needs before it takes cases, each line done or
    not, who does it and since when; also later, when a seat fell empty."""
    asked = pb.ReadSetUpRequest()
    found = await caller.ask(caller.services.cell.ReadSetUp, asked, cell)
    return answers.one(models.SetUp.model_validate(found), found.version)


@router.post("/cells/{cell}/dpia", **change("set_dpia", "Say where the data protection impact assessment is"))
async def set_dpia(cell: UUID, body: models.SetDpia, key: Key, if_match: IfMatch, caller: SignedIn) -> Response:
    """Coordinator or data protection officer: where the data protection impact assessment of this cell is found, and
    its day."""
    asked = body.message(pb.SetDpiaRequest, expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.cell.SetDpia, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/danger-contact", **change("set_danger_contact", "Say whom to reach in acute danger"))
async def set_danger_contact(
    cell: UUID, body: models.SetDangerContact, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator: whom people of this cell reach when there is danger, after the emergency numbers."""
    asked = body.message(pb.SetDangerContactRequest, expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.cell.SetDangerContact, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/contact", **change("change_contact", "Change the municipality's address for letters"))
async def change_contact(
    cell: UUID, body: models.ChangeContact, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator: the e-mail address of the municipality, where it is told what the host does here without the
    cell."""
    asked = body.message(pb.ChangeContactRequest, expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.cell.ChangeContact, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/open", **change("open_table", "Open the table: the cell takes cases", versioned=False))
async def open_table(cell: UUID, key: Key, caller: SignedIn, body: Nothing | None = None) -> Response:
    """The coordinator: the cell takes cases from now on. SETTING_UP to ACTIVE, once every line that is not optional is
    done."""
    asked = pb.OpenTableRequest()
    receipt = await caller.ask(caller.services.cell.OpenTable, asked, cell, key)
    return answers.changed(receipt)
