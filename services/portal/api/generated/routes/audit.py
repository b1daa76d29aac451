"""The operations of audit. Made by `make proto` from proto/rondetafel/audit/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.audit.v1 import audit_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import audit as models
from services.portal.api.operations import listing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["audit"])


@router.get("/cells/{cell}/audit", **listing("search_audit", "Who did what in this cell", models.Entries))
async def search_audit(
    cell: UUID, page: Annotated[models.SearchAuditPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """Entries of the addressed cell's log, newest first; for the cell's DPO and for oversight. The search itself is an
    entry."""
    asked = page.message(pb.SearchAuditRequest)
    found = await caller.ask(caller.services.audit.SearchAudit, asked, cell)
    return answers.page(models.Entries.model_validate(found), found.next_cursor, request)
