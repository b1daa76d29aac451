"""The operations of rules. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/cells/{cell}/rules", **creation("draft_rules", "Put rules of a cell before the mayor"))
async def draft_rules(cell: UUID, body: models.DraftRules, key: Key, caller: SignedIn) -> Response:
    """The coordinator puts a text before the mayor: PROPOSED. What waits of the same kind is REPLACED by it."""
    asked = body.message(pb.DraftRulesRequest)
    receipt = await caller.ask(caller.services.rules.DraftRules, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/rules/{receipt.id}")


@router.post(
    "/cells/{cell}/rules/upload", **change("upload_rules", "Hand in rules of a cell as a PDF", versioned=False)
)
async def upload_rules(cell: UUID, body: models.UploadRules, key: Key, caller: SignedIn) -> Response:
    """The coordinator hands in a PDF of at most 10 MiB in parts of 512 KiB, in any order, each under a key of its own.
    The receipt of the last part to come is that of the rules, put before the mayor as by DraftRules; of each before it
    the upload's (RECEIVED). What is not whole after a day is forgotten."""
    asked = body.message(pb.UploadRulesRequest)
    receipt = await caller.ask(caller.services.rules.UploadRules, asked, cell, key)
    return answers.changed(receipt)


@router.get(
    "/cells/{cell}/rules/{rules}/file",
    **reading("read_rules_file", "Rules of a cell, their PDF", models.RulesFile, etag=False),
)
async def read_rules_file(
    cell: UUID, rules: UUID, page: Annotated[models.ReadRulesFileQuery, Query()], caller: SignedIn
) -> Response:
    """A part of the PDF of a version, for whoever may read that."""
    asked = page.message(pb.ReadRulesFileRequest, rules_id=str(rules))
    found = await caller.ask(caller.services.rules.ReadRulesFile, asked, cell)
    return answers.one(models.RulesFile.model_validate(found))


@router.post("/cells/{cell}/rules/{rules}/decide", **change("decide_rules", "Decide on rules of a cell"))
async def decide_rules(
    cell: UUID, rules: UUID, body: models.DecideRules, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The mayor says from which day on it is in force (DECIDED), or sends it back with a reason (SENT_BACK). A new
    undertaking asks everybody anew within 30 days of its first day."""
    asked = body.message(pb.DecideRulesRequest, rules_id=str(rules), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.rules.DecideRules, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/rules/{rules}/accept", **change("accept_rules", "Accept rules of a cell"))
async def accept_rules(
    cell: UUID, rules: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """Somebody accepts internal rules, or the cooperation protocol for the organisations represented here; in force or
    to come. Once: what a colleague accepted for the organisation is accepted. An undertaking is accepted by
    AcceptUndertaking."""
    asked = pb.AcceptRulesRequest(rules_id=str(rules), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.rules.AcceptRules, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/rules", **listing("list_rules", "The rules of a cell", models.Rules))
async def list_rules(
    cell: UUID, page: Annotated[models.ListRulesPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """The versions of the cell's own texts, newest first; those that were not decided for coordinator and mayor
    alone."""
    asked = page.message(pb.ListRulesRequest)
    found = await caller.ask(caller.services.rules.ListRules, asked, cell)
    return answers.page(models.Rules.model_validate(found), found.next_cursor, request)


@router.get(
    "/cells/{cell}/rules/{rules}", **reading("read_rules", "Rules of a cell, with their text", models.RulesText)
)
async def read_rules(cell: UUID, rules: UUID, caller: SignedIn) -> Response:
    """One version with its text, the one before it, and who has accepted: for coordinator and mayor everybody, for
    others themselves and the organisations they represent."""
    asked = pb.ReadRulesRequest(rules_id=str(rules))
    found = await caller.ask(caller.services.rules.ReadRules, asked, cell)
    return answers.one(models.RulesText.model_validate(found), found.version)
