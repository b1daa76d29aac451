"""The operations of case. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import case as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing, Page
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["case"])


@router.post("/cells/{cell}/cases", **creation("propose_case", "Propose a case", changes=True))
async def propose_case(cell: UUID, body: models.ProposeCase, key: Key, if_match: IfMatch, caller: SignedIn) -> Response:
    """The coordinator makes a case of a signal, argued against the one purpose. The version to expect (If-Match) is
    that of the signal."""
    asked = body.message(pb.ProposeCaseRequest, expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.case.ProposeCase, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/cases/{receipt.id}")


@router.post("/cells/{cell}/cases/{case}/list", **change("place_on_list", "Place a case on the list"))
async def place_on_list(
    cell: UUID, case: UUID, body: models.PlaceOnList, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The mayor of the case's town, or a dated delegate, puts it on the list."""
    asked = body.message(pb.PlaceOnListRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.case.PlaceOnList, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/cases/{case}/refuse", **change("refuse_case", "Refuse a case"))
async def refuse_case(
    cell: UUID, case: UUID, body: models.RefuseCase, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The mayor of the case's town, or a dated delegate, refuses it with reasons: PROPOSED or REOPENED to REFUSED."""
    asked = body.message(pb.RefuseCaseRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.case.RefuseCase, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/cases/{case}/reconsider", **change("reconsider_case", "Take back the answer on a case"))
async def reconsider_case(
    cell: UUID, case: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The mayor of the case's town, or a dated delegate, takes back the answer while nobody relied on it: LISTED or
    REFUSED to PROPOSED. Listed: no session is planned, nobody was invited, and nobody wrote. Refused: within 24 hours.
    The mandatory seats leave the circle again, and the reasons are erased."""
    asked = pb.ReconsiderCaseRequest(case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.case.ReconsiderCase, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/cases/{case}/information", **change("note_information", "Say whether the person is informed")
)
async def note_information(
    cell: UUID, case: UUID, body: models.NoteInformation, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator says that the person concerned was informed, or until when that is put off and why. The last word
    counts. The receipt is the case's."""
    asked = body.message(pb.NoteInformationRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.case.NoteInformation, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/cases/{case}", **reading("read_case", "Read a case", models.Case))
async def read_case(
    cell: UUID, case: UUID, page: Annotated[models.ReadCaseQuery, Query()], caller: SignedIn
) -> Response:
    """The case with the parts the caller may read; for whoever may read none, there is none."""
    asked = page.message(pb.ReadCaseRequest, case_id=str(case))
    found = await caller.ask(caller.services.case.ReadCase, asked, cell)
    return answers.one(models.Case.model_validate(found), found.frame.version)


@router.get("/cells/{cell}/cases", **listing("list_cases", "The cases I may see", models.Cases))
async def list_cases(
    cell: UUID, page: Annotated[models.ListCasesPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """Frames of the cases the caller may see, newest first: no person and no free text."""
    asked = page.message(pb.ListCasesRequest)
    found = await caller.ask(caller.services.case.ListCases, asked, cell)
    return answers.page(models.Cases.model_validate(found), found.next_cursor, request)


@router.get("/cells/{cell}/waiting", **listing("list_waiting", "What waits for me", models.WaitingList))
async def list_waiting(cell: UUID, page: Annotated[Page, Query()], caller: SignedIn, request: Request) -> Response:
    """What waits for the caller in this cell, the most pressing first. No person and no free text."""
    asked = page.message(pb.ListWaitingRequest)
    found = await caller.ask(caller.services.case.ListWaiting, asked, cell)
    return answers.page(models.WaitingList.model_validate(found), found.next_cursor, request)
