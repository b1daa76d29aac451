"""The operations of signal. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import case as models
from services.portal.api.operations import Key, creation, listing, reading
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
