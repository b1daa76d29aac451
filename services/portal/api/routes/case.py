"""Signals, cases, their circle and what the circle shares."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.models import case as bodies
from services.portal.api.models import case_views as views
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=f"{answers.ROOT}/cells/{{cell}}", tags=["case"])


@router.post("/signals", **creation("enter_signal", "Enter a signal"))
async def enter_signal(cell: UUID, body: bodies.EnterSignal, key: Key, caller: SignedIn) -> Response:
    """Anyone with a mandate in the cell tells of a concern. The reporter reads the own text, the coordinator all."""
    receipt = await caller.ask(caller.services.signal.EnterSignal, body.message(pb.EnterSignalRequest), cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/signals/{receipt.id}")


@router.get("/signals", **listing("list_signals", "The signals I may read", views.Signals))
async def list_signals(
    cell: UUID, page: Annotated[bodies.SignalPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """Newest first, without texts and person: those are read one by one."""
    asked = pb.ListSignalsRequest(page_size=page.page_size, cursor=page.cursor)
    found = await caller.ask(caller.services.signal.ListSignals, asked, cell)
    return answers.page(views.Signals.model_validate(found), found.next_cursor, request)


@router.get("/signals/{signal}", **reading("read_signal", "Read a signal", views.Signal))
async def read_signal(cell: UUID, signal: UUID, caller: SignedIn) -> Response:
    """The signal as its readers see it; for everyone else there is none."""
    found = await caller.ask(caller.services.signal.ReadSignal, pb.ReadSignalRequest(signal_id=str(signal)), cell)
    return answers.one(views.Signal.model_validate(found), found.version)


@router.post("/cases", **creation("propose_case", "Propose a case", changes=True))
async def propose_case(cell: UUID, body: bodies.ProposeCase, key: Key, if_match: IfMatch, caller: SignedIn) -> Response:
    """The coordinator makes a case of a signal. If-Match is the ETag of that signal."""
    asked = body.message(pb.ProposeCaseRequest, expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.case.ProposeCase, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/cases/{receipt.id}")


@router.get("/cases", **listing("list_cases", "The cases I may see", views.Cases))
async def list_cases(
    cell: UUID, page: Annotated[bodies.CasePage, Query()], caller: SignedIn, request: Request
) -> Response:
    """Frames, newest first: no person and no free text."""
    asked = pb.ListCasesRequest(page_size=page.page_size, cursor=page.cursor, state=page.state)
    found = await caller.ask(caller.services.case.ListCases, asked, cell)
    return answers.page(views.Cases.model_validate(found), found.next_cursor, request)


@router.get("/cases/{case}", **reading("read_case", "Read a case", views.Case))
async def read_case(cell: UUID, case: UUID, caller: SignedIn) -> Response:
    """The case with the parts the caller may read; for whoever may read none, there is none."""
    found = await caller.ask(caller.services.case.ReadCase, pb.ReadCaseRequest(case_id=str(case)), cell)
    return answers.one(views.Case.model_validate(found), found.frame.version)


@router.post("/cases/{case}/list", **change("place_on_list", "Place a case on the list"))
async def place_on_list(
    cell: UUID, case: UUID, body: bodies.PlaceOnList, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The act of the mayor of the case's town, or of a dated delegate."""
    asked = body.message(pb.PlaceOnListRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    return answers.changed(await caller.ask(caller.services.case.PlaceOnList, asked, cell, key))


@router.post("/cases/{case}/refuse", **change("refuse_case", "Refuse a case"))
async def refuse_case(
    cell: UUID, case: UUID, body: bodies.RefuseCase, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The mayor of the case's town, or a dated delegate, keeps it off the list, with reasons."""
    asked = body.message(pb.RefuseCaseRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    return answers.changed(await caller.ask(caller.services.case.RefuseCase, asked, cell, key))


@router.post("/cases/{case}/circle", **creation("invite_to_circle", "Invite somebody to a case", changes=True))
async def invite_to_circle(
    cell: UUID, case: UUID, body: bodies.InviteToCircle, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator lets a person see some parts of this case, until a date."""
    asked = body.message(pb.InviteToCircleRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.circle.InviteToCircle, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/cases/{case}")


@router.post("/cases/{case}/contributions", **creation("write_contribution", "Write a contribution"))
async def write_contribution(
    cell: UUID, case: UUID, body: bodies.WriteContribution, key: Key, caller: SignedIn
) -> Response:
    """A private draft, readable by its author alone."""
    asked = body.message(pb.WriteContributionRequest, case_id=str(case))
    receipt = await caller.ask(caller.services.contribution.WriteContribution, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/contributions/{receipt.id}")


@router.post("/cases/{case}/decline", **creation("decline_contribution", "Have nothing to share"))
async def decline_contribution(
    cell: UUID, case: UUID, key: Key, caller: SignedIn, body: bodies.Nothing | None = None
) -> Response:
    """Until the case's next session; asks for no reason and is shown to nobody else. The receipt is the case's."""
    asked = pb.DeclineContributionRequest(case_id=str(case))
    receipt = await caller.ask(caller.services.contribution.DeclineContribution, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/cases/{case}")


@router.post("/contributions/{contribution}/revise", **change("revise_contribution", "Write a draft anew"))
async def revise_contribution(
    cell: UUID, contribution: UUID, body: bodies.ReviseContribution, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The author replaces what is not shared yet; what was weighed must be weighed again."""
    asked = body.message(
        pb.ReviseContributionRequest, contribution_id=str(contribution),
        expected_version=answers.version_of(if_match),
    )  # fmt: skip
    return answers.changed(await caller.ask(caller.services.contribution.ReviseContribution, asked, cell, key))


@router.post("/contributions/{contribution}/assess", **change("assess_contribution", "Weigh the sharing"))
async def assess_contribution(
    cell: UUID, contribution: UUID, body: bodies.AssessContribution, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The author answers the four questions: PRIVATE to ASSESSED."""
    asked = body.message(
        pb.AssessContributionRequest, contribution_id=str(contribution),
        expected_version=answers.version_of(if_match),
    )  # fmt: skip
    return answers.changed(await caller.ask(caller.services.contribution.AssessContribution, asked, cell, key))


@router.post("/contributions/{contribution}/share", **change("share_contribution", "Share a contribution"))
async def share_contribution(
    cell: UUID, contribution: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: bodies.Nothing | None = None
) -> Response:
    """ASSESSED to SHARED: the circle reads it from now on."""
    asked = pb.ShareContributionRequest(
        contribution_id=str(contribution), expected_version=answers.version_of(if_match)
    )
    return answers.changed(await caller.ask(caller.services.contribution.ShareContribution, asked, cell, key))


@router.get("/waiting", **reading("list_waiting", "What waits for me", views.WaitingList, etag=False))
async def list_waiting(cell: UUID, caller: SignedIn) -> Response:
    """What waits for the caller in this cell, the most pressing first, at most 50; no person and no free text."""
    found = await caller.ask(caller.services.case.ListWaiting, pb.ListWaitingRequest(), cell)
    return answers.one(views.WaitingList.model_validate(found))
