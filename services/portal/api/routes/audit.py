"""The log of a cell."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.audit.v1 import audit_pb2 as pb
from services.portal.api import answers
from services.portal.api.models import audit as models
from services.portal.api.operations import listing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["audit"])


@router.get("/cells/{cell}/audit", **listing("search_audit", "Who did what in this cell", models.Entries))
async def search_audit(
    cell: UUID, page: Annotated[models.AuditPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """For the cell's DPO and for oversight, newest first. The search itself is an entry of the log."""
    asked = pb.SearchAuditRequest(**page.model_dump(by_alias=True))
    found = await caller.ask(caller.services.audit.SearchAudit, asked, cell)
    return answers.page(models.Entries.model_validate(found), found.next_cursor, request)
