"""The operations of signal. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import case as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["case"])


@router.post("/cells/{cell}/signals", **creation("enter_signal", "Enter a signal"))
async def enter_signal(cell: UUID, body: models.EnterSignal, key: Key, caller: SignedIn) -> Response:
    """Anyone with a mandate in the cell tells of a concern. The reporter reads the own text, the coordinator all of
    it."""
    asked = body.message(pb.EnterSignalRequest)
    receipt = await caller.ask(caller.services.signal.EnterSignal, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/signals/{receipt.id}")


@router.get("/cells/{cell}/signals/{signal}", **reading("read_signal", "Read a signal", models.Signal))
async def read_signal(cell: UUID, signal: UUID, caller: SignedIn) -> Response:
    """The signal as its readers see it; for everyone else there is none."""
    asked = pb.ReadSignalRequest(signal_id=str(signal))
    found = await caller.ask(caller.services.signal.ReadSignal, asked, cell)
    return answers.one(models.Signal.model_validate(found), found.version)


@router.get("/cells/{cell}/signals", **listing("list_signals", "The signals I may read", models.Signals))
async def list_signals(
    cell: UUID, page: Annotated[models.ListSignalsPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """The signals the caller may read, newest first, without texts and person: those are read one by one."""
    asked = page.message(pb.ListSignalsRequest)
    found = await caller.ask(caller.services.signal.ListSignals, asked, cell)
    return answers.page(models.Signals.model_validate(found), found.next_cursor, request)


@router.post(
    "/cells/{cell}/signals/{signal}/check",
    **creation("start_check", "Start the preliminary check of a signal", changes=True),
)
async def start_check(
    cell: UUID, signal: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The coordinator asks the police whether anything stands against it: RECEIVED to UNDER_CHECK. From now on and
    until it is decided, the police seat of that town reads whom it is about, and nothing of what was told. They have a
    term to answer."""
    asked = pb.StartCheckRequest(signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.StartCheck, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/signals/{signal}/check")


@router.post("/cells/{cell}/signals/{signal}/check/answer", **change("answer_check", "Answer a preliminary check"))
async def answer_check(
    cell: UUID, signal: UUID, body: models.AnswerCheck, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The police seat answers: no objection, or hold until a day at most three months ahead. The last answer counts,
    and may be given anew until it is decided what comes of the signal. A hold shows to coordinator and mayor alone; for
    all others there is no answer yet. The version to expect (If-Match) is that of the check."""
    asked = body.message(pb.AnswerCheckRequest, signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.AnswerCheck, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/signals/{signal}/check", **reading("read_check", "Read a preliminary check", models.Check))
async def read_check(cell: UUID, signal: UUID, caller: SignedIn) -> Response:
    """How the check of a signal stands: to coordinator and mayor of its town, and to the police seat until it is
    decided what comes of the signal. Who reads the person besides has `person`."""
    asked = pb.ReadCheckRequest(signal_id=str(signal))
    found = await caller.ask(caller.services.signal.ReadCheck, asked, cell)
    return answers.one(models.Check.model_validate(found), found.version)


@router.post("/cells/{cell}/signals/{signal}/dismiss", **change("dismiss_signal", "Do not retain a signal"))
async def dismiss_signal(
    cell: UUID, signal: UUID, body: models.DismissSignal, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator says that it is nothing for the table: RECEIVED or UNDER_CHECK to NOT_RETAINED. Why is kept for
    coordinators alone; `told` is what the reporter reads. A check ends, whatever the police answered. The signal is
    gone after its term."""
    asked = body.message(pb.DismissSignalRequest, signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.DismissSignal, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/signals/{signal}/redirect", **change("redirect_signal", "Refer a signal to other help"))
async def redirect_signal(
    cell: UUID, signal: UUID, body: models.RedirectSignal, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator refers the reporter to other help: RECEIVED or UNDER_CHECK to REDIRECTED. The reporter reads to
    which kind, and the advice. Otherwise as DismissSignal."""
    asked = body.message(pb.RedirectSignalRequest, signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.RedirectSignal, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/signals/{signal}/withdraw", **change("withdraw_signal", "Withdraw a signal"))
async def withdraw_signal(
    cell: UUID, signal: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The reporter takes it back while nobody worked on it: RECEIVED to WITHDRAWN. The coordinator reads nothing of it
    any more, and it is gone after its term."""
    asked = pb.WithdrawSignalRequest(signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.WithdrawSignal, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/signals/{signal}/reconsider", **change("reconsider_signal", "Take back what was said of a signal")
)
async def reconsider_signal(
    cell: UUID, signal: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The coordinator takes back what was said of it, for 24 hours: NOT_RETAINED or REDIRECTED to where it stood, its
    check and a hold included. What was written of it is erased."""
    asked = pb.ReconsiderSignalRequest(signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.ReconsiderSignal, asked, cell, key)
    return answers.changed(receipt)


@router.get(
    "/cells/{cell}/signals/{signal}/possible-matches",
    **reading("list_possible_matches", "Signals perhaps about the same person", models.PossibleMatches, etag=False),
)
async def list_possible_matches(cell: UUID, signal: UUID, caller: SignedIn) -> Response:
    """For the coordinator: which other signals of the own towns are perhaps about the same person, by folded names and
    the birth. Found or not, with no measure of how likely; it may be chance. Each signal that was compared stands in
    the record."""
    asked = pb.ListPossibleMatchesRequest(signal_id=str(signal))
    found = await caller.ask(caller.services.signal.ListPossibleMatches, asked, cell)
    return answers.one(models.PossibleMatches.model_validate(found))


@router.post("/cells/{cell}/signals/{signal}/ask", **change("ask_reporter", "Ask who told a signal something"))
async def ask_reporter(
    cell: UUID, signal: UUID, body: models.AskReporter, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator asks who told it something, while it is RECEIVED or UNDER_CHECK, whether the police answered or
    not. From then on it is not withdrawn any more. It is read as part of the signal, and never changed."""
    asked = body.message(pb.AskReporterRequest, signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.AskReporter, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/signals/{signal}/add", **change("add_to_signal", "Answer a question about a signal, or add to it")
)
async def add_to_signal(
    cell: UUID, signal: UUID, body: models.AddToSignal, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Whoever told it answers a question of the coordinator, or adds something, while it is RECEIVED or UNDER_CHECK. It
    is read as part of the signal, and never changed."""
    asked = body.message(pb.AddToSignalRequest, signal_id=str(signal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.signal.AddToSignal, asked, cell, key)
    return answers.changed(receipt)
